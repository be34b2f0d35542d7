import { SyncError } from '../../../core/errors.ts';
import type { CallOptions } from '../../backend.ts';
import type { ListCall, ListedObject, ListPage, Part, S3Version, VersionsCall, VersionsPage } from '../s3-api.ts';
import type { RequestKind } from '../s3-config.ts';
import type { Call } from './call.ts';
import { decodeListed, unquote } from './encode.ts';
import { errorOf, type Store } from './store.ts';
import { childrenOf, textOf, type XmlNode } from './xml.ts';

/** Codes of an upload that is gone, where no other key is spoken of; NoSuchKey is Ceph's. */
export const NO_UPLOAD: readonly string[] = ['NoSuchUpload', 'NoSuchKey'];

/** Names in XML cannot hold every character: encoded they can. */
const ENCODED = { 'encoding-type': 'url' } as const;

export async function list(store: Store, prefix: string, { startAfter, continuation, most = 1000, signal }: ListCall = {}): Promise<ListPage> {
  const wanted = store.prefix + prefix;
  const query = {
    ...ENCODED,
    'list-type': '2',
    prefix: wanted,
    'max-keys': `${most}`,
    ...(startAfter === undefined ? {} : { 'start-after': store.prefix + startAfter }),
    ...(continuation === undefined ? {} : { 'continuation-token': continuation }),
  };
  const root = await ask(store, { query, action: 's3:ListBucket', key: null, signal, root: 'ListBucketResult' });
  const decode = namesOf(root);
  checkIsAbout(store, root, { bucket: 'Name', prefix: wanted }, decode);
  const objects = childrenOf(root, 'Contents').map((node) => listed(store, node, wanted, decode));
  const next = nextOf(root, 'NextContinuationToken');
  if (next !== null && next === continuation) throw incoherent('a page of the listing comes again and again');
  return { objects, continuation: next };
}

function listed(store: Store, node: XmlNode, wanted: string, decode: (text: string) => string): ListedObject {
  const key = keyIn(store, node, wanted, decode);
  return { key, size: numberIn(node, 'Size'), etag: unquote(textOf(node, 'ETag') ?? ''), lastModifiedMs: timeIn(node, 'LastModified') };
}

export async function listParts(store: Store, key: string, uploadId: string, { signal }: CallOptions = {}): Promise<readonly Part[] | null> {
  const parts: Part[] = [];
  for (let marker = '0'; ; ) {
    const query = { uploadId, 'max-parts': '1000', 'part-number-marker': marker };
    const root = await ask(store, { query, action: 's3:ListMultipartUploadParts', key: store.prefix + key, signal, root: 'ListPartsResult', absent: NO_UPLOAD });
    if (root === null) return null;
    if ((textOf(root, 'UploadId') ?? uploadId) !== uploadId) throw incoherent('the list of parts is that of another upload');
    for (const node of childrenOf(root, 'Part')) parts.push({ number: numberIn(node, 'PartNumber'), etag: unquote(textOf(node, 'ETag') ?? ''), size: numberIn(node, 'Size') });
    const next = nextOf(root, 'NextPartNumberMarker');
    if (next === null) return parts;
    if (Number(next) <= Number(marker)) throw incoherent('a page of parts comes again and again');
    marker = next;
  }
}

export async function listUploads(
  store: Store,
  prefix: string,
  { signal }: CallOptions = {},
): Promise<readonly { readonly key: string; readonly uploadId: string; readonly startedAtMs: number }[]> {
  const wanted = store.prefix + prefix;
  const uploads: { key: string; uploadId: string; startedAtMs: number }[] = [];
  for (let marker: Readonly<Record<string, string>> = {}; ; ) {
    // Not encoded: Ceph encodes the keys then, but neither says so nor encodes the markers.
    const query = { uploads: '', prefix: wanted, 'max-uploads': '1000', ...marker };
    const root = await ask(store, { query, action: 's3:ListBucketMultipartUploads', key: null, signal, root: 'ListMultipartUploadsResult' });
    const decode = namesOf(root);
    checkIsAbout(store, root, { bucket: 'Bucket', prefix: wanted }, decode);
    for (const node of childrenOf(root, 'Upload')) {
      uploads.push({ key: keyIn(store, node, wanted, decode), uploadId: textIn(node, 'UploadId'), startedAtMs: timeIn(node, 'Initiated') });
    }
    const next = nextOf(root, 'NextKeyMarker');
    if (next === null) return uploads;
    marker = nextMarker(marker, { 'key-marker': decode(next), 'upload-id-marker': textOf(root, 'NextUploadIdMarker') ?? '' });
  }
}

