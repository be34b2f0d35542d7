import { z } from 'zod';
import { type BaseSnapshot, type Entry, sameContent, sameMode } from '../core/entry.ts';
import type { Notes } from '../core/notes.ts';
import { parseRelPath, type RelPath } from '../core/rel-path.ts';
import { type Settled, storedSettled } from './settled.ts';
import { entryText, storedEntry } from './stored-entry.ts';

/** Deeds written together. */
const CHUNK = 1_000;
/** Runs that can be undone; older ones are forgotten. */
const RUNS = 20;

/** What one run of syncs did to a path: what both sides agreed on before it, and after it. */
export interface Deed {
  readonly path: RelPath;
  readonly before: Entry | null;
  readonly after: Entry | null;
  /** Where two versions wanted the path: what became of the other one. */
  readonly settled?: Settled | undefined;
}
export interface Run {
  readonly id: string;
  /** Its end, ms by this device's clock. */
  readonly atMs: number;
  readonly deeds: readonly Deed[];
}

/** A run under way: what both sides agreed on at each path before it was to be changed. */
interface Open {
  readonly id: string;
  readonly atMs: number;
  readonly before: Map<RelPath, Entry | null>;
  readonly settled: Map<RelPath, Settled>;
  /** Notes it is written in. */
  parts: number;
}

/**
 * What the last runs changed, so that they can be undone. Before a run changes anything it is written down what was there, so that what a crash leaves in the middle can be undone too: the run that finishes the work counts
 * with it as one. What is lost with the state cannot be undone from here, but restored to a date like anything else.
 */
export class UndoLog {
  readonly #notes: Notes;
  readonly #now: () => number;
  readonly #deeds = new Map<RelPath, Deed>();
  /** Conflict names given in this run. */
  readonly #aside = new Set<RelPath>();
  readonly #settled = new Map<RelPath, Settled>();
  #open: Open | null = null;

  constructor(notes: Notes, now: () => number) {
    this.#notes = notes;
    this.#now = now;
  }

  /** Whether a crash cut a run short that nobody took up yet. */
  async isCut(): Promise<boolean> {
    return this.#open === null && (await this.#notes.all('undoing')).size > 0;
  }

