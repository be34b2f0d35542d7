import type { PairReport } from '../../src-preload/contract/model.ts';
import type { Pause } from '../compose/pair-rest.ts';
import { closedReport } from './pair-report.ts';

/** A shorter look is not told of a folder that is in step: most find nothing, and what flickers tells nothing. */
export const SHORT_LOOK_MS = 1_000;

/** What is known of the engine's looks beside its status. */
export interface Looks {
  /** There was one since it was opened; true where it is opened without one. */
  readonly looked: boolean;
  /** How long the one lasts that is under way. */
  readonly forMs: number;
}

/**
 * The state of a folder, decided here alone: rows, cards, headline, tray and notifications go by it. The engine's own word for it is mended where the app knows more.
 * A backup that is away comes before what waits for a person: nothing that is decided meanwhile can be carried out.
 */
export function withState(report: PairReport, looks: Looks): PairReport {
  const state = stateOf(report, looks);
  return { ...report, state, progress: state === 'ok' ? null : report.progress };
}

/** A folder of which the engine thread has told nothing yet. */
export function openingReport(pause: Pause): PairReport {
  return pause === null ? closedReport('syncing', 'Opening', null) : { ...closedReport('paused', 'Paused', null), pausedUntil: pause.until };
}

function stateOf({ state, error, holds, progress, lastSyncAt, lastFullScanAt }: PairReport, { looked, forMs }: Looks): PairReport['state'] {
  if (error?.code === 'unreachable') return 'offline';
  // A full disk is no rest: somebody has to make room.
  if (state === 'paused' && holds.includes('disk')) return 'attention';
  if (state !== 'ok') return state;
  // Until it has been looked at once, nobody knows what there is to do: such a folder is not in step, it is on its way.
  const isUnknown = !looked || (lastSyncAt === null && lastFullScanAt === null);
  return isUnknown || (progress !== null && forMs >= SHORT_LOOK_MS) ? 'syncing' : 'ok';
}
