import { describe, expect, it } from 'vitest';
import { PAIR, startService } from '../testing/service-kit.ts';
import { closedReport } from './pair-report.ts';

describe('the app’s folder pairs', () => {
  it('show their paths with ~ for the home folder, and only for that', () => {
    const { service } = startService({ pairs: [PAIR, { ...PAIR, id: 'bbbbbbbbbbbbbbbb', source: '/home/albert/x' }] });
    expect(service.state.pairs.map(({ source }) => source)).toEqual(['~/Documents', '/home/albert/x']);
  });
});

describe('a pause', () => {
  it('outlives a restart of app and engine', async () => {
    const { service, written } = startService({ pairs: [PAIR] });
    await service.pause(null, 5_000);
    expect(written.at(-1)?.pairs[0]).toMatchObject({ pause: null, pauseOfAll: { until: 5_000 } });
    await service.resume(null);
    expect(written.at(-1)?.pairs[0]).toMatchObject({ pause: null, pauseOfAll: null });
  });

  it('can be ended whatever else the folder’s state tells first', async () => {
    const { service } = startService({ pairs: [PAIR] });
    await service.pause(null, null);
    service.news({ reports: [{ pair: PAIR.id, report: closedReport('attention', '', null) }], recent: [] });
    expect(service.state.pairs[0]).toMatchObject({ state: 'attention', paused: true });
    await service.resume(null);
    expect(service.state.pairs[0]?.paused).toBe(false);
  });

  it('of every folder shortens none of one that is to last longer', async () => {
    const one = { ...PAIR, id: 'bbbbbbbbbbbbbbbb' };
    const { service, calls, clock } = startService({ pairs: [PAIR, one] });
    const soon = clock.now() + 3_600_000;
    await service.pause(one.id, null);
    await service.pause(null, soon);
    const pauses = (last: number) => calls.slice(-last);
    expect(pauses(2)).toEqual([
      ['pause', { pair: PAIR.id, until: soon }],
      ['pause', { pair: one.id, until: null }],
    ]);
    await service.pause(null, soon - 1);
    await service.pause(one.id, soon - 2);
    expect(pauses(1)).toEqual([['pause', { pair: one.id, until: soon }]]);
    expect(calls.length).toBe(4);
  });

  it('of every folder ends without ending that of one that was paused by itself before', async () => {
    const one = { ...PAIR, id: 'bbbbbbbbbbbbbbbb' };
    const { service, calls, clock } = startService({ pairs: [PAIR, one] });
    const tonight = clock.now() + 3_600_000;
    const shown = () => service.state.pairs.map(({ state, paused, pausedUntil }) => [state, paused, pausedUntil]);
    await service.pause(one.id, tonight);
    await service.pause(null, null);
    expect(shown()).toEqual([
      ['paused', true, null],
      ['paused', true, null],
    ]);
    await service.resume(null);
    expect(calls.slice(-2)).toEqual([
      ['resume', { pair: PAIR.id }],
      ['pause', { pair: one.id, until: tonight }],
    ]);
    expect(shown()).toEqual([
      ['syncing', false, null],
      ['paused', true, tonight],
    ]);
    // Asked once more, there is nothing else that could be meant.
    await service.resume(null);
    expect(shown()[1]).toEqual(['syncing', false, null]);
  });

  it('of a folder ends on its own word, with that of every folder; one of a single folder ends at once', async () => {
    const { service } = startService({ pairs: [PAIR] });
    const paused = () => service.state.pairs[0]?.paused;
    await service.pause(PAIR.id, null);
    await service.pause(null, null);
    await service.resume(PAIR.id);
    expect(paused()).toBe(false);
    await service.pause(PAIR.id, null);
    await service.pause(null, null);
    await service.resume(null);
    expect(paused()).toBe(false);
  });

  it('that ran out while the app was off is none', () => {
    const { service, calls, clock } = startService();
    const { service: late, calls: lateCalls } = startService({ pairs: [{ ...PAIR, pause: { until: clock.now() - 1 } }] });
    service.engineStarted();
    late.engineStarted();
    expect(calls).toMatchObject([['limit', {}]]);
    expect(lateCalls).toMatchObject([
      ['limit', {}],
      ['open', { pause: null }],
    ]);
  });

  it('is forgotten when the engine has ended it', async () => {
    const { service, store, clock } = startService({ pairs: [PAIR] });
    await service.pause(PAIR.id, clock.now() + 1_000);
    service.news({ reports: [{ pair: PAIR.id, report: closedReport('paused', '', null) }], recent: [] });
    expect(store.now.pairs[0]?.pause).not.toBeNull();
    await clock.advance(1_001);
    service.news({ reports: [{ pair: PAIR.id, report: closedReport('ok', '', null) }], recent: [] });
    expect(store.now.pairs[0]?.pause).toBeNull();
  });
});

