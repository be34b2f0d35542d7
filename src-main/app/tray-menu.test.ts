import { describe, expect, it } from 'vitest';
import { appState, pairView } from '../testing/app-state.ts';
import { type MenuItem, menuText, trayMenu, trayTooltip } from './tray-menu.ts';

const NOW = Date.UTC(2026, 10, 23, 12);

function labels(items: readonly MenuItem[]): readonly string[] {
  return items.flatMap((item) => (item.kind === 'separator' ? [] : item.kind === 'submenu' ? [item.label, ...labels(item.items).map((label) => `> ${label}`)] : [item.label]));
}

describe('the tray menu', () => {
  it('names every folder with its state, and what can be done', () => {
    const pairs = [pairView({ lastSyncAt: NOW - 120_000 }), pairView({ id: '00000000000000bb', name: 'R&D', state: 'attention', conflicts: { items: [], total: 2 } })];
    const recent = [{ pair: pairs[1]?.id ?? '', at: NOW, path: 'a/b & c.txt', to: null, what: 'upload', outcome: 'done' as const, reason: '', bytes: 1 }];
    expect(labels(trayMenu(appState({ pairs, recent }), NOW))).toEqual([
      'Open File Sync',
      'Documents: Up to date, 2 min ago',
      '> Open folder',
      '> Show in File Sync',
      'R&&D: 2 files have two versions',
      '> Open folder',
      '> Show in File Sync',
      'Pause syncing',
      '> For 30 minutes',
      '> For 1 hour',
      '> Until tomorrow morning',
      '> Until I resume',
      'Sync now',
      'Recent files',
      '> a/b && c.txt (R&&D)',
      'Settings…',
      'Quit',
    ]);
  });

  it('opens each folder in the file manager, or shows it in the window', () => {
    const pairs = [pairView(), pairView({ id: '00000000000000bb', name: 'Photos', state: 'error' })];
    const folders = trayMenu(appState({ pairs }), NOW).filter((item) => item.kind === 'submenu' && /^(Documents|Photos): /.test(item.label));
    expect(folders.map((item) => item.kind === 'submenu' && item.items.map((inner) => inner.kind === 'item' && inner.intent))).toEqual(
      pairs.map(({ id }) => [
        { kind: 'open-folder', pair: id },
        { kind: 'open-pair', pair: id },
      ]),
    );
  });

  it('offers to resume instead of pausing when everything is paused', () => {
    const state = appState({ pairs: [pairView({ state: 'paused' })] });
    expect(labels(trayMenu(state, NOW))).toEqual([
      'Open File Sync',
      'Documents: Paused until you resume',
      '> Open folder',
      '> Show in File Sync',
      'Resume syncing',
      'Recent files',
      '> None lately',
      'Settings…',
      'Quit',
    ]);
  });

  it('offers both when something is paused', () => {
    const state = appState({ pairs: [pairView({ state: 'paused' }), pairView({ id: '00000000000000bb', state: 'ok' })] });
    expect(labels(trayMenu(state, NOW))).toEqual(expect.arrayContaining(['Pause syncing', 'Resume syncing', 'Sync now']));
  });

  it('counts in the tooltip, which follows, and not in a menu, which may stay open', () => {
    const progress = { phase: 'working', done: 52, total: 66, bytes: 0, totalBytes: 0, rate: null, etaSeconds: null, inFlight: [] } as const;
    const state = appState({ overall: 'syncing', pairs: [pairView({ state: 'syncing', progress })] });
    expect(labels(trayMenu(state, NOW))[1]).toBe('Documents: Syncing');
    expect(trayTooltip(state, 'syncing', NOW)).toBe('File Sync: Syncing\nDocuments: Syncing, 52 of 66');
    const large = { ...progress, done: 0, total: 1, bytes: 1_600_000, totalBytes: 6_000_000 };
    expect(trayTooltip(appState({ overall: 'syncing', pairs: [pairView({ state: 'syncing', progress: large })] }), 'syncing', NOW)).toBe(
      'File Sync: Syncing\nDocuments: Syncing, 0 of 1, 26%',
    );
    const looking = appState({ overall: 'syncing', pairs: [pairView({ state: 'syncing', progress: null })] });
    expect(labels(trayMenu(looking, NOW))[1]).toBe('Documents: Looking for changes');
    expect(trayTooltip(looking, 'syncing', NOW)).toBe('File Sync: Looking for changes\nDocuments: Looking for changes');
  });

  it('says until when it is quiet, and syncs anyway', () => {
    const quiet = pairView({ state: 'paused', holds: ['quiet'], pausedUntil: NOW + 3_600_000 });
    const state = appState({ overall: 'paused', pairs: [quiet] });
    const shown = labels(trayMenu(state, NOW)).join('\n');
    expect(shown).toMatch(/Documents: Quiet hours until \d/);
    expect(shown).toMatch(/Pause syncing[\s\S]*Sync anyway until \d{1,2}:\d\d[\s\S]*Sync now/);
    expect(trayTooltip(state, 'paused', NOW)).toMatch(/^File Sync: Quiet hours until \d/);
  });

  it('has little to offer before a folder is set up', () => {
    expect(labels(trayMenu(appState({ overall: 'not-set-up', pairs: [] }), NOW))).toEqual(['Open File Sync', 'No folder is synced yet', 'Settings…', 'Quit']);
  });

  it('a line for a folder never breaks in a word: a long name is shortened, then what comes last is left out', () => {
    const words = { state: 'attention', conflicts: { items: [], total: 2 }, failures: { items: [], total: 3 }, problems: { items: [], total: 4 } } as const;
    const line = (name: string): string => labels(trayMenu(appState({ pairs: [pairView({ ...words, name })] }), NOW))[1] ?? '';
    expect(line('Documents')).toBe('Documents: 2 files have two versions, 7 items not synced');
    expect(line('D'.repeat(40))).toBe(`${'D'.repeat(40)}: 2 files have two versions, 7 items not synced`);
    expect(labels(trayMenu(appState({ pairs: [pairView({ name: 'D'.repeat(90), state: 'paused' })] }), NOW))[1]).toBe(`${'D'.repeat(64)}…: Paused until you resume`);
    const away = { state: 'offline', trouble: { since: NOW, triedAt: NOW, nextTryAt: null }, problems: { items: [], total: 1 } } as const;
    const all = (change: Parameters<typeof pairView>[0]): string => labels(trayMenu(appState({ pairs: [pairView({ ...away, ...change })] }), NOW))[1] ?? '';
    expect(all({})).toMatch(/^Documents: Waiting for the backup since [^·]+ · 1 item not synced$/);
    expect(all({ name: 'D'.repeat(40), paused: true })).toMatch(/^D{19}…: Paused.* · Waiting for the backup since [^·]+, …$/);
  });

  it('lists a file that was copied more than once only once', () => {
    const entry = { pair: '00000000000000aa', at: NOW, path: 'budget.csv', to: null, what: 'upload', outcome: 'done' as const, reason: '', bytes: 0 };
    const shown = labels(trayMenu(appState({ recent: [entry, { ...entry, path: 'b' }, { ...entry, at: NOW - 1 }] }), NOW));
    expect(shown.filter((label) => /^> (budget|b$)/.test(label))).toEqual(['> budget.csv', '> b']);
  });

  it('leaves out files that were removed or moved away since, and has what came to their place', () => {
    const entry = { pair: '00000000000000aa', at: NOW, path: '', to: null, what: 'upload', outcome: 'done' as const, reason: '', bytes: 0 };
    const recent = [
      { ...entry, path: 'kept', what: 'move-remote', to: 'x', outcome: 'failed' as const },
      { ...entry, path: 'back' },
      { ...entry, path: 'back', what: 'remove-local' },
      { ...entry, path: 'b.txt', what: 'move-remote', to: 'b renamed.txt' },
      { ...entry, path: 'gone', what: 'remove-remote' },
      { ...entry, path: 'clash', what: 'set-aside-local', to: 'clash.conflict' },
      ...['b.txt', 'gone', 'clash', 'kept', 'back'].map((path) => ({ ...entry, path, at: NOW - 1 })),
      { ...entry, path: 'gone', pair: '00000000000000bb' },
    ];
    expect(labels(trayMenu(appState({ recent }), NOW)).filter((label) => label.startsWith('> ') && !label.includes(' I ') && !/^> (For|Until|Open|Show)/.test(label))).toEqual([
      '> back',
      '> kept',
      '> gone',
    ]);
  });

  it('lists only files that were copied, newest first, at most ten', () => {
    const recent = Array.from({ length: 30 }, (_, i) => ({
      pair: '00000000000000aa',
      at: NOW - i,
      path: `f${i}`,
      to: null,
      what: i % 2 === 0 ? 'download' : 'remove-local',
      outcome: 'done' as const,
      reason: '',
      bytes: 0,
    }));
    const shown = labels(trayMenu(appState({ recent }), NOW)).filter((label) => label.startsWith('> f'));
    expect(shown).toEqual(Array.from({ length: 10 }, (_, i) => `> f${i * 2}`));
  });
});

