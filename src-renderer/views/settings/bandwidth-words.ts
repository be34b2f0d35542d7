import type { SettingsView } from '../../../src-preload/contract/model.ts';
import { bandwidthNow } from '../../../src-preload/contract/timetable.ts';
import { en } from '../../strings/en.ts';
import { formatBytes, formatClock, weekdayName } from '../../strings/format.ts';

type Limits = SettingsView['bandwidth'];

/** What limits hold now and next, in sentences. */
export function bandwidthWords({ bandwidth, bandwidthTimetable, schedule }: Pick<SettingsView, 'bandwidth' | 'bandwidthTimetable' | 'schedule'>, now: number): string {
  const { limits, next } = bandwidthNow(bandwidthTimetable, bandwidth, now, schedule.timeZone);
  const said = en.timetable.now(limitWords(limits));
  if (next === null) return said;
  const time = formatClock(next.minute);
  return `${said} ${en.timetable.next(next.today ? time : `${weekdayName(next.day, 'long')} ${time}`, limitWords(next.limits))}`;
}

function limitWords({ up, down }: Limits): string {
  const { words } = en.timetable;
  if (up === null && down === null) return words.none;
  if (up === down) return words.each(rate(up));
  return `${up === null ? words.upFree : words.up(rate(up))}, ${down === null ? words.downFree : words.down(rate(down))}`;
}

function rate(bytes: number | null): string {
  return `${formatBytes(bytes ?? 0)}/s`;
}