it('a folder that stands still is known to since when after a restart of the app, until it was in step', () => {
  const { service, store } = startService({ pairs: [PAIR] });
  const stopped = { ...closedReport('offline', '', { code: 'unreachable', message: '', hint: null }), trouble: { since: 7, triedAt: 7, nextTryAt: null } } as const;
  service.news({ reports: [{ pair: PAIR.id, report: stopped }], recent: [] });
  const { service: next, store: later } = startService({ pairs: store.now.pairs });
  next.news({ reports: [{ pair: PAIR.id, report: { ...stopped, trouble: { since: 90, triedAt: 90, nextTryAt: null } } }], recent: [] });
  expect(next.state.pairs[0]?.trouble).toEqual({ since: 7, triedAt: 90, nextTryAt: null });
  next.news({ reports: [{ pair: PAIR.id, report: { ...closedReport('ok', '', null), lastFullScanAt: 100 } }], recent: [] });
  expect(later.now.pairs[0]?.standstill).toBeNull();
});

describe('C31 one choice for every conflict', () => {
  it('is made only for as many as the user was shown', async () => {
    const { service, calls } = startService({ pairs: [PAIR, { ...PAIR, id: 'bbbbbbbbbbbbbbbb' }] });
    service.news({ reports: [{ pair: PAIR.id, report: { ...closedReport('attention', '', null), conflicts: { items: [], total: 3 } } }], recent: [] });
    await expect(service.resolveAll(null, 'local', 2)).rejects.toMatchObject({ code: 'usage' });
    await service.resolveAll(null, 'both', 3);
    expect(calls).toEqual([['resolve-all', { pair: PAIR.id, choice: 'both', shown: 3 }]]);
  });
});

describe('what the window shows', () => {
  it('has one card for what went wrong inside the app, with the latest', () => {
    const { service } = startService();
    service.fault('one');
    service.fault('two');
    expect(service.state.notices).toEqual([{ id: 'fault', kind: 'fault', detail: 'two' }]);
    service.dismiss('fault');
    expect(service.state.notices).toEqual([]);
  });

  it('keeps the newest thirty actions of all folders, each in its own order', () => {
    const OTHER = { ...PAIR, id: 'bbbbbbbbbbbbbbbb' };
    const { service } = startService({ pairs: [PAIR, OTHER] });
    const item = (pair: string, at: number) => ({ pair, at, path: `${at}`, to: null, what: 'upload', outcome: 'done', reason: '', bytes: 0 }) as const;
    const items = Array.from({ length: 40 }, (_, i) => item(PAIR.id, 2 * (40 - i)));
    service.news({ reports: [], recent: [{ pair: PAIR.id, items: items.slice(20) }] });
    service.news({
      reports: [],
      recent: [
        { pair: PAIR.id, items },
        // Its clock was put back: what it did last comes first all the same.
        { pair: OTHER.id, items: [item(OTHER.id, 3), item(OTHER.id, 79)] },
        { pair: 'removed since', items: [item('removed since', 99)] },
      ],
    });
    expect(service.state.recent.map(({ at }) => at)).toEqual(Array.from({ length: 30 }, (_, i) => 80 - 2 * i));
    service.news({ reports: [], recent: [{ pair: PAIR.id, items: [item(PAIR.id, 2)] }] });
    expect(service.state.recent.map(({ at }) => at)).toEqual([3, 79, 2]);
  });

  it('says that the engine was started again until the user has seen it', () => {
    const { service } = startService();
    service.engineHealth({ kind: 'restarted', at: 1, message: 'x' });
    expect(service.state.engine.kind).toBe('restarted');
    service.dismiss('engine');
    expect(service.state.engine).toEqual({ kind: 'running' });
  });
});
