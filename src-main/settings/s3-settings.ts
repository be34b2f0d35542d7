import type { CredentialSource, S3Config } from '../backends/s3/s3-config.ts';
import type { Secret } from '../core/secret.ts';
import type { Values, VariableName } from './variables.ts';

/** The other side of a pair, as the settings name it. */
export type BackendConfig = { readonly kind: 'local'; readonly folder: string } | S3Config;

/** What else would name the other kind of place: it is refused, because one of the two must be meant. */
export function strayPlace(type: 'local' | 's3', isGiven: (name: VariableName) => boolean): string | null {
  if (type === 's3') return isGiven('BACKUP_DIR') ? 'BACKUP_DIR is for BACKEND_TYPE=local; with s3 the place is S3_BUCKET and S3_PREFIX: remove one of the two' : null;
  const stray = (['S3_BUCKET', 'S3_PREFIX', 'S3_ENDPOINT', 'S3_KEYCHAIN'] as const).find(isGiven);
  return stray === undefined ? null : `${stray} needs BACKEND_TYPE=s3; with local the place is BACKUP_DIR: set BACKEND_TYPE, or remove ${stray}`;
}

/** Faults of the credentials taken together. They come from one place: two of them would leave open which is meant. */
export function credentialFaults(isGiven: (name: VariableName) => boolean): readonly string[] {
  const faults: string[] = [];
  const [id, key, token] = (['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] as const).map(isGiven);
  if (id !== key) faults.push(`${id ? 'AWS_SECRET_ACCESS_KEY' : 'AWS_ACCESS_KEY_ID'} is not set: the two keys belong together`);
  if (token && !id && !key) faults.push('AWS_SESSION_TOKEN is set without the keys it belongs to');
  const places = [id || key ? 'AWS_ACCESS_KEY_ID' : '', isGiven('AWS_PROFILE') ? 'AWS_PROFILE' : '', isGiven('S3_KEYCHAIN') ? 'S3_KEYCHAIN' : ''].filter((name) => name !== '');
  if (places.length > 1) faults.push(`${places.join(' and ')} each name credentials: leave one of them`);
  return faults;
}

export function s3Config(set: Values, bucket: string, caFile: string | null): S3Config {
  return {
    kind: 's3',
    bucket,
    prefix: set.S3_PREFIX ?? '',
    endpoint: set.S3_ENDPOINT ?? null,
    region: set.AWS_REGION ?? null,
    forcePathStyle: set.S3_FORCE_PATH_STYLE ?? null,
    credentials: credentialSource(set),
    proxy: set.S3_PROXY ?? null,
    caFile,
  };
}

function credentialSource({ S3_KEYCHAIN, AWS_PROFILE, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN }: Values): CredentialSource {
  if (S3_KEYCHAIN !== undefined) return { kind: 'keychain', account: S3_KEYCHAIN };
  if (AWS_ACCESS_KEY_ID !== undefined && AWS_SECRET_ACCESS_KEY !== undefined) return keys(AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN);
  return AWS_PROFILE === undefined ? { kind: 'chain' } : { kind: 'profile', name: AWS_PROFILE };
}

function keys(accessKeyId: string, secretAccessKey: Secret, sessionToken: Secret | undefined): CredentialSource {
  return { kind: 'keys', accessKeyId, secretAccessKey, sessionToken: sessionToken ?? null };
}

/** What is allowed and had better be known. */
export function backendWarnings(backend: BackendConfig): readonly string[] {
  if (backend.kind !== 's3' || backend.endpoint === null) return [];
  const { protocol, hostname } = new URL(backend.endpoint);
  if (protocol === 'https:' || /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)) return [];
  return [`S3_ENDPOINT is http: everyone on the way to ${hostname} can read and change your files; use https`];
}

/** Where credentials come from, in words and without them. */
export function credentialWords(credentials: CredentialSource): string {
  switch (credentials.kind) {
    case 'chain':
      return 'the environment, ~/.aws or this machine’s role, as other AWS tools find them';
    case 'profile':
      return `profile ${credentials.name} of ~/.aws`;
    case 'keys':
      return 'keys in the settings';
    case 'keychain':
      return `the system's keychain, account ${credentials.account}`;
  }
}

/** What may be shown and written of a place. */
export function backendDocument(backend: BackendConfig): object {
  if (backend.kind === 'local') return { kind: 'local', folder: backend.folder };
  const { credentials, ...place } = backend;
  return { ...place, credentials: credentials.kind };
}
