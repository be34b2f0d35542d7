import type { Notes } from '../../core/notes.ts';
import type { Bandwidth } from '../../platform/bandwidth.ts';
import type { Clock, NewHasher, Random } from '../../platform/clock.ts';
import { md5Hasher } from '../../platform/node-hash.ts';
import type { Backend } from '../backend.ts';
import { openCredentials } from './http/credentials.ts';
import { openHttpApi } from './http/http-api.ts';
import { KnownWays } from './known-ways.ts';
import { LargeUploads } from './multipart/large-uploads.ts';
import { S3Backend } from './s3-backend.ts';
import type { S3Config } from './s3-config.ts';

export interface S3Ports {
  readonly clock: Clock;
  readonly random: Random;
  readonly newHasher: NewHasher;
  readonly bandwidth: Bandwidth;
  readonly notes: Notes;
  /** Unique among all engines that use the bucket. */
  readonly client: string;
  /** Of the process: credentials of the AWS SDK's chain, proxies. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A bucket over HTTP. Nothing is sent before the first call. */
export async function openS3Backend(config: S3Config, ports: S3Ports): Promise<Backend> {
  const api = await openHttpApi(config, { ...ports, credentials: openCredentials(config.credentials, ports.env) });
  const ways = await KnownWays.load({ ...ports, api });
  const large = new LargeUploads({ ...ports, api, newMd5: md5Hasher });
  return new S3Backend({ ...ports, api, ways, large });
}
