import type { ContentPreview, DeletedFile, FileHistory, HistoryRange, PastEntry, PastFolder, PastState, VersionView } from '../../src-preload/contract/history.ts';
import type { Listed } from '../../src-preload/contract/model.ts';
import { type LeafEntry, sameContent } from '../core/entry.ts';
import { throwIfAborted } from '../core/errors.ts';
import type { RelPath } from '../core/rel-path.ts';
import { orDamage } from '../engine/restore.ts';
import { momentOf } from '../remote/history/lives.ts';
import type { Life, Past, Resolved } from '../remote/history/past.ts';
import { previewContent } from './preview.ts';

/** What a window shows of a folder or a search at most; the counts are of all. */
const ENTRIES_SHOWN = 5_000;
const DELETED_SHOWN = 500;
/** The range is told in at most so many moments. */
const MOMENTS = 400;
/** Versions told at once. */
const AT_ONCE = 16;
/** Contents compared for one listing, and remembered for the next, at most. */
const COMPARED = 300;
const KNOWN = 20_000;

/** Everything that is kept of one file. */
export async function fileHistory(past: Past, path: RelPath, signal: AbortSignal): Promise<Omit<FileHistory, 'trashed'>> {
  const lives = await past.livesOf(path, signal);
  const versions: VersionView[] = [];
  for (let from = 0; from < lives.length; from += AT_ONCE) {
    throwIfAborted(signal);
    versions.push(...(await Promise.all(lives.slice(from, from + AT_ONCE).map(async (life) => versionView(life, await past.resolveLife(life, signal))))));
  }
  const before = lives[0]?.before ?? 'nothing';
  return { versions: versions.reverse(), earlier: before === 'life' ? 'unknown' : before };
}

function versionView({ id, fromMs, untilMs, ended, size }: Life, found: Resolved | null): VersionView {
  const entry = found?.entry ?? null;
  return {
    id,
    from: fromMs,
    until: untilMs,
    ended,
    kept: found !== null,
    size: entry?.kind === 'file' ? entry.size : size,
    device: found?.device ?? null,
    link: entry?.kind === 'symlink' ? entry.target : null,
  };
}

export async function previewVersion(past: Past, path: RelPath, id: string, signal: AbortSignal): Promise<ContentPreview> {
  const life = (await past.livesOf(path, signal)).find((each) => each.id === id);
  const found = life === undefined ? null : await past.resolveLife(life, signal);
  if (found === null) return { kind: 'none', why: 'unavailable' };
  const { entry, bytes } = found;
  return previewContent({ entry, open: async () => (bytes === null ? null : past.open(bytes, { offset: 0, signal })) });
}

/** When something at or below a folder changed. Moments that lie close together become one, at the last of them, so that the state right after all of it can be asked for. */
export async function historyRange(past: Past, scope: RelPath | null, nowMs: number, signal: AbortSignal): Promise<HistoryRange> {
  const counts = new Map<number, number>();
  let grain = 1;
  const note = (atMs: number | null): void => {
    if (atMs === null) return;
    counts.set(atMs, (counts.get(atMs) ?? 0) + 1);
    while (counts.size > 4 * MOMENTS) grain = coarser(counts, grain);
  };
  for await (const lives of past.lives({ scope, signal })) {
    throwIfAborted(signal);
    for (const life of lives) {
      note(life.fromMs);
      if (life.ended === 'removed' || life.ended === 'moved') note(life.untilMs);
    }
  }
  // Two in one second would bear the same name, and be parts of one run most likely.
  if (grain === 1) grain = coarser(counts, grain);
  while (counts.size > MOMENTS) grain = coarser(counts, grain);
  const moments = [...counts].map(([at, changes]) => ({ at, changes })).sort((a, b) => a.at - b.at);
  return { from: Math.min(moments[0]?.at ?? nowMs, nowMs), to: Math.max(nowMs, moments.at(-1)?.at ?? 0), moments };
}

/** Gathers moments by twice the time, or by seconds at first. */
function coarser(counts: Map<number, number>, grain: number): number {
  const next = grain === 1 ? 1_000 : 2 * grain;
  const latest = new Map<number, readonly [number, number]>();
  for (const [at, changes] of counts) {
    const slot = Math.floor(at / next);
    const [last, sum] = latest.get(slot) ?? [0, 0];
    latest.set(slot, [Math.max(last, at), sum + changes]);
  }
  counts.clear();
  for (const [at, changes] of latest.values()) counts.set(at, changes);
  return next;
}

/** Contents that were asked for, by where they lie: a version there never becomes another. */
export type KnownContents = Map<string, LeafEntry | null>;

