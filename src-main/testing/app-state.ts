import type { AppState, PairView, SettingsView } from '../../src-preload/contract/model.ts';
import { closedReport } from '../app/pair-report.ts';
import { DEFAULT_SETTINGS, viewOfSettings } from '../app/settings-schema.ts';

/** A folder as the window sees it. */
export function pairView(change: Partial<PairView> = {}): PairView {
  return {
    ...closedReport('ok', 'Up to date', null),
    paused: change.state === 'paused' && (change.holds ?? []).length === 0,
    id: '00000000000000aa',
    name: 'Documents',
    source: '~/Documents',
    storage: { kind: 'folder', path: '/backup' },
    protection: null,
    settings: { conflictPolicy: 'keep_both', conflictOverrides: [], ignorePatterns: [], ignoreJunk: true, schedule: null, tuning: {} },
    ...change,
  };
}

export function appState(change: Partial<AppState> = {}): AppState {
  return {
    overall: 'ok',
    pairs: [pairView()],
    engine: { kind: 'running' },
    tray: 'shown',
    language: 'en',
    machine: { online: true, onBattery: false, metered: null },
    settings: settingsView(),
    notices: [],
    recent: [],
    version: '1.0.0',
    computer: 'laptop',
    ...change,
  };
}

export function settingsView(change: Partial<SettingsView> = {}): SettingsView {
  return { ...viewOfSettings(DEFAULT_SETTINGS), ...change };
}
