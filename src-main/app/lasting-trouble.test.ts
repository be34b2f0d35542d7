import { expect, it } from 'vitest';
import { LastingTrouble } from './lasting-trouble.ts';
import { closedReport } from './pair-report.ts';

const stopped = (since: number) => ({
  ...closedReport('error', 'refused', { code: 'refused', message: 'refused', hint: null }),
  lastFullScanAt: 5,
  trouble: { since, triedAt: since, nextTryAt: null },
});
const opening = closedReport('syncing', 'Opening', null);

it('a folder that is opened anew and stops again has been stopped since the first time, until it was in step', () => {
  const trouble = new LastingTrouble();
  const since = (pair: string, report: ReturnType<typeof stopped>) => trouble.told(pair, report).trouble?.since;
  expect(since('a', stopped(10))).toBe(10);
  expect(trouble.told('a', opening)).toBe(opening);
  expect(trouble.told('a', stopped(20)).trouble).toEqual({ since: 10, triedAt: 20, nextTryAt: null });
  expect(since('b', stopped(30))).toBe(30);
  trouble.told('a', { ...opening, state: 'ok', lastFullScanAt: 40 });
  expect(since('a', { ...stopped(50), lastFullScanAt: 40 })).toBe(50);
  trouble.forget('a');
  expect(since('a', stopped(60))).toBe(60);
});
