import type { Backend, ObjectInfo } from '../backends/backend.ts';
import type { Version } from '../core/entry.ts';
import { hasCode } from '../core/errors.ts';
import { VERSIONS_PREFIX } from './keys.ts';
import type { VersionRule } from './remote-tree.ts';

const DAY_MS = 86_400_000;
const NAME = /^(\d{13})~(\d{13})~([A-Za-z0-9_-]{1,64})$/;

/** A kept version's place: `<path>/<valid from>~<valid to>~<revision>`, both times in ms by the store's own clock (docs/format.md). */
export function versionKey(key: string, fromMs: number, toMs: number, revision: string): string {
  return `${VERSIONS_PREFIX}${key}/${time(fromMs)}~${time(toMs)}~${revision}`;
}

/** Keeps what `key` holds now under the versions. `stale` when it is another version by now. A key too long to be kept beside its times is kept under a shorter one by its caller's choice: it is refused here. */
export async function keepVersion(backend: Backend, object: ObjectInfo, toMs: number, revision: string, signal?: AbortSignal): Promise<'done' | 'stale'> {
  const to = versionKey(object.key, object.storedAtMs, toMs, revision);
  const result = await backend.copy({ key: object.key, version: object.version }, to, { condition: { kind: 'absent' }, ...(signal === undefined ? {} : { signal }) });
  if (result.kind === 'done') return 'done';
  // The name holds the object's own revision: if it is there, it was kept by an earlier try whose answer was lost.
  return (await backend.stat(to, signal === undefined ? {} : { signal })) === null ? 'stale' : 'done';
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
        if (!hasCode(error, 'not-found')) throw error;
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
