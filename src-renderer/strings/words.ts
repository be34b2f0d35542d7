import type { HeldView, PairView } from '../../src-preload/contract/model.ts';
import { en } from './en.ts';
import { formatUntil } from './format.ts';

/** What a folder is doing, in a few words: for its card, the tray's menu and the tooltip. */
export function pairWords(pair: PairView, now: number): string {
  const { state, lastSyncAt, pending, progress, pausedUntil, holds } = pair;
  switch (state) {
    case 'ok':
      if (lastSyncAt === null) return en.words.notYet;
      return pending > 0 ? en.words.pending(pending) : en.state.ok;
    case 'syncing':
      return progress?.phase === 'working' && progress.total > 0 ? en.words.working(progress.done, progress.total) : en.words.looking;
    case 'paused':
      if (holds[0] !== undefined) return holds[0] === 'quiet' && pausedUntil !== null ? en.system.quietUntil(formatUntil(pausedUntil, now)) : en.system.holds[holds[0]];
      return pausedUntil === null ? en.state.paused : en.subline.pausedUntil(formatUntil(pausedUntil, now));
    case 'attention':
      return attentionWords(pair);
    case 'offline':
      return en.words.offline;
    case 'error':
    case 'not-set-up':
      return en.state[state];
  }
}

/** Whether rewrites are held, and not plain deletions. */
export function isBurst({ why }: HeldView): boolean {
  return why === 'scrambled' || why === 'renamed-alike';
}

export function filesOf(held: readonly HeldView[]): number {
  return held.reduce((sum, { files }) => sum + files, 0);
}

function attentionWords({ holds, conflicts, held, failures, problems }: PairView): string {
  const bursts = filesOf(held.filter(isBurst));
  const deletions = filesOf(held.filter((each) => !isBurst(each)));
  const parts = [
    holds.includes('disk') ? en.system.holds.disk : '',
    conflicts.total > 0 ? en.words.conflicts(conflicts.total) : '',
    deletions > 0 ? en.words.held(deletions) : '',
    bursts > 0 ? en.words.bursts(bursts) : '',
    failures.total > 0 ? en.words.failures(failures.total) : '',
    problems.total > 0 ? en.words.problems(problems.total) : '',
  ];
  return parts.filter((part) => part !== '').join(', ') || en.state.attention;
}
