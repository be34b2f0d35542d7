import type { BackendConfig } from '../backends/catalog.ts';
import type { S3Config } from '../backends/s3/s3-config.ts';
import { Secret } from '../core/secret.ts';
import type { StoredKeys } from '../keychain/stored-keys.ts';
import type { BackendSetup } from './engine-protocol.ts';

/** An S3Config as it crosses from the main thread to the engine thread, where a `Secret` would not survive. Never written, never logged, never sent to a window. */
export interface S3Setup extends Omit<S3Config, 'credentials'> {
  readonly credentials: SetupCredentials;
}
export type SetupCredentials =
  | { readonly kind: 'chain' }
  | { readonly kind: 'profile'; readonly name: string }
  | { readonly kind: 'keys'; readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken: string | null };

/** For the message to the engine thread and nothing else. */
export function revealKeys({ accessKeyId, secretAccessKey, sessionToken }: StoredKeys): SetupCredentials {
  return { kind: 'keys', accessKeyId, secretAccessKey: secretAccessKey.reveal(), sessionToken: sessionToken?.reveal() ?? null };
}

/** The configuration on the engine's side. */
export function s3Config({ credentials, ...place }: S3Setup): S3Config {
  if (credentials.kind !== 'keys') return { ...place, credentials };
  const { kind, accessKeyId, secretAccessKey, sessionToken } = credentials;
  return { ...place, credentials: { kind, accessKeyId, secretAccessKey: new Secret(secretAccessKey), sessionToken: sessionToken === null ? null : new Secret(sessionToken) } };
}

export function backendConfig(backend: BackendSetup): BackendConfig {
  return backend.kind === 's3' ? s3Config(backend) : backend;
}
