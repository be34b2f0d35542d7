import type { WhyAnswer, WhyView } from '../../src-preload/contract/desktop.ts';
import type { CycleReport, PathFailure } from '../core/events.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { PairEngine } from '../engine/sync-manager.ts';

/** Why a path is not in step, or that it is: by a look at both sides that changes nothing. */
export async function explainPath(engine: Pick<PairEngine, 'syncAll' | 'why' | 'status'>, path: RelPath, signal: AbortSignal): Promise<WhyView> {
  const report = await engine.syncAll({ dryRun: true, signal });
  const known = answerOf(path, report, engine.status().failures);
  if (known !== null) return { path, answer: known };
  signal.throwIfAborted();
  const { ignoreRule, base, local, remote } = await engine.why(path);
  if (ignoreRule !== null) return { path, answer: { kind: 'ignored', rule: ignoreRule } };
  return { path, answer: { kind: base === null && local === null && remote === null ? 'nowhere' : 'agreed' } };
}

function answerOf(path: RelPath, { problems, conflicts, held, planned }: CycleReport, failures: readonly PathFailure[]): WhyAnswer | null {
  const problem = problems.find((one) => one.path === path) ?? problems.find((one) => one.subtree && path.startsWith(`${one.path}/`));
  if (problem !== undefined) return { kind: 'problem', side: problem.side, reason: problem.reason, above: problem.path === path ? null : problem.path };
  if (conflicts.some((one) => one.path === path)) return { kind: 'conflict' };
  if (held.some(({ actions }) => actions.some((one) => one.path === path))) return { kind: 'held' };
  const failure = failures.find((one) => one.path === path);
  if (failure !== undefined) return { kind: 'failed', message: failure.message };
  return planned.some((one) => one.path === path || ('to' in one && one.to === path)) ? { kind: 'pending' } : null;
}
