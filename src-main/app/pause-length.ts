import type { PauseLength } from '../../src-preload/contract/channels.ts';
import { assertNever } from '../core/errors.ts';

/** Tomorrow begins when people are up. */
const MORNING_HOUR = 8;

/** When a pause begun at `now` ends, ms since the epoch; null: when the user says so. Follows local time, so it is right across a change of summer time. */
export function pauseEnd(length: PauseLength, now: number): number | null {
  switch (length) {
    case 'half-hour':
      return now + 30 * 60_000;
    case 'hour':
      return now + 60 * 60_000;
    case 'tomorrow': {
      const date = new Date(now);
      return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1, MORNING_HOUR).getTime();
    }
    case 'until-resumed':
      return null;
    default:
      return assertNever(length);
  }
}
