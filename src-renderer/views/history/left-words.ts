import type { RestorePlan } from '../../../src-preload/contract/history.ts';
import { sentence } from '../../strings/format.ts';
import { say } from '../../strings/say.ts';

/** How the engine says why something stays as it is. */
const REASONS: readonly (readonly [RegExp, Exclude<keyof typeof say.history.restore.reasons, 'both'>])[] = [
  [/^its (earlier )?content is (not|no longer) kept$/, 'notKept'],
  [/^the version that gave way is no longer kept$/, 'otherNotKept'],
  [/^it has changed since that run/, 'changedSince'],
  [/^it has changed meanwhile/, 'changedMeanwhile'],
  [/^it is not certain (what|that this) was there then/, 'unsure'],
  [/^what was there then, if anything, is no longer kept$/, 'expired'],
  [/^a folder is there, with things in it/, 'folderThere'],
  [/^something is in it$/, 'notEmpty'],
  [/^something else is there already/, 'otherThere'],
];
const BOTH = /^both versions were kept: the other one as (.+)$/su;

/** So many are named at once. */
const NAMED = 10;

/** What stays as it is, in short; `open`: so few that they are named at once. Of an undo it is said that they changed since. */
export function leftTitle({ items, total }: RestorePlan['left']): { readonly title: string; readonly open: boolean } {
  const { left, leftSince, reasons } = say.history.restore;
  const since = items.length === total && items.every(({ why }) => leftWords(why) === reasons.changedSince);
  return { title: (since ? leftSince : left)(total), open: since && total <= NAMED };
}

/** Why something stays as it is, in the language of the window as far as the reason is a known one. */
export function leftWords(why: string): string {
  const { reasons } = say.history.restore;
  const other = BOTH.exec(why)?.[1];
  if (other !== undefined) return reasons.both(other.slice(other.lastIndexOf('/') + 1));
  const known = REASONS.find(([said]) => said.test(why))?.[1];
  return known === undefined ? sentence(why) : reasons[known];
}
