import { describe, expect, it } from 'vitest';
import type { PairReport } from '../../src-preload/contract/model.ts';
import { closedReport } from './pair-report.ts';
import { withState } from './pair-state.ts';

const AWAY = { code: 'unreachable', message: 'the store cannot be reached', hint: null } as const;

function stateOf(change: Partial<PairReport>): PairReport['state'] {
  return withState({ ...closedReport('ok', '', null), lastSyncAt: 1, lastFullScanAt: 1, ...change }).state;
}

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
    expect(stateOf({})).toBe('ok');
  });
});
