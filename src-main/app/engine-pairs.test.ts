import { describe, expect, it } from 'vitest';
import { PAIR, startService } from '../testing/service-kit.ts';
import type { PairSetup } from './engine-protocol.ts';
import { closedReport } from './pair-report.ts';
import type { PairSetting } from './settings-schema.ts';

describe('the app’s folder pairs', () => {
  it('of which one ends the engine thread again and again are opened without it; it says so, and is tried again on the user’s word', async () => {
    const bad = { ...PAIR, id: 'bbbbbbbbbbbbbbbb', name: 'Bad' };
    const { service, calls } = startService({ pairs: [PAIR, bad] });
    const opened = () => calls.splice(0).flatMap(([name, input]) => (name === 'open' ? [(input as PairSetup).id] : []));
    const state = (id: string) => service.state.pairs.find((pair) => pair.id === id);
    const ok = (pair: string) => service.news({ reports: [{ pair, report: closedReport('ok', 'Up to date', null) }], recent: [] });
    const crash = () => service.engineHealth({ kind: 'restarting', message: 'out of memory' });
    service.engineStarted();
    expect(opened()).toEqual([PAIR.id, bad.id]);
    for (let i = 0; i < 2; i++) {
      ok(PAIR.id);
      crash();
      service.engineStarted();
      expect(opened()).toEqual([PAIR.id, bad.id]);
    }
    ok(PAIR.id);
    crash();
    service.engineStarted();
    expect(opened()).toEqual([PAIR.id]);
    expect(state(bad.id)).toMatchObject({ state: 'error', error: { code: 'internal', message: expect.stringContaining('again and again') } });
    ok(PAIR.id);
    expect(state(PAIR.id)?.state).toBe('ok');
    await service.pause(null, null);
    await service.resume(null);
    expect(calls.splice(0).map(([name, input]) => [name, (input as { pair?: string }).pair])).toEqual([
      ['pause', PAIR.id],
      ['resume', PAIR.id],
    ]);
    await service.syncNow(bad.id);
    expect(opened()).toEqual([bad.id]);
    expect(state(bad.id)?.state).toBe('syncing');
  });

  it('are told anew to an engine thread that was started again', () => {
    const { service, calls } = startService({ pairs: [PAIR, { ...PAIR, id: 'bbbbbbbbbbbbbbbb', pause: { until: null } }] });
    service.engineStarted();
    expect(calls[0]).toEqual(['limit', { up: null, down: null }]);
    expect(calls.slice(1).map(([name, input]) => [name, (input as PairSetting).pause])).toEqual([
      ['open', null],
      ['open', { until: null }],
    ]);
  });
});
