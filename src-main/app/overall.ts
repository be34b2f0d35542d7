import type { EngineHealth, PairState } from '../../src-preload/contract/model.ts';

/** What counts more comes first (DESIGN 10). */
const PRIORITY: readonly PairState[] = ['error', 'attention', 'offline', 'paused', 'syncing', 'ok', 'not-set-up'];

/** The one state of the tray: the most pressing of all pairs. */
export function overallState(pairs: readonly PairState[], engine: EngineHealth): PairState {
  if (engine.kind === 'stopped') return 'error';
  return PRIORITY.find((state) => pairs.includes(state)) ?? 'not-set-up';
}
