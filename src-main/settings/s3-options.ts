import type { z } from 'zod';
import type { CredentialSource, S3Config } from '../backends/s3/s3-config.ts';
import { SyncError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import { accessKeyId, bucket, endpoint, prefix, profile, proxy, region } from './s3-values.ts';

/** What a program says of a bucket, before it is checked. */
export interface S3Options {
  readonly bucket: string;
  /** Folder within the bucket; left out: the whole bucket. */
  readonly prefix?: string;
  /** Left out: Amazon S3 of `region`. */
  readonly endpoint?: string;
  readonly region?: string;
  readonly forcePathStyle?: boolean;
  /** Keys, or the name of a profile of ~/.aws; left out: as other AWS tools find them (environment, ~/.aws, roles). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string } | { readonly profile: string };
  readonly proxy?: string;
  /** A PEM file with certificates to trust beside the system's. */
  readonly caFile?: string;
}

/** A configuration out of a program's options, by the rules of the settings file. Throws `config` and names the option, never its value. */
export function checkedS3(options: S3Options): S3Config {
  const check = <T>(name: string, rule: z.ZodType<T, string>, text: string): T => {
    const result = rule.safeParse(text);
    if (result.success) return result.data;
    throw new SyncError('config', `${name} ${result.error.issues[0]?.message ?? 'is malformed'}`, { hint: 'docs/s3.md describes every option.' });
  };
  const optional = <T>(name: string, rule: z.ZodType<T, string>, text: string | undefined): T | null => (text === undefined || text === '' ? null : check(name, rule, text));
  return {
    kind: 's3',
    bucket: check('bucket', bucket, options.bucket),
    prefix: check('prefix', prefix, options.prefix ?? ''),
    endpoint: optional('endpoint', endpoint, options.endpoint),
    region: optional('region', region, options.region),
    forcePathStyle: options.forcePathStyle ?? null,
    credentials: credentialSource(options.credentials, check),
    proxy: optional('proxy', proxy, options.proxy),
    caFile: options.caFile ?? null,
  };
}

function credentialSource(given: S3Options['credentials'], check: <T>(name: string, rule: z.ZodType<T, string>, text: string) => T): CredentialSource {
  if (given === undefined) return { kind: 'chain' };
  if ('profile' in given) return { kind: 'profile', name: check('profile', profile, given.profile) };
  if (given.secretAccessKey === '') throw new SyncError('config', 'secretAccessKey is empty', { hint: 'Give both keys, or leave out credentials.' });
  return {
    kind: 'keys',
    accessKeyId: check('accessKeyId', accessKeyId, given.accessKeyId),
    secretAccessKey: new Secret(given.secretAccessKey),
    sessionToken: given.sessionToken === undefined ? null : new Secret(given.sessionToken),
  };
}
