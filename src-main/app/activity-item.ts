import type { ActivityItem } from '../../src-preload/contract/model.ts';
import { UNDONE } from '../compose/user-word.ts';
import { BROUGHT_BACK } from '../engine/revised-activity.ts';
import type { ActivityRecord } from '../state/state-store.ts';

/** Kinds that are nothing anybody looks for. */
export const UNTOLD: readonly string[] = ['adopt', 'forget'];

/** How the planner says that an edit stood against a deletion (decide.ts). */
const STORIES: readonly (readonly [kind: string, reason: string, NonNullable<ActivityItem['story']>])[] = [
  ['upload', 'edited here, deleted on the other side: the edit survives', 'edit-here-survived'],
  ['download', 'deleted here, edited on the other side: the edit survives', 'edit-there-survived'],
];
/** What a restore or an undo did, by its reason: what came, and what went for it. */
const WORDS: Readonly<Record<string, readonly [came: NonNullable<ActivityItem['story']>, went: NonNullable<ActivityItem['story']>]>> = {
  [BROUGHT_BACK]: ['brought-back', 'gave-way'],
  [UNDONE]: ['undone', 'undone-removal'],
};

/** A record as a window shows it. */
export function activityItem(pair: string, { at, path, to, what, outcome, reason, bytes, code, tries }: Omit<ActivityRecord, 'cycle'>): ActivityItem {
  const story = outcome === 'done' ? storyOf(what, reason) : undefined;
  return {
    pair,
    at,
    path,
    to,
    what,
    outcome,
    reason,
    bytes,
    ...(code === undefined ? {} : { code }),
    ...(tries === undefined ? {} : { tries }),
    ...(story === undefined ? {} : { story }),
  };
}

function storyOf(what: string, reason: string): ActivityItem['story'] {
  return WORDS[reason]?.[what.startsWith('remove') ? 1 : 0] ?? STORIES.find(([kind, why]) => kind === what && why === reason)?.[2];
}

/** Of several lists, each in its own order whatever its clock did, the first `count`: the latest of those that are next. */
export function newestOf(lists: readonly (readonly ActivityItem[])[], count: number): readonly ActivityItem[] {
  const heads = lists.map(() => 0);
  const newest: ActivityItem[] = [];
  while (newest.length < count) {
    let [best, from]: [ActivityItem | null, number] = [null, 0];
    for (const [i, list] of lists.entries()) {
      const next = list[heads[i] ?? 0];
      if (next !== undefined && (best === null || next.at > best.at)) [best, from] = [next, i];
    }
    if (best === null) break;
    newest.push(best);
    heads[from] = (heads[from] ?? 0) + 1;
  }
  return newest;
}
