import { expect, it } from 'vitest';
import type { PairReport } from '../../src-preload/contract/model.ts';
import { LastingTrouble } from './lasting-trouble.ts';
import { closedReport } from './pair-report.ts';

const stopped = (since: number) => ({
  ...closedReport('error', 'refused', { code: 'refused', message: 'refused', hint: null }),
  lastFullScanAt: 5,
  trouble: { since, triedAt: since, nextTryAt: null },
});
const opening = closedReport('syncing', 'Opening', null);

it('a folder that is opened anew and stops again has been stopped since the first time, until it was in step', () => {
  const trouble = new LastingTrouble(() => null);
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

it('one that stood still before the app was started goes on, if the reason is of the same kind and it was not in step since', () => {
  const since = (code: 'refused' | 'unreachable', report: PairReport) => {
    const trouble = new LastingTrouble(() => ({ since: 10, code }));
    trouble.told('a', opening);
    trouble.told('a', { ...opening, lastFullScanAt: 5 });
    const told = trouble.told('a', report).trouble?.since ?? null;
    return [told, trouble.of('a')];
  };
  expect(since('refused', stopped(50))).toEqual([10, { since: 10, code: 'refused' }]);
  expect(since('unreachable', stopped(50))).toEqual([50, { since: 50, code: 'refused' }]);
  expect(since('refused', { ...stopped(50), lastFullScanAt: 40 })).toEqual([50, { since: 50, code: 'refused' }]);
  expect(since('refused', { ...opening, state: 'ok', lastFullScanAt: 40 })).toEqual([null, null]);
  expect(since('refused', opening)).toEqual([null, { since: 10, code: 'refused' }]);
});
