import type { WordyReviser } from '../control/restore-request.ts';
import { type Entry, sameContent } from '../core/entry.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { Change } from '../core/revision.ts';
import { BROUGHT_BACK } from '../engine/revised-activity.ts';
import type { Reviser } from '../engine/sync-manager.ts';
import type { ActivityRecord, StateChange, StateStore } from '../state/state-store.ts';

export const UNDONE = 'undone on the user’s word';

/** What the next deed at a path is told as, if it leaves there what the user's word did. */
interface Word {
  readonly fits: (after: Entry | null) => boolean;
  /** Null: it is on record already, and not told twice. */
  readonly reason: string | null;
}

/**
 * What a restore or an undo changed here is carried over by a sync, as any edit is. The activity tells it as the user's word all the same: between the engine and its state, which keeps the activity, the record of exactly such a path
 * with exactly such a content gets that reason. Anything else that happens at the path first ends it.
 */
export class UserWord {
  readonly #words = new Map<string, Word>();

  reviser(engine: Reviser): WordyReviser {
    return {
      revise: (wanted, { undoes = false, onChange, ...options }) => {
        const reason = options.keepsHeld === true ? null : undoes ? UNDONE : BROUGHT_BACK;
        const heard = (change: Change): void => {
          for (const [path, fits] of leavesOf(change)) this.#words.set(path, { fits, reason });
          onChange?.(change);
        };
        return engine.revise(wanted, { ...options, onChange: heard });
      },
      runs: () => engine.runs(),
      held: () => engine.held(),
      passed: () => engine.passed(),
      reclaim: (paths) => engine.reclaim(paths),
    };
  }

  state(store: StateStore): StateStore {
    return {
      notes: store.notes,
      load: () => store.load(),
      begin: (intents) => store.begin(intents),
      commit: (change) => store.commit(this.#told(change)),
      activity: (query) => store.activity(query),
      activityIndex: (filter) => store.activityIndex(filter),
      faults: () => store.faults(),
      close: () => store.close(),
    };
  }

  #told(change: StateChange): StateChange {
    if (this.#words.size === 0 || change.activity === undefined) return change;
    const after = new Map<string, Entry>((change.put ?? []).map(([path, { entry }]) => [path, entry]));
    return { ...change, activity: change.activity.flatMap((record) => this.#tell(record, after)) };
  }

  #tell(record: ActivityRecord, after: ReadonlyMap<string, Entry>): readonly ActivityRecord[] {
    if (record.outcome !== 'done' || record.reason === BROUGHT_BACK) return [record];
    const paths = record.to === null ? [record.path] : [record.path, record.to];
    const words = paths.flatMap((path) => this.#words.get(path) ?? []);
    const isSo = words.length === paths.length && words.every(({ fits }, i) => fits(after.get(paths[i] ?? '') ?? null));
    for (const path of paths) this.#words.delete(path);
    const reason = words[0]?.reason;
    if (!isSo || reason === undefined) return [record];
    return reason === null ? [] : [{ ...record, reason }];
  }
}

/** What a change leaves at each path that it concerns. */
function leavesOf(change: Change): readonly (readonly [RelPath, Word['fits']])[] {
  const nothing = (after: Entry | null): boolean => after === null;
  const such = (entry: Entry) => (after: Entry | null) => after !== null && sameContent(after, entry);
  switch (change.kind) {
    case 'write':
      return [[change.path, such(change.entry)]];
    case 'make-folder':
      return [[change.path, such({ kind: 'folder' })]];
    case 'move':
      return [
        [change.path, nothing],
        [change.to, such(change.entry)],
      ];
    case 'set-mode':
      return [[change.path, (after) => after?.kind === 'file' && after.mode === change.mode]];
    default:
      return [[change.path, nothing]];
  }
}
