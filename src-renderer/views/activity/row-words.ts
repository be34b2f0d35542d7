import type { ActivityItem } from '../../../src-preload/contract/model.ts';
import { en } from '../../strings/en.ts';
import { errorWords } from '../../strings/error-words.ts';
import { formatBytes } from '../../strings/format.ts';

/** What became of it; of what failed what did not, how often it was tried, and why. */
export function rowWords(item: ActivityItem, pairName: string | null): string {
  return [whatWords(item), item.bytes > 0 ? formatBytes(item.bytes) : '', pairName ?? '', ...(item.outcome === 'failed' ? failureWords(item) : [])]
    .filter((detail) => detail !== '')
    .join(' · ');
}

function whatWords({ what, outcome, story }: ActivityItem): string {
  if (outcome === 'failed') return en.activity.notDone[what] ?? what;
  return story === undefined ? (en.activity.what[what] ?? what) : en.activity.story[story];
}

function failureWords({ code, reason, tries }: ActivityItem): readonly string[] {
  const why = code === undefined ? reason : (en.failureCard.advice[code] ?? errorWords({ code, message: reason }));
  return [tries === undefined ? '' : en.failureCard.attempts(tries), why];
}
