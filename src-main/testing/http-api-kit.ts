import { openCredentials } from '../backends/s3/http/credentials.ts';
import { type HttpPorts, openHttpApi } from '../backends/s3/http/http-api.ts';
import type { S3Api } from '../backends/s3/s3-api.ts';
import type { S3Config } from '../backends/s3/s3-config.ts';
import { Secret } from '../core/secret.ts';
import { UNLIMITED } from '../platform/bandwidth.ts';
import type { Random } from '../platform/clock.ts';
import { nodeClock } from '../platform/node-clock.ts';
import { TEST_CREDENTIAL } from './s3-server/s3-server.ts';
import { BUCKET } from './s3-server/server-per-test.ts';

/** Retries do not wait. */
const AT_ONCE: Random = { id: () => '0123456789abcdef', fraction: () => 0 };

/** A vault on a server of a test. */
export function testConfig(server: { readonly endpoint: string; readonly region: string }, changes: Partial<S3Config> = {}): S3Config {
  return {
    kind: 's3',
    bucket: BUCKET,
    prefix: 'vault/',
    endpoint: server.endpoint,
    region: server.region,
    forcePathStyle: null,
    credentials: { kind: 'keys', accessKeyId: TEST_CREDENTIAL.accessKeyId, secretAccessKey: new Secret(TEST_CREDENTIAL.secretAccessKey), sessionToken: null },
    proxy: null,
    caFile: null,
    ...changes,
  };
}

/** Our own client of it, without waits between retries. */
export function openTestApi(config: S3Config, changes: Partial<HttpPorts> = {}): Promise<S3Api> {
  return openHttpApi(config, testPorts(config, changes));
}

export function testPorts({ credentials }: S3Config, changes: Partial<HttpPorts> = {}): HttpPorts {
  return { clock: nodeClock, random: AT_ONCE, bandwidth: UNLIMITED, credentials: openCredentials(credentials, {}), env: {}, ...changes };
}

export function bodyOf(content: string | Uint8Array): { readonly size: number; open(): AsyncIterable<Uint8Array> } {
  const bytes = Buffer.from(content);
  return {
    size: bytes.length,
    open: async function* () {
      yield bytes;
    },
  };
}

export async function textOfBody(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const found: Uint8Array[] = [];
  for await (const chunk of chunks) found.push(chunk);
  return Buffer.concat(found).toString();
}
