import { describe, expect, it } from 'vitest';
import { pairView } from '../testing/app-state.ts';
import { VitalSigns } from './vital-signs.ts';

function start() {
  let now = 1_000;
  const calls: string[] = [];
  const logged: [string, unknown][] = [];
  /** Each as the loop saw it, the interval included. */
  const samples = { count: 0, p50: 0, p99: 0, max: 0 };
  const vitals = new VitalSigns({
    clock: { now: () => now },
    startedAt: 0,
    delays: {
      enable: () => calls.push('enable') > 0,
      disable: () => calls.push('disable') > 0,
      percentile: (percent) => (percent === 50 ? samples.p50 : samples.p99),
      get max() {
        return samples.max;
      },
      get count() {
        return samples.count;
      },
    },
    memory: () => [
      { type: 'Browser', kib: 100 * 1024 },
      { type: 'GPU', kib: 50 * 1024 },
    ],
    log: (message, fields) => logged.push([message, fields]),
  });
  const sync = (state: 'ok' | 'syncing') => vitals.update({ pairs: [pairView({ state: 'ok' }), pairView({ state })] });
  const measured = (count: number, p50: number, p99: number, max: number) => Object.assign(samples, { count, p50: p50 * 1e6, p99: p99 * 1e6, max: max * 1e6 });
  return { vitals, sync, measured, calls, logged, pass: (ms: number) => (now += ms) };
}

describe('the vital signs', () => {
  it('say how long the tray and the window took, the first time', () => {
    const { vitals, logged, pass } = start();
    vitals.mark('tray');
    pass(500);
    vitals.mark('window');
    pass(500);
    vitals.mark('tray');
    vitals.mark('window');
    expect(vitals.facts).toMatchObject({ trayAfterMs: 1_000, windowAfterMs: 1_500 });
    expect(logged).toEqual([
      ['the tray is there', { afterMs: 1_000 }],
      ['the window is there', { afterMs: 1_500 }],
    ]);
  });

  it('look at the loop while something is synced, and at no other time', () => {
    const { vitals, sync, measured, calls } = start();
    expect(vitals.facts).toMatchObject({ mainLoopDelayWhileSyncing: null });
    sync('ok');
    sync('syncing');
    sync('syncing');
    expect(calls).toEqual(['enable']);
    measured(3_000, 10.04, 14.5, 31);
    expect(vitals.facts).toMatchObject({ mainLoopDelayWhileSyncing: { p50Ms: 0, p99Ms: 4.5, maxMs: 21, seconds: 30 } });
    sync('ok');
    expect(calls).toEqual(['enable', 'disable']);
  });

  it('keep what the longest sync showed', () => {
    const { vitals, sync, measured } = start();
    for (const [count, max] of [
      [3_000, 31],
      [200, 99],
    ] as const) {
      sync('syncing');
      measured(count, 10, 10, max);
      sync('ok');
    }
    expect(vitals.facts).toMatchObject({ mainLoopDelayWhileSyncing: { maxMs: 21, seconds: 30 } });
  });

  it('tell the memory of every process', () => {
    expect(start().vitals.facts).toMatchObject({
      memory: [
        { type: 'Browser', mib: 100 },
        { type: 'GPU', mib: 50 },
      ],
      memoryMib: 150,
    });
  });
});
