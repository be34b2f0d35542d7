import type { ActivityItem } from '../../../src-preload/contract/model.ts';

/** Where what was done left it. */
export function placeOf({ path, to, outcome }: Pick<ActivityItem, 'path' | 'to' | 'outcome'>): string {
  return outcome === 'done' && to !== null ? to : path;
}

/** Whether what was done left a file there; of other things it may be a folder, or gone. */
export function isFileThere({ what, outcome }: Pick<ActivityItem, 'what' | 'outcome'>): boolean {
  return outcome === 'done' && /^(upload|download|(move|set-aside)-(local|remote))$/.test(what);
}
