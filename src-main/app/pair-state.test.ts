import { describe, expect, it } from 'vitest';
import type { PairReport } from '../../src-preload/contract/model.ts';
import { closedReport } from './pair-report.ts';
import { type Looks, SHORT_LOOK_MS, withState } from './pair-state.ts';

const AWAY = { code: 'unreachable', message: 'the store cannot be reached', hint: null } as const;

function told(change: Partial<PairReport>, looks: Partial<Looks> = {}): PairReport {
  return withState({ ...closedReport('ok', '', null), lastSyncAt: 1, lastFullScanAt: 1, ...change }, { looked: true, forMs: 0, ...looks });
}
const stateOf = (...given: Parameters<typeof told>): PairReport['state'] => told(...given).state;

describe('the state of a folder', () => {
  it('waits for its backup, whatever else is open in it', () => {
    expect(stateOf({ state: 'attention', error: AWAY })).toBe('offline');
    expect(stateOf({ state: 'attention', error: AWAY, holds: ['disk'] })).toBe('offline');
    expect(stateOf({ state: 'attention' })).toBe('attention');
    expect(stateOf({ state: 'error', error: { ...AWAY, code: 'refused' } })).toBe('error');
  });

  it('wants attention while the disk is almost full, and is on its way before the first look', () => {
    expect(stateOf({ state: 'paused', holds: ['disk'] })).toBe('attention');
    expect(stateOf({ state: 'paused', holds: ['battery'] })).toBe('paused');
    expect(stateOf({ lastSyncAt: null, lastFullScanAt: null })).toBe('syncing');
    expect(stateOf({}, { looked: false })).toBe('syncing');
    expect(stateOf({ state: 'paused' }, { looked: false })).toBe('paused');
    expect(stateOf({})).toBe('ok');
  });

  it('tells a look that lasts, and none that is over in a moment', () => {
    const progress = { phase: 'looking', done: 3, total: 0, bytes: 0, totalBytes: 0, rate: null, etaSeconds: null, inFlight: [] } as const;
    expect(told({ progress })).toMatchObject({ state: 'ok', progress: null });
    expect(told({ progress }, { forMs: SHORT_LOOK_MS })).toMatchObject({ state: 'syncing', progress });
    expect(told({ state: 'attention', progress })).toMatchObject({ state: 'attention', progress });
  });
});
