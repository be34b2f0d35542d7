import { describe, expect, it } from 'vitest';
import type { MachineView } from '../../src-preload/contract/desktop.ts';
import { settle } from '../testing/manual-clock.ts';
import { PAIR, startService } from '../testing/service-kit.ts';
import type { PairSetup } from './engine-protocol.ts';
import { closedReport } from './pair-report.ts';
import type { PairSetting } from './settings-schema.ts';

describe('C59 S21 sleep and wake', () => {
  it('pause and resume once each, however often they are told, and leave the user’s own pauses alone', () => {
    const { service, calls, store } = startService({ pairs: [PAIR, { ...PAIR, id: 'bbbbbbbbbbbbbbbb', pause: { until: null } }] });
    service.sleep();
    service.sleep();
    service.wake();
    service.wake();
    expect(calls).toEqual([
      ['hold', { pair: PAIR.id, reasons: ['sleep'] }],
      ['hold', { pair: 'bbbbbbbbbbbbbbbb', reasons: ['sleep'] }],
      ['hold', { pair: PAIR.id, reasons: [] }],
      ['hold', { pair: 'bbbbbbbbbbbbbbbb', reasons: [] }],
    ]);
    expect(store.now.pairs.map(({ pause }) => pause)).toEqual([null, { until: null }]);
  });
});

describe('power and network', () => {
  const BUCKET: PairSetting = {
    ...PAIR,
    id: 'cccccccccccccccc',
    backend: { kind: 's3', provider: 'b2', bucket: 'b', prefix: '', endpoint: null, region: null, forcePathStyle: null, proxy: null, caFile: null, credentials: { kind: 'chain' } },
  };
  const machine = (change: Partial<MachineView>): MachineView => ({ online: true, onBattery: false, metered: false, ...change });
  const held = (calls: readonly (readonly [string, unknown])[]) => calls.filter(([name]) => name === 'hold').map(([, input]) => input);

  it('hold what the settings say, and only that', () => {
    const { service, calls } = startService({ pairs: [PAIR, BUCKET], pauseOnMetered: true });
    service.machine(machine({ onBattery: true }));
    expect(held(calls)).toEqual([]);
    service.set({ pauseOnBattery: true });
    service.machine(machine({ onBattery: true, metered: true }));
    service.machine(machine({ metered: true }));
    expect(held(calls)).toEqual([
      { pair: PAIR.id, reasons: ['battery'] },
      { pair: BUCKET.id, reasons: ['battery'] },
      { pair: BUCKET.id, reasons: ['battery', 'metered'] },
      { pair: PAIR.id, reasons: [] },
      { pair: BUCKET.id, reasons: ['metered'] },
    ]);
    service.set({ pauseOnMetered: false });
    expect(held(calls).at(-1)).toEqual({ pair: BUCKET.id, reasons: [] });
  });

  it('are handed over with a pair that is opened', async () => {
    const { service, calls } = startService({ pairs: [PAIR], pauseOnBattery: true });
    service.machine(machine({ onBattery: true }));
    service.engineStarted();
    await settle();
    expect(calls.filter(([name]) => name === 'open').map(([, input]) => (input as PairSetup).holds)).toEqual([['battery']]);
  });

  it('C59 a network that goes or comes is looked at at once, for what needs one', () => {
    const { service, calls } = startService({ pairs: [PAIR, BUCKET] });
    service.machine(machine({ online: false }));
    service.machine(machine({ online: false, onBattery: true }));
    expect(calls.filter(([name]) => name === 'sync')).toEqual([['sync', { pair: BUCKET.id }]]);
    service.news({ reports: [{ pair: PAIR.id, report: closedReport('offline', '', null) }], recent: [] });
    service.machine(machine({ online: true }));
    expect(calls.filter(([name]) => name === 'sync').slice(1)).toEqual([
      ['sync', { pair: PAIR.id }],
      ['sync', { pair: BUCKET.id }],
    ]);
  });
});
