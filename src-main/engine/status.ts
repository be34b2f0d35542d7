import type { HeldDeletions } from '../core/action.ts';
import { filesHeld, isBurst } from '../core/burst.ts';
import type { Conflict } from '../core/conflict.ts';
import type { PathProblem } from '../core/entry.ts';
import type { SyncError } from '../core/errors.ts';
import type { PairState, PairStatus, PathFailure, Progress } from '../core/events.ts';

export interface StatusFacts {
  readonly source: string;
  readonly target: string;
  readonly watching: boolean;
  readonly watchMode: string;
  readonly paused: boolean;
  readonly pausedUntil: number | null;
  readonly lastSyncAt: number | null;
  readonly lastFullScanAt: number | null;
  readonly files: number;
  readonly bytes: number;
  readonly kept: NonNullable<PairStatus['kept']> | null;
  readonly drill: NonNullable<PairStatus['drill']> | null;
  readonly pending: number;
  readonly progress: Progress | null;
  readonly conflicts: readonly Conflict[];
  readonly held: readonly HeldDeletions[];
  /** Files of the rewrites that are held, which went over before there were enough of them to be held. */
  readonly wentOver: number;
  readonly problems: readonly PathProblem[];
  readonly failures: readonly PathFailure[];
  readonly usage: PairStatus['usage'];
  readonly error: SyncError | null;
}

/** What is by its nature not synced; listed, but nothing anyone must act on. */
const QUIET_PROBLEMS: readonly PathProblem['reason'][] = ['special-file', 'other-file-system', 'changing'];

/** The whole truth about a pair in one object: what the tray, the window and `file-sync status` show. */
export function describeStatus(facts: StatusFacts): PairStatus {
  const { error, held, wentOver, paused: _, ...rest } = facts;
  const state = stateOf(facts);
  return {
    ...rest,
    state,
    summary: summaryOf(state, facts),
    held: held.map((h) => ({
      side: h.side,
      why: h.why,
      files: filesHeld(h),
      ...(wentOver > 0 && h.side === 'remote' && isBurst(h) ? { wentOver } : {}),
      paths: h.actions.map((a) => a.path),
    })),
    error: error === null ? null : { code: error.code, message: error.message, hint: error.hint ?? null, ...(error.reason === 'secret' ? { wantsSecret: true } : {}) },
  };
}

/** error > attention > offline > paused > syncing > ok (DESIGN 10). */
function stateOf(facts: StatusFacts): PairState {
  if (facts.error !== null && facts.error.code !== 'unreachable') return 'error';
  if (needsAttention(facts)) return 'attention';
  if (facts.error !== null) return 'offline';
  if (facts.paused) return 'paused';
  if (facts.progress?.phase === 'working' && facts.progress.total > 0) return 'syncing';
  return facts.lastSyncAt === null && facts.progress !== null ? 'syncing' : 'ok';
}

function needsAttention(facts: StatusFacts): boolean {
  return facts.conflicts.length > 0 || facts.held.length > 0 || facts.failures.length > 0 || facts.problems.some((p) => !QUIET_PROBLEMS.includes(p.reason));
}

function summaryOf(state: PairState, facts: StatusFacts): string {
  switch (state) {
    case 'error':
      return facts.error?.message ?? 'Stopped';
    case 'offline':
      return `Waiting for ${facts.target}`;
    case 'paused':
      return 'Paused';
    case 'syncing':
      return facts.progress?.phase === 'working' ? `Syncing, ${facts.progress.done} of ${facts.progress.total}` : 'Looking for changes';
    case 'attention':
      return attentionWords(facts);
    case 'not-set-up':
      return 'Not set up';
    case 'ok':
      return facts.lastSyncAt === null ? 'Not synced yet' : waiting(facts) > 0 ? `${count(waiting(facts), 'change')} waiting` : 'Up to date';
  }
}

/** A file that is being written waits too (scenario 9). */
function waiting({ pending, problems }: StatusFacts): number {
  return pending + problems.filter((p) => p.reason === 'changing').length;
}

function attentionWords(facts: StatusFacts): string {
  const files = (held: StatusFacts['held']): number => held.reduce((n, each) => n + filesHeld(each), 0);
  const [bursts, deletions] = [files(facts.held.filter(isBurst)), files(facts.held.filter((held) => !isBurst(held)))];
  const loud = facts.problems.filter((p) => !QUIET_PROBLEMS.includes(p.reason)).length;
  const parts = [
    facts.conflicts.length > 0 ? `${count(facts.conflicts.length, 'file')} in two versions` : '',
    deletions > 0 ? `${count(deletions, 'deletion')} waiting for your word` : '',
    bursts > 0 ? `${count(bursts, 'suspicious rewrite')} waiting for your word` : '',
    facts.failures.length > 0 ? `${count(facts.failures.length, 'path')} failed` : '',
    loud > 0 ? `${count(loud, 'path')} cannot be synced` : '',
  ];
  return parts.filter((p) => p !== '').join(', ');
}

function count(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? '' : 's'}`;
}
