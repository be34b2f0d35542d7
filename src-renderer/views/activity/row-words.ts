import type { ActivityItem } from '../../../src-preload/contract/model.ts';
import { errorWords } from '../../strings/error-words.ts';
import { formatBytes } from '../../strings/format.ts';
import { say } from '../../strings/say.ts';

/** What became of it; of what failed what did not, how often it was tried, and why. */
export function rowWords(item: ActivityItem, pairName: string | null): string {
  return [whatWords(item), item.bytes > 0 ? formatBytes(item.bytes) : '', pairName ?? '', ...(item.outcome === 'failed' ? failureWords(item) : [])]
    .filter((detail) => detail !== '')
    .join(' · ');
}

function whatWords({ what, outcome, story }: ActivityItem): string {
  if (outcome === 'failed') return say.activity.notDone[what] ?? what;
  return story === undefined ? (say.activity.what[what] ?? what) : say.activity.story[story];
}

function failureWords({ code, reason, tries }: ActivityItem): readonly string[] {
  const why = code === undefined ? reason : (say.failureCard.advice[code] ?? errorWords({ code, message: reason }));
  return [tries === undefined ? '' : say.failureCard.attempts(tries), why];
}
