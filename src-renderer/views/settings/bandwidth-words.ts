import type { Progress, SettingsView } from '../../../src-preload/contract/model.ts';
import { bandwidthNow } from '../../../src-preload/contract/timetable.ts';
import { formatBytes, formatClock, weekdayName } from '../../strings/format.ts';
import { say } from '../../strings/say.ts';

type Limits = SettingsView['bandwidth'];
type Times = Pick<SettingsView, 'bandwidth' | 'bandwidthTimetable' | 'schedule'>;

/** What limits hold now and next, in sentences. */
export function bandwidthWords({ bandwidth, bandwidthTimetable, schedule }: Times, now: number): string {
  const { limits, next } = bandwidthNow(bandwidthTimetable, bandwidth, now, schedule.timeZone);
  const said = say.timetable.now(limitWords(limits));
  if (next === null) return said;
  const time = formatClock(next.minute);
  return `${said} ${say.timetable.next(next.today ? time : `${weekdayName(next.day, 'long')} ${time}`, limitWords(next.limits))}`;
}

/** What limits the transfers that are under way, in few words; empty where nothing does. */
export function limitedWords({ bandwidth, bandwidthTimetable, schedule }: Times, inFlight: Progress['inFlight'], now: number): string {
  const { limits } = bandwidthNow(bandwidthTimetable, bandwidth, now, schedule.timeZone);
  const ways = (['up', 'down'] as const).filter((way) => limits[way] !== null && inFlight.some(({ direction }) => direction === way));
  const rates = new Set(ways.map((way) => rate(limits[way])));
  if (rates.size === 0) return '';
  return say.progress.limited(rates.size === 1 ? [...rates].join('') : ways.map((way) => `${rate(limits[way])} ${say.progress[way]}`).join(', '));
}

function limitWords({ up, down }: Limits): string {
  const { words } = say.timetable;
  if (up === null && down === null) return words.none;
  if (up === down) return words.each(rate(up));
  return `${up === null ? words.upFree : words.up(rate(up))}, ${down === null ? words.downFree : words.down(rate(down))}`;
}

function rate(bytes: number | null): string {
  return `${formatBytes(bytes ?? 0)}/s`;
}
