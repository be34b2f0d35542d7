import { SyncError } from '../../core/errors.ts';
import { type IniSection, parseIniFile } from '../../settings/ini-file.ts';
import type { VariableName } from '../../settings/variables.ts';
import { faultOf } from './config-list.ts';
import { storedKeys } from './import-env.ts';
import type { Imported, ImportNote } from './imported.ts';

/** What a remote may say that has no bearing here. */
const OF_NO_MATTER = [
  'type',
  'provider',
  'acl',
  'bucket_acl',
  'chunk_size',
  'upload_concurrency',
  'upload_cutoff',
  'copy_cutoff',
  'list_chunk',
  'location_constraint',
  'no_check_bucket',
  'description',
];
/** What would make other requests than ours, or objects we could not read. */
const NOT_POSSIBLE: Readonly<Record<string, string>> = {
  v2_auth: 'signatures of version 2 are not supported',
  sse_customer_algorithm: 'objects under a key of the customer (SSE-C) cannot be read',
  sse_customer_key: 'objects under a key of the customer (SSE-C) cannot be read',
  sse_customer_key_base64: 'objects under a key of the customer (SSE-C) cannot be read',
};
const TAKEN = ['env_auth', 'access_key_id', 'secret_access_key', 'session_token', 'region', 'endpoint', 'force_path_style', 'profile'];

/** An S3 remote of rclone.conf: `REMOTE`, or with its place `REMOTE:BUCKET/FOLDER`, as rclone has it. Keys of S3 remotes lie there in the clear. */
export function importRclone(text: string, what: string | undefined): Imported {
  if (/^(?:\s*#.*\n)*\s*RCLONE_ENCRYPT_V\d+:/.test(text))
    throw new SyncError('config', 'this rclone.conf is encrypted', {
      hint: 'Write an open copy for the import (`rclone config show > copy.conf`, then --file copy.conf) and delete it afterwards.',
    });
  const { sections, faults: malformed } = parseIniFile(text);
  const [, name = '', place = ''] = /^([^:]*):?(.*)$/s.exec(what ?? '') ?? [];
  const remote = sections.findLast((section) => section.name === name);
  const buckets = sections.filter(isS3).map((section) => section.name);
  const offer = buckets.length === 0 ? 'There is no S3 remote in it.' : `S3 remotes: ${buckets.join(', ')}.`;
  if (remote === undefined) throw new SyncError('usage', name === '' ? 'which remote?' : `there is no remote ${name} in rclone.conf`, { hint: offer });
  if (!isS3(remote)) throw new SyncError('usage', `the remote ${name} is of the type ${remote.values.get('type')?.value ?? '(none)'}, not s3`, { hint: typeHint(remote, offer) });
  const faults: ImportNote[] = malformed.map(({ line, what: fault }) => ({ line, text: fault }));
  const { values, notes } = valuesOf(remote, place, faults);
  return { values, keys: keysOf(remote, faults), notes, faults };
}

function isS3({ values }: IniSection): boolean {
  return values.get('type')?.value === 's3';
}

function typeHint({ values }: IniSection, offer: string): string {
  return values.get('type')?.value === 'crypt' ? `What rclone encrypted only rclone can read; File Sync encrypts in its own format. ${offer}` : offer;
}

function valuesOf(
  { values: given }: IniSection,
  place: string,
  faults: ImportNote[],
): { readonly values: ReadonlyMap<VariableName, string>; readonly notes: readonly ImportNote[] } {
  const values = new Map<VariableName, string>([['BACKEND_TYPE', 's3']]);
  const notes: ImportNote[] = [];
  const put = (name: VariableName, value: string | undefined, line: number | null): void => {
    if (value === undefined || value === '') return;
    const fault = faultOf(name, value);
    if (fault === null) values.set(name, value);
    else faults.push({ line, text: `${name} ${fault}` });
  };
  const [bucket = '', ...folders] = place.split('/');
  put('S3_BUCKET', bucket, null);
  put('S3_PREFIX', folders.join('/'), null);
  if (bucket === '') notes.push({ line: null, text: 'no bucket was named: REMOTE:BUCKET/FOLDER does, or S3_BUCKET and S3_PREFIX' });
  const endpoint = given.get('endpoint');
  put(
    'S3_ENDPOINT',
    endpoint === undefined || endpoint.value === '' || /^https?:\/\//i.test(endpoint.value) ? endpoint?.value : `https://${endpoint.value}`,
    endpoint?.line ?? null,
  );
  for (const [name, key] of [
    ['AWS_REGION', 'region'],
    ['S3_FORCE_PATH_STYLE', 'force_path_style'],
    ['AWS_PROFILE', 'profile'],
  ] as const)
    put(name, given.get(key)?.value, given.get(key)?.line ?? null);
  for (const [key, { line, value }] of given) {
    const why = NOT_POSSIBLE[key];
    if (why !== undefined && value !== '' && value !== 'false') faults.push({ line, text: `${key}: ${why}` });
    else if (why === undefined && value !== '' && !TAKEN.includes(key) && !OF_NO_MATTER.includes(key)) notes.push({ line, text: `${key} has no counterpart and is left out` });
  }
  return { values, notes };
}

function keysOf({ values, line }: IniSection, faults: ImportNote[]): Imported['keys'] {
  const text = (name: string): string | undefined => values.get(name)?.value || undefined;
  const [id, secret] = [text('access_key_id'), text('secret_access_key')];
  if (text('env_auth') === 'true' || (id === undefined && secret === undefined)) return null;
  if (id !== undefined && secret !== undefined && faultOf('AWS_ACCESS_KEY_ID', id) === null) return storedKeys(id, secret, text('session_token'));
  faults.push({ line: values.get('access_key_id')?.line ?? line, text: 'access_key_id and secret_access_key belong together, and one is not there or malformed' });
  return null;
}
