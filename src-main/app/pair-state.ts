import type { PairReport } from '../../src-preload/contract/model.ts';
import type { Pause } from './engine-protocol.ts';
import { closedReport } from './pair-report.ts';

/**
 * The state of a folder, decided here alone: rows, cards, headline, tray and notifications go by it. The engine's own word for it is mended where the app knows more.
 * A backup that is away comes before what waits for a person: nothing that is decided meanwhile can be carried out.
 */
export function withState(report: PairReport): PairReport {
  return { ...report, state: stateOf(report) };
}

/** A folder of which the engine thread has told nothing yet. */
export function openingReport(pause: Pause): PairReport {
  return pause === null ? closedReport('syncing', 'Opening', null) : { ...closedReport('paused', 'Paused', null), pausedUntil: pause.until };
}

function stateOf({ state, error, holds, lastSyncAt, lastFullScanAt }: PairReport): PairReport['state'] {
  if (error?.code === 'unreachable') return 'offline';
  // A full disk is no rest: somebody has to make room.
  if (state === 'paused' && holds.includes('disk')) return 'attention';
  // Until it has been looked at once, nobody knows what there is to do: such a folder is not in step, it is on its way.
  return state === 'ok' && lastSyncAt === null && lastFullScanAt === null ? 'syncing' : state;
}
