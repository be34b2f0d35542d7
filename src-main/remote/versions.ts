import type { Backend, ObjectDetail } from '../backends/backend.ts';
import type { LeafEntry, Version } from '../core/entry.ts';
import { PLACE_ERRORS, SyncError } from '../core/errors.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { NewHasher } from '../platform/clock.ts';
import { inParallel } from './in-parallel.ts';
import { CONTROL_PREFIX, LONG_VERSIONS_PREFIX, VERSIONS_PREFIX } from './keys.ts';
import { readMeta } from './metadata.ts';
import { moveText } from './move-record.ts';
import type { KeptVersions, VersionRule } from './remote-tree.ts';
import { beyondRule, type Kept } from './retention.ts';
import { bodyOf } from './small-body.ts';
import { type KeptKind, nativeName, parseVersionKey, revisionOf, versionFolder, versionKey } from './version-name.ts';

/** Kept versions removed at once. */
const AT_ONCE = 8;

/** Keeps what `object` holds under the versions before it is replaced or removed. Null when it is another version by now; else what the replacing call must be told. */
export async function keepVersion(
  backend: Backend,
  newHasher: NewHasher,
  object: ObjectDetail,
  toMs: number,
  options: { readonly signal?: AbortSignal },
): Promise<{ readonly keepAs?: string } | null> {
  const to = await nameFor(backend, newHasher, { key: object.key, object, kind: 'content', toMs }, options);
  if (backend.capabilities.keepsReplaced) return { keepAs: to };
  const result = await backend.copy({ key: object.key, version: object.version }, to, { condition: { kind: 'absent' }, ...options });
  if (result.kind === 'done') return {};
  // The name holds the object's own revision: if it is there, it was kept by an earlier try whose answer was lost.
  return (await backend.stat(to, options)) === null ? null : {};
}

/** The names under which this very version is kept. */
export async function* keptAs(
  backend: Backend,
  newHasher: NewHasher,
  { key, version }: { readonly key: string; readonly version: Version },
  options: { readonly signal?: AbortSignal },
): AsyncGenerator<string> {
  for await (const info of backend.list(versionFolder(key, newHasher).folder, options)) {
    const name = parseVersionKey(info.key);
    if (name?.kind === 'content' && name.revision === revisionOf(version)) yield info.key;
  }
}

/** Writes down that `object` got another name, under which its content lives on. */
export async function keepMove(
  backend: Backend,
  newHasher: NewHasher,
  { object, entry, to, toMs }: { readonly object: ObjectDetail; readonly entry: LeafEntry; readonly to: RelPath; readonly toMs: number },
  options: { readonly signal?: AbortSignal },
): Promise<void> {
  const key = await nameFor(backend, newHasher, { key: object.key, object, kind: 'moved', toMs }, options);
  const { mtimeNs, mode } = readMeta(object);
  const was = entry.kind === 'file' ? { ...entry, mtimeNs, mode } : entry;
  await backend.put(key, bodyOf(Buffer.from(moveText(to, was))), { condition: { kind: 'absent' }, meta: {}, ...options });
}

/** Writes down that the folder of this marker was there and goes. */
export async function keepFolder(backend: Backend, newHasher: NewHasher, marker: ObjectDetail, toMs: number, options: { readonly signal?: AbortSignal }): Promise<void> {
  const key = await nameFor(backend, newHasher, { key: marker.key.slice(0, -1), object: marker, kind: 'folder', toMs }, options);
  await backend.put(key, bodyOf(new Uint8Array(0)), { condition: { kind: 'absent' }, meta: {}, ...options });
}

interface Past {
  /** The key whose past it is. */
  readonly key: string;
  readonly object: ObjectDetail;
  readonly kind: KeptKind;
  readonly toMs: number;
}

/** Where it is kept; the folder of a long path gets the object that tells the path. */
async function nameFor(backend: Backend, newHasher: NewHasher, { key, object, kind, toMs }: Past, options: { readonly signal?: AbortSignal }): Promise<string> {
  const { folder, isLong } = versionFolder(key, newHasher);
  if (isLong) await backend.put(`${folder}key`, bodyOf(Buffer.from(key)), { condition: { kind: 'absent' }, meta: {}, ...options });
  const { storedAtMs: fromMs, version } = object;
  return versionKey({ folder, kind, fromMs, toMs: Math.max(toMs, fromMs), revision: revisionOf(version), afterMs: kind === 'folder' ? null : readMeta(object).afterMs });
}

/** One that cannot be removed must not keep the others. */
function ignoreOfOneObject(error: unknown): void {
  if (!(error instanceof SyncError) || PLACE_ERRORS.includes(error.code)) throw error;
}

/** Removes kept versions and records beyond the rule (retention.ts), by `nowMs`, which is the store's time (C44). A name that does not read as a version's is left alone. Says what stays. Several devices may sweep at
 * once: what each removes is named by its listing, and only while it still is that. */
export async function sweepVersions(
  { backend, newHasher }: { readonly backend: Backend; readonly newHasher: NewHasher },
  rule: VersionRule,
  nowMs: number,
  options: { readonly signal?: AbortSignal },
): Promise<KeptVersions> {
  const kept: Kept[] = [];
  const native = await nativeVersions(backend, newHasher, options);
  for (const prefix of [VERSIONS_PREFIX, LONG_VERSIONS_PREFIX]) {
    for await (const info of backend.list(prefix, options)) {
      const name = parseVersionKey(info.key);
      if (name !== null) kept.push({ key: info.key, version: info.version, bytes: info.size ?? info.storedBytes ?? 0, name });
    }
  }
  const byRule = rule.prunesStore === true ? [...kept, ...native] : kept;
  const doomed = withoutHoles(beyondRule(byRule, rule, nowMs), native);
  await inParallel([...doomed], AT_ONCE, async (one) => {
    const { key, version } = one;
    // A stale answer: somebody is at work on it, and the next sweep looks again.
    const going: Promise<unknown> | undefined = native.has(one) ? backend.forget?.(key, version, options) : backend.delete(key, { version, ...options });
    await going?.catch(ignoreOfOneObject);
  });
  const left = [...kept, ...native].filter((one) => !doomed.has(one) && one.name.kind === 'content');
  return { count: left.length, bytes: left.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** Of what the store itself keeps only the oldest of a path go: when each ended is told by the one after it. */
function withoutHoles(doomed: ReadonlySet<Kept>, native: ReadonlySet<Kept>): ReadonlySet<Kept> {
  const stays = new Map<string, number>();
  for (const one of native) {
    const { folder, fromMs } = one.name;
    if (!doomed.has(one)) stays.set(folder, Math.min(fromMs, stays.get(folder) ?? fromMs));
  }
  return new Set([...doomed].filter((one) => !native.has(one) || one.name.fromMs < (stays.get(one.name.folder) ?? Number.POSITIVE_INFINITY)));
}

/** What the store itself keeps of users' files, as versions under names of ours; their sizes as the store bills them. */
async function nativeVersions(backend: Backend, newHasher: NewHasher, options: { readonly signal?: AbortSignal }): Promise<ReadonlySet<Kept>> {
  const found = new Set<Kept>();
  for await (const past of backend.listPast?.('', { skip: CONTROL_PREFIX, ...options }) ?? []) {
    const name = nativeName(past, versionFolder(past.key.replace(/\/$/, ''), newHasher).folder);
    if (name !== null) found.add({ key: past.key, version: past.version, bytes: past.storedBytes, name });
  }
  return found;
}
