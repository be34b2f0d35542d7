import type { BandwidthRow } from '../../../src-preload/contract/model.ts';
import { isTime } from '../schedule/schedule-form.ts';

export type RowFault = 'days' | 'times' | 'limit';

/** What a row lacks to mean anything. */
export function rowFault({ days, from, to, up, down }: BandwidthRow): RowFault | null {
  if (days.length === 0) return 'days';
  if (!isTime(from) || !isTime(to)) return 'times';
  return up === null && down === null ? 'limit' : null;
}