/** Newest first, as S3 gives them. Those of longer names follow: the prefix is the key, which sorts before them. */
export async function versions(store: Store, key: string, most: number, { signal }: CallOptions = {}): Promise<readonly S3Version[]> {
  const wanted = store.prefix + key;
  const found: S3Version[] = [];
  for (let marker: Readonly<Record<string, string>> = {}; ; ) {
    const query = { ...ENCODED, versions: '', prefix: wanted, 'max-keys': `${Math.min(1000, most - found.length)}`, ...marker };
    const root = await ask(store, { query, action: 's3:ListBucketVersions', key: null, signal, root: 'ListVersionsResult' });
    const decode = namesOf(root);
    checkIsAbout(store, root, { bucket: 'Name', prefix: wanted }, decode);
    const rows = root.children.filter(({ name }) => name === 'Version' || name === 'DeleteMarker');
    const ofKey = rows.filter((node) => keyIn(store, node, wanted, decode) === key);
    found.push(...ofKey.map(versionIn));
    const next = nextOf(root, 'NextKeyMarker');
    if (next === null || found.length >= most || ofKey.length < rows.length) return found.slice(0, most);
    // All rows so far are of this key: the marker need not be taken from the answer, which stores encode differently.
    marker = nextMarker(marker, { 'key-marker': wanted, 'version-id-marker': found.at(-1)?.versionId ?? '' });
  }
}

/** The markers are made of the last row, not taken from the answer: stores encode those differently. */
export async function listVersions(store: Store, prefix: string, { after, most = 1000, signal }: VersionsCall = {}): Promise<VersionsPage> {
  const wanted = store.prefix + prefix;
  const marker = after === undefined ? {} : { 'key-marker': store.prefix + after.key, ...(after.versionId === undefined ? {} : { 'version-id-marker': after.versionId }) };
  const query = { ...ENCODED, versions: '', prefix: wanted, 'max-keys': `${most}`, ...marker };
  const root = await ask(store, { query, action: 's3:ListBucketVersions', key: null, signal, root: 'ListVersionsResult' });
  const decode = namesOf(root);
  checkIsAbout(store, root, { bucket: 'Name', prefix: wanted }, decode);
  const rows = root.children.filter(({ name }) => name === 'Version' || name === 'DeleteMarker');
  const found = rows.map((node) => ({ key: keyIn(store, node, wanted, decode), ...versionIn(node) }));
  const isLast = nextOf(root, 'NextKeyMarker') === null;
  const last = found.at(-1);
  if (!isLast && (last === undefined || (last.key === after?.key && last.versionId === after.versionId))) throw incoherent('a page of the listing comes again and again');
  return { versions: found, isLast };
}

function versionIn(node: XmlNode): S3Version {
  const isDeleteMarker = node.name === 'DeleteMarker';
  return {
    versionId: textIn(node, 'VersionId'),
    isDeleteMarker,
    isLatest: textOf(node, 'IsLatest')?.trim() === 'true',
    etag: isDeleteMarker ? '' : unquote(textOf(node, 'ETag') ?? ''),
    size: isDeleteMarker ? 0 : numberIn(node, 'Size'),
    lastModifiedMs: timeIn(node, 'LastModified'),
  };
}

