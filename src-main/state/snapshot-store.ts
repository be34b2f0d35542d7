import { hasCode } from '../core/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Fs } from '../platform/fs.ts';
import { memoryStateStore, memoryStorage } from './memory-store.ts';
import { SCHEMA } from './migrations.ts';
import { stateError } from './sqlite-errors.ts';
import { connectReadOnly, inspect } from './sqlite-open.ts';
import { readActivity, readFaults, readState } from './sqlite-read.ts';
import type { StateStore } from './state-store.ts';

/** The state as it is now, for looking only: changes stay in memory, so no lock is needed and whoever owns the folder is not disturbed. */
export async function openStateSnapshot({ file, fs, clock }: { readonly file: string; readonly fs: Fs; readonly clock: Clock }): Promise<StateStore> {
  if ((await fs.lstat(file)) === null) return memoryStateStore();
  try {
    inspect(file, SCHEMA);
    const db = connectReadOnly(file);
    const state = await readState(db, clock);
    const storage = memoryStorage();
    for (const [path, base] of state.base) storage.base.set(path, base);
    storage.intents.push(...state.intents);
    for (const conflict of state.conflicts) storage.conflicts.set(conflict.path, conflict);
    for (const resolution of state.resolutions) storage.resolutions.set(resolution.path, resolution);
    for (const [name, value] of Object.entries(state.values)) storage.facts.set(name, value);
    return {
      ...memoryStateStore({ storage }),
      activity: async (query) => readActivity(db, query),
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
