import { hasCode } from '../core/errors.ts';
import type { NoteKind, Notes } from '../core/notes.ts';
import type { Clock } from '../platform/clock.ts';
import type { Fs } from '../platform/fs.ts';
import { memoryStateStore, memoryStorage } from './memory-store.ts';
import { SCHEMA } from './migrations.ts';
import { stateError } from './sqlite-errors.ts';
import { type Connection, connectReadOnly, inspect } from './sqlite-open.ts';
import { indexActivity, readActivity, readFaults, readNote, readNotes, readState } from './sqlite-read.ts';
import type { StateStore } from './state-store.ts';

/** The state as it is now, for looking only: changes stay in memory, so no lock is needed and whoever owns the folder is not disturbed. */
export async function openStateSnapshot({ file, fs, clock }: { readonly file: string; readonly fs: Fs; readonly clock: Clock }): Promise<StateStore> {
  if ((await fs.lstat(file)) === null) return memoryStateStore();
  try {
    const version = inspect(file, SCHEMA);
    const db = connectReadOnly(file);
    // One moment of it, however long the reading takes and whatever the owner writes meanwhile.
    db.exec('BEGIN');
    const state = await readState(db, clock);
    db.exec('COMMIT');
    const storage = memoryStorage();
    for (const [path, base] of state.base) storage.base.set(path, base);
    storage.intents.push(...state.intents);
    for (const conflict of state.conflicts) storage.conflicts.set(conflict.path, conflict);
    for (const resolution of state.resolutions) storage.resolutions.set(resolution.path, resolution);
    for (const [name, value] of Object.entries(state.values)) storage.facts.set(name, value);
    const memory = memoryStateStore({ storage });
    return {
      ...memory,
      // Version 1 had none.
      notes: version < 2 ? memory.notes : notesOver(db),
      activity: async (query) => readActivity(db, query, version),
      activityIndex: (filter) =>
        indexActivity(
          () => db,
          filter,
          clock,
          async (look) => look(),
          version,
        ),
      faults: async () => readFaults(db),
      close: async () => {
        db.close();
      },
    };
  } catch (cause) {
    const error = stateError(cause, file);
    if (hasCode(error, 'state-corrupt')) return { ...memoryStateStore({ rebuilt: true }), faults: async () => [error.message] };
    throw error;
  }
}

/** The owner's notes as they are now, under changes of one's own that are kept nowhere. */
function notesOver(db: Connection): Notes {
  const changes = new Map<NoteKind, Map<string, string | null>>();
  const changesOf = (kind: NoteKind): Map<string, string | null> => changes.get(kind) ?? new Map();
  const change = (kind: NoteKind, key: string, text: string | null): void => void changes.set(kind, changesOf(kind).set(key, text));
  return {
    async get(kind, key) {
      const changed = changesOf(kind).get(key);
      return changed === undefined ? readNote(db, kind, key) : changed;
    },
    async all(kind) {
      const notes = new Map(readNotes(db, kind));
      for (const [key, text] of changesOf(kind)) {
        if (text === null) notes.delete(key);
        else notes.set(key, text);
      }
      return notes;
    },
    put: async (kind, key, text) => change(kind, key, text),
    drop: async (kind, key) => change(kind, key, null),
  };
}
