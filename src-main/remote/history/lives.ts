import type { ObjectInfo } from '../../backends/backend.ts';
import type { RelPath } from '../../core/rel-path.ts';
import { revisionOf, type VersionName } from '../version-name.ts';
import type { Life } from './past.ts';

/** Everything a listing tells of one path. */
export interface PathHistory {
  readonly path: RelPath;
  /** The file or link there now. */
  live: Found | null;
  /** The folder marker there now. */
  marker: Found | null;
  readonly kept: KeptObject[];
}
/** What is held of an object in memory. */
export interface Found extends Pick<ObjectInfo, 'key' | 'version' | 'size' | 'storedAtMs'> {
  /** Left out: the listing did not tell. */
  readonly afterMs?: number | null;
}
export interface KeptObject extends Pick<ObjectInfo, 'key' | 'version' | 'size' | 'place'> {
  readonly name: VersionName;
  /** The store itself keeps it, under the file's own key. What it replaced, where its name does not tell, stands in its metadata. */
  readonly isNative?: boolean;
}

/**
 * The contents of a path, oldest first. Where the name of one tells which it replaced, the chain is exact: it began when the other ended. `liveAfterMs`: when what the live object replaced had been stored.
 */
export function livesFrom({ path, live, kept }: PathHistory, liveAfterMs: number | null): readonly Life[] {
  const spans = distinct(kept, live).map((one) => spanOf(path, one));
  if (live !== null) spans.push(liveSpan(path, live, liveAfterMs));
  spans.sort((a, b) => a.fromMs - b.fromMs || (a.toMs ?? Number.POSITIVE_INFINITY) - (b.toMs ?? Number.POSITIVE_INFINITY));
  return spans.map((span, i) => lifeOf(span, spans[i - 1], spans[i + 1]));
}

interface Span extends Pick<Life, 'path' | 'kind' | 'at' | 'size' | 'fromMs' | 'id' | 'isNative'> {
  readonly toMs: number | null;
  readonly afterMs: number | null;
}

/** One object kept twice counts once: its content before a record of its move, the later end before the earlier. What is still there was not replaced after all, whatever was written down before somebody tried. */
function distinct(kept: readonly KeptObject[], live: Found | null): readonly KeptObject[] {
  const byIdentity = new Map<string, KeptObject>();
  for (const one of kept) {
    if (one.name.kind === 'folder') continue;
    const identity = `${one.name.fromMs}~${one.name.revision}`;
    if (live !== null && identity === `${live.storedAtMs}~${revisionOf(live.version)}`) continue;
    const other = byIdentity.get(identity);
    if (other === undefined || isBetter(one.name, other.name)) byIdentity.set(identity, other === undefined ? one : withAfter(one, other));
    else byIdentity.set(identity, withAfter(other, one));
  }
  return [...byIdentity.values()];
}

/** A copy of ours and the store's own version are one: what either knows counts. */
function withAfter(one: KeptObject, { name: { afterMs } }: KeptObject): KeptObject {
  return one.name.afterMs !== null || afterMs === null ? one : { ...one, name: { ...one.name, afterMs } };
}

function isBetter(a: VersionName, b: VersionName): boolean {
  return a.kind === b.kind ? a.toMs > b.toMs : a.kind === 'content';
}

function spanOf(path: RelPath, { key, version, size, name, isNative = false }: KeptObject): Span {
  const { fromMs, toMs, afterMs, revision } = name;
  return {
    path,
    kind: name.kind === 'moved' ? 'moved' : 'content',
    at: { key, version },
    size: name.kind === 'moved' ? null : size,
    fromMs,
    toMs,
    afterMs,
    id: `${fromMs}~${revision}`,
    ...(isNative ? { isNative } : {}),
  };
}

function liveSpan(path: RelPath, { key, version, size, storedAtMs }: Found, afterMs: number | null): Span {
  return { path, kind: 'live', at: { key, version }, size, fromMs: storedAtMs, toMs: null, afterMs, id: `${storedAtMs}~${revisionOf(version)}` };
}

function lifeOf({ toMs, afterMs: _, ...span }: Span & { readonly afterMs: number | null }, previous: Span | undefined, next: Span | undefined): Life {
  const before = beforeOf(_, previous);
  if (span.kind === 'live') return { ...span, untilMs: null, ended: 'is-there', before };
  const after = next === undefined ? 'nothing' : beforeOf(next.afterMs, { ...span, toMs, afterMs: _ });
  if (after === 'life') return { ...span, untilMs: next?.fromMs ?? toMs, ended: 'replaced', before };
  const ended = after !== 'nothing' ? 'unknown' : span.kind === 'moved' ? 'moved' : 'removed';
  return { ...span, untilMs: toMs, ended, before };
}

function beforeOf(afterMs: number | null, previous: Span | undefined): Life['before'] {
  if (afterMs === null) return 'unknown';
  if (afterMs === 0) return 'nothing';
  return previous?.fromMs === afterMs ? 'life' : 'expired';
}

/** What a path held at an instant. */
export type Moment = { readonly kind: 'nothing' } | { readonly kind: 'life'; readonly life: Life; readonly sure: boolean } | { readonly kind: 'expired' };

export function momentOf(lives: readonly Life[], atMs: number): Moment {
  const next = lives.findIndex((life) => life.fromMs > atMs);
  const last = lives[(next < 0 ? lives.length : next) - 1];
  if (last !== undefined && (last.untilMs === null || atMs < last.untilMs)) return { kind: 'life', life: last, sure: true };
  const following = next < 0 ? undefined : lives[next];
  switch (following?.before) {
    case undefined:
    case 'nothing':
    case 'life':
      return { kind: 'nothing' };
    case 'expired':
      return { kind: 'expired' };
    case 'unknown': {
      const candidate = last ?? following;
      return { kind: 'life', life: candidate, sure: false };
    }
  }
}

/** Whether it takes a look at the live object's metadata to tell that instant. */
export function needsLiveAfter({ live, kept }: PathHistory, atMs: number): boolean {
  if (live === null || live.afterMs !== undefined || live.storedAtMs <= atMs) return false;
  const ended = distinct(kept, live).reduce((latest, { name }) => Math.max(latest, name.toMs), 0);
  return atMs >= ended;
}

/** The store's own oldest version, where it takes a look at its metadata to tell that instant: what was there before it. */
export function needsOldestAfter({ kept }: PathHistory, atMs: number): KeptObject | null {
  return kept.find(({ isNative = false, name }) => isNative && name.kind === 'content' && name.afterMs === null && name.fromMs > atMs) ?? null;
}

/** Whether the folder had a marker at that instant. */
export function hadMarker({ marker, kept }: PathHistory, atMs: number): boolean {
  if (marker !== null && marker.storedAtMs <= atMs) return true;
  // A record of a marker that is still there tells of a removal that came to nothing.
  return kept.some(({ name }) => name.kind === 'folder' && name.fromMs <= atMs && (atMs < name.toMs || (marker !== null && marker.storedAtMs <= name.toMs)));
}
