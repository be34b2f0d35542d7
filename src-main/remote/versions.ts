import type { Backend, ObjectInfo } from '../backends/backend.ts';
import { PLACE_ERRORS, SyncError } from '../core/errors.ts';
import type { NewHasher } from '../platform/clock.ts';
import { LONG_VERSIONS_PREFIX, VERSIONS_PREFIX } from './keys.ts';
import type { VersionRule } from './remote-tree.ts';
import { bodyOf } from './small-body.ts';
import { parseVersionKey, revisionOf, type VersionName, versionFolder, versionKey } from './version-name.ts';

const DAY_MS = 86_400_000;
/** Kept versions removed at once. */
const AT_ONCE = 8;

/** Keeps what `object` holds under the versions before it is replaced or removed. Null when it is another version by now; else what the replacing call must be told. */
export async function keepVersion(
  backend: Backend,
  newHasher: NewHasher,
  object: ObjectInfo,
  toMs: number,
  options: { readonly signal?: AbortSignal },
): Promise<{ readonly keepAs?: string } | null> {
  const { folder, isLong } = versionFolder(object.key, newHasher);
  const to = versionKey({ folder, fromMs: object.storedAtMs, toMs: Math.max(toMs, object.storedAtMs), revision: revisionOf(object.version) });
  if (isLong) await backend.put(`${folder}key`, bodyOf(Buffer.from(object.key)), { condition: { kind: 'absent' }, meta: {}, ...options });
  if (backend.capabilities.keepsReplaced) return { keepAs: to };
  const result = await backend.copy({ key: object.key, version: object.version }, to, { condition: { kind: 'absent' }, ...options });
  if (result.kind === 'done') return {};
  // The name holds the object's own revision: if it is there, it was kept by an earlier try whose answer was lost.
  return (await backend.stat(to, options)) === null ? null : {};
}

/** One that cannot be removed must not keep the others. */
function ignoreOfOneObject(error: unknown): void {
  if (!(error instanceof SyncError) || PLACE_ERRORS.includes(error.code)) throw error;
}

/** Removes kept versions beyond the rule: more than `keep` of one object, or ended more than `days` before `nowMs`, which is the store's time (C44). Of each object the newest stays, unless
 * `keep` is 0. A name that does not read as a version's is left alone. */
export async function sweepVersions(backend: Backend, rule: VersionRule, nowMs: number, options: { readonly signal?: AbortSignal }): Promise<void> {
  const doomed: ObjectInfo[] = [];
  for (const prefix of [VERSIONS_PREFIX, LONG_VERSIONS_PREFIX]) {
    const byObject = new Map<string, Kept[]>();
    for await (const info of backend.list(prefix, options)) {
      const name = parseVersionKey(info.key);
      if (name === null) continue;
      const list = byObject.get(name.folder);
      if (list === undefined) byObject.set(name.folder, [{ info, name }]);
      else list.push({ info, name });
    }
    for (const list of byObject.values()) doomed.push(...beyond(list, rule, nowMs));
  }
  let next = 0;
  const lane = async (): Promise<void> => {
    // A stale answer: somebody is at work on it, and the next sweep looks again.
    for (let info = doomed[next++]; info !== undefined; info = doomed[next++]) {
      await backend.delete(info.key, { version: info.version, ...options }).catch(ignoreOfOneObject);
    }
  };
  for (const result of await Promise.allSettled(Array.from({ length: AT_ONCE }, lane))) if (result.status === 'rejected') throw result.reason;
}

interface Kept {
  readonly info: ObjectInfo;
  readonly name: VersionName;
}

function beyond(list: readonly Kept[], { keep, days }: VersionRule, nowMs: number): readonly ObjectInfo[] {
  const newestFirst = [...list].sort((a, b) => b.name.toMs - a.name.toMs || b.name.fromMs - a.name.fromMs || (a.info.key < b.info.key ? -1 : 1));
  const seen = new Set<string>();
  let rank = 0;
  return newestFirst.flatMap(({ info, name }) => {
    // One version kept twice (a lost answer, a lost race) counts once, and the later copy stays.
    const identity = `${name.fromMs}~${name.revision}`;
    if (seen.has(identity)) return [info];
    seen.add(identity);
    const isNewest = rank === 0;
    const tooMany = rank++ >= keep;
    const tooOld = name.toMs < nowMs - days * DAY_MS;
    return tooMany || (tooOld && !isNewest) ? [info] : [];
  });
}