describe('menu text', () => {
  it.each([
    ['R&D', 'R&&D'],
    ['a\nb', 'a·b'],
    ['txt.\u202egpj', 'txt.·gpj'],
    ['x'.repeat(100), `${'x'.repeat(20)}…${'x'.repeat(39)}`],
    [`${'😀'.repeat(70)}`, `${'😀'.repeat(20)}…${'😀'.repeat(39)}`],
  ])('%j becomes %j', (text, shown) => {
    expect(menuText(text)).toBe(shown);
  });
});

describe('the tooltip', () => {
  it('says the state in words and whose it is', () => {
    const pairs = [pairView(), pairView({ id: '00000000000000bb', name: 'Photos', state: 'offline' })];
    expect(trayTooltip(appState({ overall: 'offline', pairs }), 'offline', NOW)).toBe('File Sync: Waiting for the backup\nPhotos: Waiting for the backup');
    const asks = pairView({ state: 'attention', conflicts: { items: [], total: 2 } });
    expect(trayTooltip(appState({ overall: 'attention', pairs: [...pairs.slice(1), asks] }), 'attention', NOW)).toBe(
      'File Sync: Needs your attention\nDocuments: 2 files have two versions\nPhotos: Waiting for the backup',
    );
    expect(trayTooltip(appState({ overall: 'not-set-up', pairs: [] }), 'not-set-up', NOW)).toBe('File Sync: Not set up');
  });
});
