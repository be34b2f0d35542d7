import type { BandwidthLimits } from '../platform/bandwidth.ts';
import type { Clock } from '../platform/clock.ts';
import { type BandwidthTimetable, limitsAt, strictest } from './bandwidth-timetable.ts';

const MINUTE_MS = 60_000;

/** Sets the limits as the timetable says, at each turn of a minute, until `signal` fires; `ceiling` holds at all times. Transfers under way feel it at once. */
export async function keepTimetable(
  timetable: BandwidthTimetable,
  ceiling: BandwidthLimits,
  { clock, set }: { readonly clock: Clock; readonly set: (limits: BandwidthLimits) => void },
  signal: AbortSignal,
): Promise<void> {
  let before: BandwidthLimits | null = null;
  while (!signal.aborted) {
    const now = strictest(limitsAt(timetable, clock.now()), ceiling);
    if (before === null || now.up !== before.up || now.down !== before.down) set(now);
    before = now;
    // A sleeping machine's timers stand still; so the clock is read anew each time.
    await clock.sleep(MINUTE_MS - (clock.now() % MINUTE_MS), signal).catch(() => undefined);
  }
}
