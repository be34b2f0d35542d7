import { SyncError } from '../../../core/errors.ts';
import type { CredentialSource } from '../s3-config.ts';
import type { AccessKeys } from './sigv4.ts';

/** Gives the keys to sign with. */
export interface Credentials {
  /** Fresh for some minutes more. @throws SyncError `refused` when there are none */
  current(): Promise<AccessKeys>;
  /** Others than `old`, which the store no longer takes; null when there can be none. */
  renew(old: AccessKeys): Promise<AccessKeys | null>;
  /** The region that goes with them; null where nothing says it. */
  region(): Promise<string | null>;
}

type Env = Readonly<Record<string, string | undefined>>;

export function openCredentials(source: CredentialSource, env: Env): Credentials {
  switch (source.kind) {
    case 'keys': {
      const keys = { accessKeyId: source.accessKeyId, secretAccessKey: source.secretAccessKey.reveal(), sessionToken: source.sessionToken?.reveal() ?? null };
      return { current: async () => keys, renew: async () => null, region: async () => regionOf(env) };
    }
    case 'chain':
      return fromChain(undefined, env);
    case 'profile':
      return fromChain(source.name, env);
    case 'keychain':
      throw new SyncError('internal', 'credentials in the keychain are turned into keys before');
  }
}

function regionOf(env: Env): string | null {
  return env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || null;
}

/** The AWS SDK is loaded when it is first asked, and asks again before keys expire. */
function fromChain(profile: string | undefined, env: Env): Credentials {
  const load = once(async () => {
    const { S3Client } = await import('@aws-sdk/client-s3');
    return new S3Client(profile === undefined ? {} : { profile }).config;
  });
  const get = async (forceRefresh: boolean): Promise<AccessKeys> => {
    const config = await load();
    try {
      const { accessKeyId, secretAccessKey, sessionToken } = await config.credentials(forceRefresh ? { forceRefresh } : undefined);
      return { accessKeyId, secretAccessKey, sessionToken: sessionToken ?? null };
    } catch (error) {
      throw missing(profile, error);
    }
  };
  let renewal: Promise<AccessKeys> | null = null;
  return {
    current: () => get(false),
    renew: async (old) => {
      renewal ??= get(true).finally(() => {
        renewal = null;
      });
      const keys = await renewal;
      return keys.accessKeyId === old.accessKeyId && keys.sessionToken === old.sessionToken ? null : keys;
    },
    region: async () => {
      const config = await load();
      return config.region().catch(() => regionOf(env));
    },
  };
}

function missing(profile: string | undefined, cause: unknown): SyncError {
  const hint =
    profile === undefined
      ? 'Set keys, or a profile of ~/.aws, or sign in again (aws sso login).'
      : `Check the profile in ~/.aws, or sign in again (aws sso login --profile ${profile}).`;
  return new SyncError('refused', `there are no AWS credentials${profile === undefined ? '' : ` in the profile ${profile}`}`, { cause, hint });
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make();
    return made;
  };
}