interface Question {
  readonly query: Readonly<Record<string, string>>;
  readonly action: string;
  readonly key: string | null;
  readonly signal: AbortSignal | undefined;
  readonly root: string;
  /** Default: `list`. */
  readonly kind?: RequestKind;
}

/** @returns null only for the codes `absent` */
export async function ask(store: Store, question: Question): Promise<XmlNode>;
export async function ask(store: Store, question: Question & { readonly absent: readonly string[] }): Promise<XmlNode | null>;
export async function ask(store: Store, { root, absent = [], ...rest }: Question & { readonly absent?: readonly string[] }): Promise<XmlNode | null> {
  const call: Call = { kind: 'list', method: 'GET', proof: { root }, ...rest };
  const reply = await store.retries.read(call);
  if (reply.kind === 'ok' && reply.xml !== null) return reply.xml;
  if (reply.kind === 'fault' && absent.includes(reply.code)) return null;
  if (reply.kind === 'fault') throw errorOf(store, reply, call);
  throw incoherent('the listing is no XML');
}

/** How names are to be read: only where the answer says that they are encoded they are. */
function namesOf(root: XmlNode): (text: string) => string {
  if (textOf(root, 'EncodingType')?.trim() !== 'url') return (text) => text;
  return (text) => {
    try {
      return decodeListed(text);
    } catch (error) {
      throw incoherent('the listing holds a name that cannot be decoded', error);
    }
  };
}

/** A listing of something else, such as another request's from a cache, must not be taken for this one (I8). Aliases of access points answer with the bucket's own name. */
function checkIsAbout({ bucket }: Store, root: XmlNode, wanted: { readonly bucket: 'Name' | 'Bucket'; readonly prefix: string }, decode: (text: string) => string): void {
  const name = textOf(root, wanted.bucket)?.trim();
  const prefix = textOf(root, 'Prefix') ?? '';
  const isBucket = name === undefined || name === bucket || bucket.endsWith('-s3alias') || bucket.startsWith('arn:');
  if (!isBucket) throw incoherent(`the listing is that of the bucket ${name}`);
  if (prefix !== wanted.prefix && decode(prefix) !== wanted.prefix) throw incoherent('the listing is that of another folder');
}

/** The marker of the page after this one, or null for the last. @throws when the answer does not say which it is */
function nextOf(root: XmlNode, marker: string): string | null {
  const isTruncated = textOf(root, 'IsTruncated')?.trim();
  if (isTruncated === 'false') return null;
  const next = textOf(root, marker);
  if (isTruncated !== 'true' || next === undefined || next === '') throw incoherent('the listing does not say how it goes on');
  return next;
}

function nextMarker(old: Readonly<Record<string, string>>, next: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (Object.entries(next).every(([name, value]) => old[name] === value)) throw incoherent('a page of the listing comes again and again');
  return Object.fromEntries(Object.entries(next).filter(([, value]) => value !== ''));
}

/** Without the vault's prefix. */
function keyIn(store: Store, node: XmlNode, wanted: string, decode: (text: string) => string): string {
  const key = decode(textIn(node, 'Key'));
  if (!key.startsWith(wanted)) throw incoherent('the listing holds keys that were not asked for');
  return key.slice(store.prefix.length);
}

function textIn(node: XmlNode, name: string): string {
  const text = textOf(node, name);
  if (text === undefined || text === '') throw incoherent(`the listing lacks ${name}`);
  return text;
}

function numberIn(node: XmlNode, name: string): number {
  const text = textIn(node, name).trim();
  if (!/^\d{1,15}$/.test(text)) throw incoherent(`${name} in the listing is no number`);
  return Number(text);
}

function timeIn(node: XmlNode, name: string): number {
  const ms = Date.parse(textIn(node, name));
  if (Number.isNaN(ms)) throw incoherent(`${name} in the listing is no time`);
  return ms;
}

function incoherent(what: string, cause?: unknown): SyncError {
  return new SyncError('unreachable', `what came is no listing of this bucket: ${what}`, { cause, hint: 'It is asked again; check proxies and caches on the way.' });
}
