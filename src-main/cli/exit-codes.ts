import type { PathProblem } from '../core/entry.ts';
import { assertNever, type ErrorCode } from '../core/errors.ts';
import type { CycleReport } from '../core/events.ts';

/** What the shell sees (docs/cli.md). */
export const EXIT = { inSync: 0, failed: 1, usage: 2, waiting: 3, unreachable: 4, locked: 5, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** For help, manual and docs. */
export const EXIT_MEANINGS: readonly (readonly [ExitCode, string])[] = [
  [EXIT.inSync, 'in sync; verify: nothing is damaged; doctor: nothing is bad; verify-backend: every check passed'],
  [
    EXIT.failed,
    'verify: something is damaged or could not be looked at; else: some paths failed or cannot be synced, or the sync failed (disk full, damaged state, ...); what is left out by rule (sockets, pipes, devices, other file systems) does not count',
  ],
  [EXIT.usage, 'wrong usage or settings, including a synced folder that is missing or is not the one that was set up; nothing was touched'],
  [EXIT.waiting, 'waiting for you: conflicts, or deletions and rewrites that are held; everything else is done'],
  [EXIT.unreachable, 'the backup cannot be reached, refuses, or is not the one that was set up'],
  [EXIT.locked, 'another File Sync owns the folder; the message says which'],
  [EXIT.interrupted, 'interrupted'],
];

/** Left out by a documented rule, or by its nature for the next cycle; listed, but no failure. */
const BY_RULE: readonly PathProblem['reason'][] = ['special-file', 'other-file-system', 'changing'];

export function countsAsFailure(problem: Pick<PathProblem, 'reason'>): boolean {
  return !BY_RULE.includes(problem.reason);
}

/** Failed paths outrank what waits for the user: they may be what the wait is about. */
export function exitCodeOf(report: Pick<CycleReport, 'failures' | 'problems' | 'conflicts' | 'held'>): ExitCode {
  if (report.failures.length > 0 || report.problems.some(countsAsFailure)) return EXIT.failed;
  if (report.conflicts.length > 0 || report.held.length > 0) return EXIT.waiting;
  return EXIT.inSync;
}

export function exitCodeOfError(code: ErrorCode): ExitCode {
  switch (code) {
    case 'aborted':
      return EXIT.interrupted;
    case 'usage':
    case 'config':
    case 'overlap':
    case 'root-missing':
    case 'root-replaced':
    case 'state-newer':
      return EXIT.usage;
    case 'unreachable':
    case 'refused':
    case 'throttled':
    case 'quota':
    case 'remote-missing':
    case 'remote-replaced':
      return EXIT.unreachable;
    case 'locked':
      return EXIT.locked;
    case 'not-found':
    case 'exists':
    case 'no-permission':
    case 'disk-full':
    case 'read-only':
    case 'busy':
    case 'not-empty':
    case 'not-a-folder':
    case 'cross-device':
    case 'name-not-allowed':
    case 'name-too-long':
    case 'not-supported':
    case 'io':
    case 'corrupt':
    case 'state-corrupt':
    case 'internal':
      return EXIT.failed;
    default:
      return assertNever(code);
  }
}
