import type { Backend, ObjectDetail, ObjectInfo } from '../backends/backend.ts';
import type { Entry, Hash, ProblemReason, Remote, Version } from '../core/entry.ts';
import { type ErrorCode, type ErrorReason, messageOf, PLACE_ERRORS, SyncError, throwIfAborted } from '../core/errors.ts';
import type { NewHasher } from '../platform/clock.ts';
import { fileEntry, readMeta } from './metadata.ts';
import { readSmall } from './small-body.ts';

/** Link text longer than this is no link (Linux PATH_MAX). */
const MAX_LINK_BYTES = 4096;
/** An object that changes between the question and the reading is asked about again so often. */
const TRIES = 4;

export interface ExamineRequest {
  readonly rehash: boolean;
  /** An older version that the store itself keeps, instead of what is there now. */
  readonly past?: Version;
  readonly signal?: AbortSignal;
}

/** Finds out what one object holds; reads it whole where no hash is recorded or `rehash` is set. Null when the store says it is gone. Throws `corrupt` for a link that is none, `busy` for
 * one that changes all the time. */
export async function examine(backend: Backend, newHasher: NewHasher, info: ObjectInfo | string, request: ExamineRequest): Promise<Remote | null> {
  const { signal, past } = request;
  const options = { ...(signal === undefined ? {} : { signal }), ...(past === undefined ? {} : { past }) };
  const key = typeof info === 'string' ? info : info.key;
  let known = typeof info === 'string' ? null : detailOf(info);
  for (let turn = 0; turn < TRIES; turn++) {
    throwIfAborted(signal);
    const detail = known ?? (await backend.stat(key, options));
    known = null;
    if (detail === null) return null;
    const entry = await entryOf(backend, newHasher, detail, request);
    if (entry === null) continue;
    const { op, device } = readMeta(detail);
    return { entry, version: detail.version, op, device, storedAtMs: detail.storedAtMs };
  }
  throw new SyncError('busy', 'the object changed each time it was read', { path: key });
}

/** What a listing said, where it said all. */
function detailOf({ size, meta, ...info }: ObjectInfo): ObjectDetail | null {
  return size === null || meta === undefined ? null : { ...info, size, meta };
}

/** Null when the object is no longer the version that was asked about. */
async function entryOf(backend: Backend, newHasher: NewHasher, detail: ObjectDetail, { rehash, signal }: ExamineRequest): Promise<Entry | null> {
  if (detail.key.endsWith('/')) return { kind: 'folder' };
  const described = readMeta(detail);
  if (described.isLink && detail.size > MAX_LINK_BYTES) throw notALink(detail.key);
  if (!described.isLink && described.hash !== null && !rehash) return fileEntry(detail.size, described, described.hash);
  const body = await backend.get(detail.key, { ifMatch: detail.version, ...(signal === undefined ? {} : { signal }) });
  if (body === null) return null;
  if (described.isLink) return { kind: 'symlink', target: linkText(await readSmall(body.chunks, MAX_LINK_BYTES), detail.key) };
  return fileEntry(detail.size, described, await hashOf(body.chunks, detail, newHasher));
}

function linkText(bytes: Uint8Array, key: string): string {
  const text = Buffer.from(bytes).toString('utf8');
  if (text === '' || text.includes('\0') || !Buffer.from(text).equals(bytes)) throw notALink(key);
  return text;
}

function notALink(key: string): SyncError {
  return new SyncError('corrupt', 'this object says it is a link and holds no link text', { path: key });
}

async function hashOf(chunks: AsyncIterable<Uint8Array>, { key, size }: ObjectDetail, newHasher: NewHasher): Promise<Hash> {
  const hasher = newHasher();
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    hasher.update(chunk);
  }
  // A body that was cut off must not pass for the object (C52).
  if (length !== size) throw new SyncError('corrupt', `${length} of ${size} bytes came`, { path: key });
  return hasher.digest() as Hash;
}

/** Why one object could not be examined, if that is no reason to give up the whole scan; what concerns the place is thrown on (I8). */
export function problemOf(error: unknown): { readonly reason: ProblemReason; readonly detail: string } {
  if (!(error instanceof SyncError) || NOT_OF_ONE_OBJECT.has(error.code)) throw error;
  const { reason } = error;
  return {
    reason: (reason === undefined ? undefined : OF_AN_OBJECT[reason]) ?? REASONS[error.code] ?? 'failed',
    detail: messageOf(error),
  };
}

const NOT_OF_ONE_OBJECT: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['internal', 'throttled', ...PLACE_ERRORS]);
/** Of a sealed vault's objects (codec/FORMAT.md, "Errors"). */
const OF_AN_OBJECT: Partial<Record<ErrorReason, ProblemReason>> = {
  'not-a-container': 'not-sealed',
  'not-encrypted': 'not-sealed',
  'wrong-key': 'other-key',
  'unknown-epoch': 'other-key',
  'other-vault': 'other-key',
  'wrong-place': 'misplaced',
  'rolled-back': 'rolled-back',
};
const REASONS: Partial<Record<ErrorCode, ProblemReason>> = {
  'no-permission': 'unreadable',
  busy: 'changing',
  corrupt: 'corrupt',
  'name-not-allowed': 'name-not-allowed',
  'name-too-long': 'name-too-long',
};