/** A folder at an instant beside what it is now (`isLink`: what is there now is one), from listings and, where only they tell two contents apart, from a closer look at so many of them; a restore looks at all. */
export async function pastFolder(
  past: Past,
  folder: RelPath | null,
  atMs: number,
  signal: AbortSignal,
  known: KnownContents = new Map(),
  isLink: (path: RelPath) => boolean = () => false,
): Promise<PastFolder> {
  const counts: Record<PastState, number> = { same: 0, changed: 0, gone: 0, added: 0, lost: 0 };
  const entries = new Map<string, Omit<PastEntry, 'name'>>();
  const prefix = folder === null ? 0 : folder.length + 1;
  const alike: Alike[] = [];
  const take = (path: RelPath, told: Told): void => {
    counts[told.state]++;
    const below = path.slice(prefix);
    const cut = below.indexOf('/');
    const asNow = told.state === 'same' || told.state === 'added';
    if (cut < 0) entries.set(below, { kind: asNow && isLink(path) ? 'link' : 'file', size: told.size, state: told.state, differs: 0 });
    else add(entries, below.slice(0, cut), told);
  };
  for await (const lives of past.lives({ scope: folder, signal })) {
    throwIfAborted(signal);
    const path = lives[0]?.path;
    const told = stateAt(lives, atMs);
    if (path === undefined || path === folder || told === null) continue;
    const { then, now } = told;
    if (told.state === 'changed' && then !== null && now !== null && mayBeAlike(then, now) && alike.length < COMPARED) alike.push({ path, told, then, now });
    else take(path, told);
  }
  for (let from = 0; from < alike.length; from += AT_ONCE) {
    throwIfAborted(signal);
    const some = alike.slice(from, from + AT_ONCE);
    const same = await Promise.all(some.map(({ then, now }) => isSameContent(past, then, now, known, signal)));
    some.forEach(({ path, told }, i) => {
      take(path, same[i] === true ? { ...told, state: 'same' } : told);
    });
  }
  const all = [...entries].map(([name, entry]) => ({ name, ...entry })).sort(byKindAndName);
  return { entries: { items: all.slice(0, ENTRIES_SHOWN), total: all.length }, counts };
}

/** Of what lives on under another name no size is on record. */
function mayBeAlike(then: Life, now: Life): boolean {
  return then.kind === 'moved' || (then.kind === 'content' && then.size === now.size);
}

/** The same size then and now: a restore, say, brought the content of then back. */
interface Alike {
  readonly path: RelPath;
  readonly told: Told;
  readonly then: Life;
  readonly now: Life;
}

async function isSameContent(past: Past, then: Life, now: Life, known: KnownContents, signal: AbortSignal): Promise<boolean> {
  const contentOf = async (life: Life): Promise<LeafEntry | null> => {
    const place = `${life.at.version} ${life.at.key}`;
    const found = known.get(place) ?? (await orDamage(past.resolveLife(life, signal))).found?.entry ?? null;
    if (known.size < KNOWN) known.set(place, found);
    return found;
  };
  const [a, b] = await Promise.all([contentOf(then), contentOf(now)]);
  return a !== null && b !== null && sameContent(a, b);
}

/** One more file below a folder of the list. A folder was there if anything in it was. */
function add(entries: Map<string, Omit<PastEntry, 'name'>>, name: string, { state, size }: Told): void {
  const known = entries.get(name);
  const differs = (known?.differs ?? 0) + (state === 'same' ? 0 : 1);
  const before = known?.kind === 'folder' ? known : null;
  const here = state === 'added' ? 0 : size;
  // Of what is not known a sum says nothing.
  const total = before?.size === null || here === null ? null : (before?.size ?? 0) + here;
  entries.set(name, { kind: 'folder', size: total, state: before === null || before.state === state ? state : joined(before.state, state), differs });
}

function joined(a: PastState, b: PastState): PastState {
  return a === b ? a : 'changed';
}

interface Told {
  readonly state: PastState;
  readonly size: number | null;
  readonly then: Life | null;
  readonly now: Life | null;
}

/** Null: nothing then and nothing now. */
function stateAt(lives: readonly Life[], atMs: number): Told | null {
  const live = lives.find(({ kind }) => kind === 'live') ?? null;
  const moment = momentOf(lives, atMs);
  // What is only known to be there now most likely came later; a restore asks the store.
  const then = moment.kind === 'life' && (moment.sure || moment.life.fromMs <= atMs) ? moment.life : null;
  if (then !== null) return { state: then.kind === 'live' ? 'same' : live === null ? 'gone' : 'changed', size: then.size, then, now: live };
  if (moment.kind === 'expired') return { state: 'lost', size: null, then, now: live };
  return live === null ? null : { state: 'added', size: live.size, then, now: live };
}

function byKindAndName(a: PastEntry, b: PastEntry): number {
  if ((a.kind === 'folder') !== (b.kind === 'folder')) return a.kind === 'folder' ? -1 : 1;
  return a.name < b.name ? -1 : 1;
}

/** Files that are not there any more, the latest first. What was renamed lives on under another name, and is none. */
export async function deletedFiles(past: Past, search: string, signal: AbortSignal): Promise<Listed<DeletedFile>> {
  const found: DeletedFile[] = [];
  let total = 0;
  const wanted = search.toLowerCase();
  for await (const lives of past.lives({ signal })) {
    throwIfAborted(signal);
    const last = lives.at(-1);
    if (last === undefined || last.kind !== 'content' || last.untilMs === null || !last.path.toLowerCase().includes(wanted)) continue;
    total++;
    found.push({ path: last.path, id: last.id, at: last.untilMs, size: last.size });
    if (found.length > 2 * DELETED_SHOWN) latestFirst(found).length = DELETED_SHOWN;
  }
  return { items: latestFirst(found).slice(0, DELETED_SHOWN), total };
}

function latestFirst(files: DeletedFile[]): DeletedFile[] {
  // What went in one minute is told in the order of its names.
  const minute = ({ at }: DeletedFile): number => Math.floor(at / 60_000);
  return files.sort((a, b) => minute(b) - minute(a) || (a.path < b.path ? -1 : 1));
}
