import type { Backend, ObjectDetail, ObjectInfo } from '../backends/backend.ts';
import type { Entry, Hash, ProblemReason, Remote } from '../core/entry.ts';
import { SyncError } from '../core/errors.ts';
import type { NewHasher } from '../platform/clock.ts';
import { fileEntry, readMeta } from './metadata.ts';
import type { RemoteScanRequest } from './remote-tree.ts';

/** Link text longer than this is no link (Linux PATH_MAX). */
export const MAX_LINK_BYTES = 4096;
/** An object that is replaced each time we begin to read it is left for the next scan. */
const TRIES = 3;

/** `gone` only when the store says that there is no such object: whatever else keeps us from knowing is a problem, never an absence (I8). */
export type Examined =
  | { readonly kind: 'found'; readonly remote: Remote }
  | { readonly kind: 'gone' }
  | { readonly kind: 'problem'; readonly reason: ProblemReason; readonly error: SyncError };

/** Faults of one object; any other error is one of the place and passes through. */
const OF_ONE_OBJECT: Readonly<Partial<Record<SyncError['code'], ProblemReason>>> = {
  'no-permission': 'unreadable',
  io: 'unreadable',
  'not-supported': 'unreadable',
  'not-found': 'changing',
  busy: 'changing',
  corrupt: 'corrupt',
  'name-not-allowed': 'name-not-allowed',
  'name-too-long': 'name-too-long',
};

/** Asks about one object; reads it whole where no hash is recorded or `rehash` is set. */
export async function examine(
  backend: Backend,
  newHasher: NewHasher,
  info: ObjectInfo | { readonly key: string; readonly meta?: undefined },
  request: Pick<RemoteScanRequest, 'signal' | 'rehash'>,
): Promise<Examined> {
  const options = request.signal === undefined ? {} : { signal: request.signal };
  try {
    let detail = info.meta === undefined ? await backend.stat(info.key, options) : (info as ObjectDetail);
    for (let tries = 0; tries < TRIES; tries++) {
      if (detail === null) return { kind: 'gone' };
      const remote = await read(backend, newHasher, detail, request);
      if (remote !== null) return { kind: 'found', remote };
      detail = await backend.stat(info.key, options);
    }
    throw new SyncError('busy', `${info.key} changes faster than it can be read`, { path: info.key });
  } catch (error) {
    const reason = error instanceof SyncError ? OF_ONE_OBJECT[error.code] : undefined;
    if (reason === undefined) throw error;
    return { kind: 'problem', reason, error: error as SyncError };
  }
}

/** Null when it is another version by now. */
async function read(backend: Backend, newHasher: NewHasher, detail: ObjectDetail, { signal, rehash }: Pick<RemoteScanRequest, 'signal' | 'rehash'>): Promise<Remote | null> {
  const described = readMeta(detail);
  const tail = { version: detail.version, op: described.op, device: described.device, storedAtMs: detail.storedAtMs };
  if (detail.key.endsWith('/')) return { entry: { kind: 'folder' }, ...tail };
  if (!described.isLink && described.hash !== null && !rehash) return { entry: fileEntry(detail.size, described, described.hash), ...tail };
  if (described.isLink && detail.size > MAX_LINK_BYTES) throw new SyncError('corrupt', `${detail.key} says it is a link, and is too long for one`, { path: detail.key });
  const body = await backend.get(detail.key, { ifMatch: detail.version, ...(signal === undefined ? {} : { signal }) });
  if (body === null) return null;
  const entry: Entry = described.isLink
    ? { kind: 'symlink', target: await readText(body.chunks, MAX_LINK_BYTES) }
    : fileEntry(detail.size, described, await hashOf(body.chunks, detail, newHasher));
  return { entry, ...tail };
}

async function hashOf(chunks: AsyncIterable<Uint8Array>, { key, size }: ObjectDetail, newHasher: NewHasher): Promise<Hash> {
  const hasher = newHasher();
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    hasher.update(chunk);
  }
  if (length !== size) throw new SyncError('corrupt', `${key} should have ${size} bytes, and ${length} came`, { path: key });
  return hasher.digest() as Hash;
}

/** Small text; what claims to be more than `limit` bytes is not read on (C66). */
export async function readText(chunks: AsyncIterable<Uint8Array>, limit: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > limit) throw new SyncError('corrupt', `the text is longer than ${limit} bytes`);
    parts.push(chunk);
  }
  return Buffer.concat(parts).toString('utf8');
}
