import { z } from 'zod';
import { type Entry, type Hash, sameContent, sameMode } from '../core/entry.ts';
import type { Notes } from '../core/notes.ts';
import { parseRelPath, type RelPath } from '../core/rel-path.ts';

/** Deeds written together. */
const CHUNK = 1_000;
/** Runs that can be undone; older ones are forgotten. */
const RUNS = 20;

/** What one run of syncs did to a path: what both sides agreed on before it, and after it. */
export interface Deed {
  readonly path: RelPath;
  readonly before: Entry | null;
  readonly after: Entry | null;
}
export interface Run {
  readonly id: string;
  /** Its end, ms by this device's clock. */
  readonly atMs: number;
  readonly deeds: readonly Deed[];
}

/** What the last runs changed, so that they can be undone. Written when a run ends; what is lost with a crash or the state cannot be undone from here, but restored to a date like anything else. */
export class UndoLog {
  readonly #notes: Notes;
  readonly #now: () => number;
  readonly #deeds = new Map<RelPath, Deed>();
  /** Conflict names given in this run. */
  readonly #aside = new Set<RelPath>();

  constructor(notes: Notes, now: () => number) {
    this.#notes = notes;
    this.#now = now;
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

  /** Ends a run. */
  async write(): Promise<void> {
    const deeds = [...this.#deeds.values()].filter(({ path, before, after }) => !this.#aside.has(path) && !isSame(before, after));
    this.#deeds.clear();
    this.#aside.clear();
    if (deeds.length === 0) return;
    const atMs = this.#now();
    const taken = new Set([...(await this.#notes.all('undo')).keys()].map(runOf));
    let id = stamp(atMs);
    while (taken.has(id)) id = stamp(Number(id) + 1);
    for (let from = 0; from < deeds.length; from += CHUNK) {
      const text = JSON.stringify({ atMs, deeds: deeds.slice(from, from + CHUNK) }, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
      await this.#notes.put('undo', `${id}-${String(from / CHUNK).padStart(6, '0')}`, text);
    }
    await this.#forgetOld();
  }

  /** The latest first. */
  async runs(): Promise<readonly Run[]> {
    const runs = new Map<string, { atMs: number; deeds: Deed[] }>();
    for (const [key, text] of [...(await this.#notes.all('undo'))].sort(([a], [b]) => (a < b ? 1 : -1))) {
      const part = parsePart(text);
      if (part === null) continue;
      const run = runs.get(runOf(key));
      if (run === undefined) runs.set(runOf(key), { atMs: part.atMs, deeds: [...part.deeds] });
      else run.deeds.push(...part.deeds);
    }
    return [...runs].map(([id, run]) => ({ id, ...run }));
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
function stamp(ms: number): string {
  return String(Math.max(0, Math.floor(ms))).padStart(13, '0');
}

const entry: z.ZodType<Entry> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('file'),
    size: z.number(),
    hash: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .transform((text) => text as Hash),
    mtimeNs: z
      .string()
      .regex(/^-?\d{1,30}$/)
      .transform((text) => BigInt(text)),
    mode: z.number().nullable(),
  }),
  z.object({ kind: z.literal('folder') }),
  z.object({ kind: z.literal('symlink'), target: z.string() }),
]);
const part = z.object({ atMs: z.number(), deeds: z.array(z.object({ path: z.string(), before: entry.nullable(), after: entry.nullable() })) });

/** Null for what cannot be read: then it cannot be undone. */
function parsePart(text: string): { readonly atMs: number; readonly deeds: readonly Deed[] } | null {
  try {
    const { atMs, deeds } = part.parse(JSON.parse(text));
    return {
      atMs,
      deeds: deeds.flatMap(({ path: name, before, after }) => {
        const parsed = parseRelPath(name);
        return 'path' in parsed ? [{ path: parsed.path, before, after }] : [];
      }),
    };
  } catch {
    return null;
  }
}
