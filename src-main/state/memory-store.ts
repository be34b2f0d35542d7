import type { Conflict, Resolution } from '../core/conflict.ts';
import type { Base } from '../core/entry.ts';
import type { Intent } from '../core/intent.ts';
import type { NoteKind, Notes } from '../core/notes.ts';
import type { RelPath } from '../core/rel-path.ts';
import { logActivity } from './activity-log.ts';
import type { ActivityFilter, ActivityIndex, ActivityRecord, StateChange, StateStore } from './state-store.ts';

/** What survives a crash: give the same storage to a new store to start again from it. */
export interface MemoryStorage {
  readonly base: Map<RelPath, Base>;
  readonly intents: Intent[];
  readonly conflicts: Map<RelPath, Conflict>;
  readonly resolutions: Map<RelPath, Resolution>;
  readonly facts: Map<string, string>;
  /** By `kind:key`. */
  readonly notes: Map<string, string>;
  /** Null: given up since, so that none has the place of another. */
  readonly activity: (ActivityRecord | null)[];
}

export function memoryStorage(): MemoryStorage {
  return { base: new Map(), intents: [], conflicts: new Map(), resolutions: new Map(), facts: new Map(), notes: new Map(), activity: [] };
}

export interface MemoryStateOptions {
  readonly storage?: MemoryStorage;
  readonly rebuilt?: boolean;
  /** Runs right before and right after each change takes effect; a simulator crashes (throws) or waits there. */
  readonly step?: (at: string) => Promise<void>;
}

/** A state store in memory: for simulation, and for looking at a folder without owning it. A change takes effect whole, between its two steps. */
export function memoryStateStore({ storage = memoryStorage(), rebuilt = false, step }: MemoryStateOptions = {}): StateStore {
  let tail: Promise<void> = Promise.resolve();
  const inOrder = (name: string, change: () => void): Promise<void> => {
    const run = async (): Promise<void> => {
      await step?.(`${name}:before`);
      change();
      await step?.(`${name}:after`);
    };
    const done = tail.then(run);
    tail = done.catch(() => undefined);
    return done;
  };
  return {
    notes: memoryNotes(storage.notes, inOrder, () => tail),
    async load() {
      await tail;
      return {
        rebuilt,
        base: new Map(storage.base),
        intents: [...storage.intents],
        conflicts: [...storage.conflicts.values()],
        resolutions: [...storage.resolutions.values()],
        values: Object.fromEntries(storage.facts),
      };
    },
    begin: (intents) => inOrder('begin', () => storage.intents.push(...intents)),
    commit: (change) => inOrder('commit', () => apply(storage, change)),
    async activity({ limit, path, below, before, since, ids, without }) {
      await tail;
      const matching = storage.activity.filter(
        (record, i): record is ActivityRecord =>
          record !== null &&
          (path === undefined || namesOf(record).includes(path)) &&
          (below === undefined || namesOf(record).some((name) => name === below || name.startsWith(`${below}/`))) &&
          (before === undefined || record.at < before) &&
          (since === undefined || record.at >= since) &&
          (ids === undefined || ids.includes(i + 1)) &&
          (without === undefined || isTold(record, without)),
      );
      return matching.reverse().slice(0, limit);
    },
    async activityIndex(filter) {
      await tail;
      return indexOf(storage.activity, filter);
    },
    async faults() {
      return [];
    },
    async close() {
      await tail;
    },
  };
}

function namesOf({ path, to }: ActivityRecord): readonly string[] {
  return to === null ? [path] : [path, to];
}

/** What is news to somebody. */
function isTold({ what, outcome }: ActivityRecord, without: readonly string[]): boolean {
  return outcome !== 'stale' && !without.includes(what);
}

function indexOf(records: readonly (ActivityRecord | null)[], { search, failedOnly, without, after = 0 }: ActivityFilter): ActivityIndex {
  const found = records
    .flatMap((record, i) => (record === null ? [] : [{ record, id: i + 1 }]))
    .filter(({ record, id }) => {
      const fits = id > after && isTold(record, without) && (!failedOnly || record.outcome === 'failed');
      return fits && namesOf(record).some((name) => name.toLowerCase().includes(search.toLowerCase()));
    })
    .reverse();
  return { ids: Float64Array.from(found, ({ id }) => id), times: Float64Array.from(found, ({ record }) => record.at) };
}

function memoryNotes(notes: Map<string, string>, inOrder: (name: string, change: () => void) => Promise<void>, settled: () => Promise<void>): Notes {
  const nameOf = (kind: NoteKind, key: string): string => `${kind}:${key}`;
  return {
    async get(kind, key) {
      await settled();
      return notes.get(nameOf(kind, key)) ?? null;
    },
    async all(kind) {
      await settled();
      const prefix = nameOf(kind, '');
      return new Map([...notes].flatMap(([name, text]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), text] as const] : [])));
    },
    put: (kind, key, text) => inOrder('note', () => notes.set(nameOf(kind, key), text)),
    drop: (kind, key) => inOrder('note', () => notes.delete(nameOf(kind, key))),
  };
}

function apply(storage: MemoryStorage, change: StateChange): void {
  for (const path of change.drop ?? []) storage.base.delete(path);
  for (const [path, base] of change.put ?? []) storage.base.set(path, base);
  if (change.settled !== undefined) {
    const settled = new Set(change.settled);
    const open = storage.intents.filter((intent) => !settled.has(intent.op));
    storage.intents.splice(0, storage.intents.length, ...open);
  }
  for (const path of change.dropConflicts ?? []) storage.conflicts.delete(path);
  for (const conflict of change.putConflicts ?? []) storage.conflicts.set(conflict.path, conflict);
  for (const path of change.dropResolutions ?? []) storage.resolutions.delete(path);
  for (const resolution of change.putResolutions ?? []) storage.resolutions.set(resolution.path, resolution);
  for (const [name, value] of Object.entries(change.values ?? {})) {
    if (value === null) storage.facts.delete(name);
    else storage.facts.set(name, value);
  }
  logActivity(change.activity ?? [], {
    last: (path) => {
      const at = storage.activity.findLastIndex((record) => record?.path === path && record.outcome !== 'stale');
      const last = storage.activity[at] ?? null;
      return last === null ? null : { id: at, outcome: last.outcome, code: last.code ?? null, tries: last.tries ?? 1 };
    },
    drop: (at) => {
      storage.activity[at] = null;
    },
    add: (record) => storage.activity.push(record),
  });
}
