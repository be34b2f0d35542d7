import type { Backend, ObjectInfo } from '../backends/backend.ts';
import type { Version } from '../core/entry.ts';
import { PLACE_ERRORS, SyncError } from '../core/errors.ts';
import { CONTROL_FOLDER } from '../core/rel-path.ts';
import type { NewHasher } from '../platform/clock.ts';
import { VERSIONS_PREFIX } from './keys.ts';
import type { VersionRule } from './remote-tree.ts';

/** As backends have it (key-rules.ts), and S3. */
const MAX_KEY_BYTES = 1024;
const DAY_MS = 86_400_000;
const NAME = /^(\d{13})~(\d{13})~([A-Za-z0-9_-]{1,64})$/;

/** What follows a version folder in a key: two times, a revision and their marks. */
const LONGEST_NAME = '/'.length + 13 + 1 + 13 + 1 + 64;
const LONG_PREFIX = `${VERSIONS_PREFIX}${CONTROL_FOLDER}/long/`;

/** The folder of a key's versions. A key so long that nothing fits after it has its folder under its hash, with the key in a small object `path` beside the versions; no path is below `.file-sync`, so the two kinds never meet. */
export function versionFolder(key: string, newHasher: NewHasher): string {
  if (Buffer.byteLength(VERSIONS_PREFIX + key) + LONGEST_NAME <= MAX_KEY_BYTES) return `${VERSIONS_PREFIX}${key}`;
  const hasher = newHasher();
  hasher.update(Buffer.from(key));
  return `${LONG_PREFIX}${hasher.digest()}`;
}

/** {@link versionFolder}, with its `path` object in place where it needs one. */
export async function versionPlace(backend: Backend, key: string, newHasher: NewHasher, signal?: AbortSignal): Promise<string> {
  const folder = versionFolder(key, newHasher);
  if (folder.startsWith(LONG_PREFIX)) {
    const bytes = Buffer.from(key);
    const body = {
      size: bytes.length,
      open: async function* () {
        yield bytes;
      },
    };
    await backend.put(`${folder}/path`, body, { condition: { kind: 'absent' }, meta: {}, ...(signal === undefined ? {} : { signal }) });
  }
  return folder;
}

/** A kept version's place: `<folder>/<valid from>~<valid to>~<revision>`, both times in ms by the store's own clock (docs/format.md). */
export function versionKey(folder: string, fromMs: number, toMs: number, revision: string): string {
  return `${folder}/${time(fromMs)}~${time(Math.max(fromMs, toMs))}~${revision}`;
}

/** Keeps what `object` says under `keepAs`, by a copy. `stale` when it is another version by now. */
export async function keepVersion(backend: Backend, object: ObjectInfo, keepAs: string, signal?: AbortSignal): Promise<'done' | 'stale'> {
  const result = await backend.copy({ key: object.key, version: object.version }, keepAs, { condition: { kind: 'absent' }, ...(signal === undefined ? {} : { signal }) });
  if (result.kind === 'done') return 'done';
  // The name holds the object's own revision: if it is there, it was kept by an earlier try whose answer was lost.
  return (await backend.stat(keepAs, signal === undefined ? {} : { signal })) === null ? 'stale' : 'done';
}

/** Removes kept versions beyond the rule: more than `keep` of one path, or ended more than `days` ago. The newest of a path stays until its days are over. */
export async function sweepVersions(backend: Backend, rule: VersionRule, nowMs: number, signal?: AbortSignal): Promise<void> {
  const options = signal === undefined ? {} : { signal };
  const byPath = new Map<string, { readonly info: ObjectInfo; readonly endedAt: number }[]>();
  for await (const info of backend.list(VERSIONS_PREFIX, options)) {
    const cut = info.key.lastIndexOf('/');
    const parts = NAME.exec(info.key.slice(cut + 1));
    if (parts === null) continue;
    const path = info.key.slice(0, cut);
    const list = byPath.get(path) ?? [];
    byPath.set(path, list);
    list.push({ info, endedAt: Number(parts[2]) });
  }
  for (const list of byPath.values()) {
    list.sort((a, b) => b.endedAt - a.endedAt);
    for (const [rank, { info, endedAt }] of list.entries()) {
      if (rank < rule.keep && endedAt > nowMs - rule.days * DAY_MS) continue;
      try {
        await backend.delete(info.key, { version: info.version, ...options });
      } catch (error) {
        // One that cannot be removed must not keep the others.
        if (!(error instanceof SyncError) || PLACE_ERRORS.includes(error.code)) throw error;
      }
    }
  }
}

function time(ms: number): string {
  return String(Math.max(0, Math.round(ms))).padStart(13, '0');
}

/** A version token as a file name may hold it. */
export function revisionOf(version: Version): string {
  return version.replace(/[^A-Za-z0-9_-]/g, '_').slice(-64);
}
