import type { ActionKind } from '../core/action.ts';
import type { Change } from '../core/revision.ts';
import type { ActivityRecord } from '../state/state-store.ts';

const AS_ACTION: { readonly [K in Change['kind']]: ActionKind } = {
  write: 'download',
  remove: 'remove-local',
  move: 'move-local',
  'make-folder': 'make-local-folder',
  'remove-folder': 'remove-local-folder',
  'set-mode': 'set-local-mode',
};

export const BROUGHT_BACK = 'brought back on the user’s word';

/** What was brought back here and leaves the other side as it is: no sync has anything to tell of it. */
export function activityOfRevision(done: readonly Change[], { at, cycle }: Pick<ActivityRecord, 'at' | 'cycle'>): readonly ActivityRecord[] {
  return done.map((change) => ({
    at,
    cycle,
    path: change.path,
    to: change.kind === 'move' ? change.to : null,
    what: AS_ACTION[change.kind],
    outcome: 'done',
    reason: BROUGHT_BACK,
    bytes: change.kind === 'write' && change.entry.kind === 'file' ? change.entry.size : 0,
  }));
}
