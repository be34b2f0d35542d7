import type { Pair } from '../compose.ts';
import { type DeskRest, deskOf, type PairDesk, type Times } from '../control/pair-desk.ts';
import { trashFinder } from '../local/trash-finder.ts';
import { trashed } from './restore-trash.ts';

export interface DeskOptions {
  readonly schedule?: Times | undefined;
  readonly hold?: Partial<DeskRest>;
}

/** The desk of a pair in this process. */
export function pairDesk(pair: Pair, { schedule, hold = {} }: DeskOptions = {}): PairDesk {
  const isTimed = schedule !== undefined && (schedule.cron !== null || schedule.quiet.length > 0);
  return deskOf({ ...pair, schedule: isTimed ? schedule : null, trashFinder: () => trashFinder(pair.trash), trashed: (path, batch) => trashed(pair.trash, path, batch) }, hold);
}