  /** Takes up a run that a crash cut short, once its own deeds are part of the base. */
  async recover(base: BaseSnapshot): Promise<void> {
    if (this.#open !== null) return;
    this.#open = await this.#interrupted();
    for (const [path, settled] of this.#open?.settled ?? []) this.settles(path, settled);
    for (const [path, before] of this.#open?.before ?? []) this.did(path, before, base.get(path)?.entry ?? null);
  }

  /** Before the deeds begin; durable when it returns. */
  async expects(before: ReadonlyMap<RelPath, Entry | null>, settled: ReadonlyMap<RelPath, Settled>): Promise<void> {
    const known = this.#open;
    const news = [...before].filter(([path]) => known?.before.has(path) !== true);
    const settles = [...settled].filter(([path]) => known?.settled.has(path) !== true);
    if (news.length + settles.length === 0) return;
    const open = known ?? { id: await this.#freshId(), atMs: this.#now(), before: new Map(), settled: new Map(), parts: 0 };
    this.#open = open;
    for (let from = 0; from < Math.max(news.length, settles.length); from += CHUNK) {
      const part = { atMs: open.atMs, before: news.slice(from, from + CHUNK), settled: settles.slice(from, from + CHUNK) };
      await this.#notes.put('undoing', `${open.id}-${part6(open.parts++)}`, entryText(part));
    }
    for (const [path, entry] of news) open.before.set(path, entry);
    for (const [path, what] of settles) open.settled.set(path, what);
  }

  /** Of several deeds at one path in a run the first tells what was before, the last what came of it. */
  did(path: RelPath, before: Entry | null, after: Entry | null): void {
    const first = this.#deeds.get(path);
    this.#deeds.set(path, { path, before: first === undefined ? before : first.before, after });
  }

  /** A version of the user's own that got a conflict name stays when its run is undone. */
  setAside(path: RelPath): void {
    this.#aside.add(path);
  }

  /** Two versions wanted a path, and this became of it. */
  settles(path: RelPath, settled: Settled): void {
    if (!this.#settled.has(path)) this.#settled.set(path, settled);
    if (settled.kind === 'both') this.setAside(settled.to);
  }

  /** Ends a run. */
  async write(): Promise<void> {
    const deeds = [...this.#deeds.values()]
      .map((deed): Deed => ({ ...deed, settled: this.#settled.get(deed.path) }))
      .filter(({ path, before, after, settled }) => !this.#aside.has(path) && (settled !== undefined || !isSame(before, after)));
    const open = this.#open;
    this.#open = null;
    this.#deeds.clear();
    this.#aside.clear();
    this.#settled.clear();
    if (deeds.length > 0) {
      const id = open?.id ?? (await this.#freshId());
      for (let from = 0; from < deeds.length; from += CHUNK)
        await this.#notes.put('undo', `${id}-${part6(from / CHUNK)}`, entryText({ atMs: this.#now(), deeds: deeds.slice(from, from + CHUNK) }));
    }
    if (open !== null) for (const key of (await this.#notes.all('undoing')).keys()) await this.#notes.drop('undoing', key);
    if (deeds.length > 0) await this.#forgetOld();
  }

  /** The latest first. One that a crash cut short and nobody took up yet is told by `base`, what both sides agree on now. */
  async runs(base: BaseSnapshot): Promise<readonly Run[]> {
    const runs = new Map<string, { atMs: number; deeds: Deed[] }>();
    for (const [key, text] of [...(await this.#notes.all('undo'))].sort(([a], [b]) => (a < b ? 1 : -1))) {
      const part = parsePart(text);
      if (part === null) continue;
      const run = runs.get(runOf(key));
      if (run === undefined) runs.set(runOf(key), { atMs: part.atMs, deeds: [...part.deeds] });
      else run.deeds.push(...part.deeds);
    }
    const cut = this.#open === null ? await this.#interrupted() : null;
    const done = [...(cut?.before ?? [])]
      .map(([path, before]): Deed => ({ path, before, after: base.get(path)?.entry ?? null, settled: cut?.settled.get(path) }))
      .filter(({ before, after }) => !isSame(before, after));
    const ended = [...runs].map(([id, run]) => ({ id, ...run }));
    return cut === null || done.length === 0 ? ended : [{ id: cut.id, atMs: cut.atMs, deeds: done }, ...ended.filter(({ id }) => id !== cut.id)];
  }

  async #interrupted(): Promise<Open | null> {
    const notes = [...(await this.#notes.all('undoing'))].sort(([a], [b]) => (a < b ? -1 : 1));
    const id = runOf(notes.at(-1)?.[0] ?? '');
    const before = new Map<RelPath, Entry | null>();
    const settled = new Map<RelPath, Settled>();
    let atMs = Number(id);
    for (const [key, text] of notes) {
      const read = runOf(key) === id ? parseOpen(text) : null;
      if (read === null) continue;
      atMs = read.atMs;
      for (const [path, entry] of read.before) before.set(path, entry);
      for (const [path, what] of read.settled) settled.set(path, what);
    }
    return before.size === 0 ? null : { id, atMs, before, settled, parts: notes.length };
  }

  async #freshId(): Promise<string> {
    const taken = new Set([...(await this.#notes.all('undo')).keys(), ...(await this.#notes.all('undoing')).keys()].map(runOf));
    let id = stamp(this.#now());
    while (taken.has(id)) id = stamp(Number(id) + 1);
    return id;
  }

  async #forgetOld(): Promise<void> {
    const keys = [...(await this.#notes.all('undo')).keys()].sort().reverse();
    const kept = new Set<string>();
    for (const key of keys) {
      if (kept.size < RUNS) kept.add(runOf(key));
      if (!kept.has(runOf(key))) await this.#notes.drop('undo', key);
    }
  }
}

function isSame(a: Entry | null, b: Entry | null): boolean {
  return a === null || b === null ? a === b : sameContent(a, b) && sameMode(a, b);
}
function runOf(key: string): string {
  return key.slice(0, 13);
}
function part6(n: number): string {
  return String(n).padStart(6, '0');
}
function stamp(ms: number): string {
  return String(Math.max(0, Math.floor(ms))).padStart(13, '0');
}

const deed = z.object({ path: z.string(), before: storedEntry.nullable(), after: storedEntry.nullable(), settled: storedSettled.optional() });
const part = z.object({ atMs: z.number(), deeds: z.array(deed) });
const openPart = z.object({
  atMs: z.number(),
  before: z.array(z.tuple([z.string(), storedEntry.nullable()])),
  settled: z.array(z.tuple([z.string(), storedSettled])).default([]),
});

function parseOpen(
  text: string,
): (Pick<Open, 'atMs'> & { readonly before: readonly (readonly [RelPath, Entry | null])[]; readonly settled: readonly (readonly [RelPath, Settled])[] }) | null {
  try {
    const { atMs, before, settled } = openPart.parse(JSON.parse(text));
    return { atMs, before: byPath(before), settled: byPath(settled) };
  } catch {
    return null;
  }
}

function byPath<T>(pairs: readonly (readonly [string, T])[]): readonly (readonly [RelPath, T])[] {
  return pairs.flatMap(([name, value]) => {
    const parsed = parseRelPath(name);
    return 'path' in parsed ? [[parsed.path, value] as const] : [];
  });
}

/** Null for what cannot be read: then it cannot be undone. */
function parsePart(text: string): { readonly atMs: number; readonly deeds: readonly Deed[] } | null {
  try {
    const { atMs, deeds } = part.parse(JSON.parse(text));
    return { atMs, deeds: byPath(deeds.map((one) => [one.path, one] as const)).map(([path, one]) => ({ ...one, path })) };
  } catch {
    return null;
  }
}
