import type { AppState, PairView } from '../../src-preload/contract/model.ts';
import { closedReport } from '../app/pair-report.ts';

/** A folder as the window sees it. */
export function pairView(change: Partial<PairView> = {}): PairView {
  return {
    ...closedReport('ok', 'Up to date', null),
    id: '00000000000000aa',
    name: 'Documents',
    source: '~/Documents',
    storage: { kind: 'folder', path: '/backup' },
    protection: null,
    settings: { conflictPolicy: 'keep_both', ignorePatterns: [], ignoreJunk: true },
    ...change,
  };
}

export function appState(change: Partial<AppState> = {}): AppState {
  return {
    overall: 'ok',
    pairs: [pairView()],
    engine: { kind: 'running' },
    tray: 'shown',
    settings: { theme: 'system', startAtLogin: false, notify: 'attention', bandwidth: { up: null, down: null } },
    notices: [],
    recent: [],
    version: '1.0.0',
    ...change,
  };
}
