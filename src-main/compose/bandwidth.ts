import { type Bandwidth, NO_LIMITS } from '../platform/bandwidth.ts';
import { BandwidthLimiter } from '../platform/bandwidth-limiter.ts';
import type { Clock } from '../platform/clock.ts';
import { keepTimetable } from '../settings/keep-timetable.ts';
import type { Config } from '../settings/settings.ts';

/** As fast as the settings allow, by their timetable if they have one; it is kept until the closer is called. */
export function bandwidthOf(
  { bandwidth = NO_LIMITS, bandwidthTimetable }: Partial<Pick<Config, 'bandwidth' | 'bandwidthTimetable'>>,
  clock: Clock,
  closers: (() => Promise<void>)[],
): Bandwidth {
  const limiter = new BandwidthLimiter(clock, bandwidth);
  if (bandwidthTimetable === undefined) return limiter;
  const stop = new AbortController();
  const kept = keepTimetable(bandwidthTimetable, bandwidth, { clock, set: (limits) => limiter.set(limits) }, stop.signal);
  closers.push(() => {
    stop.abort();
    return kept;
  });
  return limiter;
}
