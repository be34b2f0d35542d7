import { describe, expect, it } from 'vitest';
import { NOTIFY_EVENTS } from '../../src-preload/contract/desktop.ts';
import type { ActivityItem, AppState, PairView, SettingsView } from '../../src-preload/contract/model.ts';
import { appState, pairView, settingsView } from '../testing/app-state.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { FolderGains } from './folder-gains.ts';
import { type Notification, Notifier } from './notifier.ts';

function start() {
  const clock = new ManualClock();
  const all: Notification[] = [];
  const shown: string[] = [];
  const gains = new FolderGains(clock.now());
  const show = (notification: Notification): void => {
    all.push(notification);
    shown.push(notification.title);
  };
  return { clock, shown, all, gains, notifier: new Notifier({ clock, gains, show }) };
}
const withPair = (change: Partial<PairView>, settings: Partial<SettingsView> = {}): AppState => appState({ pairs: [pairView(change)], settings: settingsView(settings) });
const withConflicts = (total: number, settings: Partial<SettingsView> = {}) => withPair({ state: 'attention', conflicts: { items: [], total } }, settings);
const sent = (clock: ManualClock): ActivityItem => ({ pair: pairView().id, at: clock.now() + 1, path: 'a', to: null, what: 'upload', outcome: 'done', reason: '', bytes: 1 });

describe('notifications', () => {
  it('gather what happens within ten seconds, and do not repeat it', async () => {
    const { clock, shown, notifier } = start();
    for (let n = 1; n <= 9; n++) {
      notifier.update(withConflicts(n));
      await clock.advance(1_000);
    }
    expect(shown).toEqual([]);
    await clock.advance(5_000);
    notifier.update(withConflicts(12));
    await clock.advance(3_600_000);
    expect(shown).toEqual(['9 files have two versions']);
  });

  it('come at most once in ten minutes for one cause, however often it comes and goes', async () => {
    const { clock, shown, notifier } = start();
    for (let i = 0; i < 20; i++) {
      notifier.update(withConflicts(1));
      await clock.advance(15_000);
      notifier.update(appState());
      await clock.advance(14_000);
    }
    expect(shown).toEqual(['A file has two versions']);
    // What is still so when the time is over is told then.
    notifier.update(withConflicts(2));
    await clock.advance(5_000);
    expect(shown).toHaveLength(1);
    await clock.advance(60_000);
    expect(shown).toEqual(['A file has two versions', '2 files have two versions']);
  });

  it('of a conflict on another file come at once when those told before are settled', async () => {
    const { clock, shown, notifier } = start();
    const side = { kind: 'file', size: 1, modifiedAt: null, device: null } as const;
    const conflict = (...paths: readonly string[]) =>
      withPair({ state: 'attention', conflicts: { items: paths.map((path) => ({ path, local: side, remote: side, since: 1 })), total: paths.length } });
    for (const state of [conflict('a'), conflict('b', 'a'), appState(), conflict('b'), appState(), conflict('b')]) {
      notifier.update(state);
      await clock.advance(15_000);
    }
    expect(shown).toEqual(['a has two versions', 'b has two versions']);
  });

  it('of another cause, or another folder, are not held up by that', async () => {
    const { clock, shown, notifier } = start();
    notifier.update(withConflicts(1));
    await clock.advance(11_000);
    const other = pairView({ id: 'bb', name: 'Photos', state: 'attention', conflicts: { items: [], total: 1 } });
    const held = [{ side: 'remote', why: 'too-many', files: 60, wentOver: 0, paths: { items: [], total: 60 } }] as const;
    notifier.update(appState({ pairs: [pairView({ state: 'attention', conflicts: { items: [], total: 1 }, held }), other] }));
    await clock.advance(11_000);
    expect(shown).toEqual(['A file has two versions', '60 deletions held back', 'A file has two versions']);
  });

  it('tell of another hold at once: on another side, for another reason, of another number of files', async () => {
    const { clock, shown, notifier } = start();
    const hold = (side: 'local' | 'remote', why: 'too-many' | 'scrambled', files: number) =>
      withPair({ state: 'attention', held: [{ side, why, files, wentOver: 0, paths: { items: [], total: files } }] });
    for (const state of [
      hold('remote', 'scrambled', 39),
      withPair({}),
      hold('remote', 'too-many', 130),
      withPair({}),
      hold('local', 'too-many', 130),
      withPair({}),
      hold('local', 'too-many', 140),
    ]) {
      notifier.update(state);
      await clock.advance(11_000);
    }
    expect(shown).toEqual(['39 suspicious changes held back', '130 deletions held back', '130 deletions held back', '140 deletions held back']);
    // The same again is the same cause.
    notifier.update(withPair({}));
    notifier.update(hold('local', 'too-many', 140));
    await clock.advance(11_000);
    expect(shown).toHaveLength(4);
  });

  it('of a hold that grows or shrinks while it stands come again only when it is twice as much', async () => {
    const { clock, shown, notifier } = start();
    for (const files of [30, 31, 45, 59, 20, 60, 61]) {
      notifier.update(withPair({ state: 'attention', held: [{ side: 'remote', why: 'too-many', files, wentOver: 0, paths: { items: [], total: files } }] }));
      await clock.advance(11_000);
    }
    expect(shown).toEqual(['30 deletions held back', '60 deletions held back']);
  });

  it('tell of another error of the same folder at once', async () => {
    const { clock, all, notifier } = start();
    for (const code of ['root-missing', 'remote-missing'] as const) {
      notifier.update(withPair({ state: 'error', error: { code, message: code, hint: null } }));
      await clock.advance(11_000);
    }
    expect(all.map(({ body }) => body)).toEqual(['Root-missing.', 'Remote-missing.']);
  });

  it('tell of conflicts that a rule settled, all at once, and ask for nothing', async () => {
    const { clock, all, gains, notifier } = start();
    const settled = { pair: pairView().id, at: clock.now(), path: 'Letters/letter 4.txt', kept: 'both', copy: 'Letters/letter 4.conflict-vm-1.txt' } as const;
    gains.settle([settled]);
    notifier.update(withPair({ state: 'ok' }));
    await clock.advance(11_000);
    notifier.update(withPair({ state: 'ok' }));
    expect(all).toMatchObject([
      { title: 'letter 4.txt was changed here and elsewhere', body: 'Both are kept in Documents, the second one under another name.', onClick: { kind: 'conflicts' } },
    ]);
    gains.settle([settled, { ...settled, path: 'b.txt' }, { ...settled, path: 'c.txt' }]);
    notifier.update(withPair({ state: 'ok' }));
    await clock.advance(700_000);
    expect(all.map(({ title }) => title)).toEqual(['letter 4.txt was changed here and elsewhere', '3 files changed here and elsewhere']);
  });

  it('name what cannot be synced, and do not offer a try that is hopeless', async () => {
    const { clock, all, notifier } = start();
    const failure = (path: string) => ({ path, code: 'name-too-long', message: 'x', attempts: 2, since: 0 }) as const;
    const problem = (path: string, reason: 'unreadable' | 'special-file') => ({ path, side: 'local', reason, detail: null }) as const;
    const failures = { items: [failure('a/one'), failure('two'), failure('three')], total: 3 };
    notifier.update(withPair({ state: 'attention', failures }));
    await clock.advance(11_000);
    notifier.update(withPair({ state: 'attention', failures, problems: { items: [problem('secret.txt', 'unreadable'), problem('pipe', 'special-file')], total: 2 } }));
    await clock.advance(11_000);
    expect(all.map(({ title, body, button }) => [title, body, button?.label])).toEqual([
      ['3 items cannot be synced', 'In Documents: one, two and 1 more.', 'Have a look'],
      ['1 item cannot be synced', 'In Documents: secret.txt.', 'Have a look'],
    ]);
  });

  it('shorten a long name in its middle, so that its end is there', async () => {
    const { clock, all, notifier } = start();
    const failure = { path: `a/${'d'.repeat(200)} 2026.txt`, code: 'io', message: 'x', attempts: 2, since: 0 } as const;
    notifier.update(withPair({ state: 'attention', failures: { items: [failure], total: 1 } }));
    await clock.advance(11_000);
    expect(all[0]?.body).toBe(`In Documents: ${'d'.repeat(20)}…${'d'.repeat(10)} 2026.txt.`);
  });

  it('do not come for what was over in time, for routine work, or when switched off', async () => {
    const { clock, shown, notifier, gains } = start();
    notifier.update(withConflicts(1));
    await clock.advance(2_000);
    gains.add([sent(clock)]);
    notifier.update(withPair({ state: 'ok' }));
    await clock.advance(60_000);
    notifier.update(withConflicts(1, { notify: 'off' }));
    await clock.advance(60_000);
    const events = { ...settingsView().notifyEvents, conflict: false };
    notifier.update(withConflicts(1, { notifyEvents: events }));
    await clock.advance(60_000);
    expect(shown).toEqual([]);
  });

  it('tell routine work too where everything is wanted, all files at once', async () => {
    const { clock, shown, notifier, gains } = start();
    for (let i = 0; i < 214; i++) gains.add([sent(clock)]);
    notifier.update(withPair({ state: 'syncing' }, { notify: 'all' }));
    await clock.advance(30_000);
    expect(shown).toEqual([]);
    notifier.update(withPair({ state: 'ok' }, { notify: 'all' }));
    await clock.advance(30_000);
    expect(shown).toEqual(['214 files synced']);
    notifier.update(withPair({ state: 'ok' }, { notify: 'all' }));
    await clock.advance(3_600_000);
    expect(shown).toHaveLength(1);
  });

  it('C59 S124 are silent about a folder that is merely offline', async () => {
    const { clock, shown, notifier } = start();
    notifier.update(withPair({ state: 'offline', error: { code: 'unreachable', message: 'away', hint: null } }));
    await clock.advance(60_000);
    expect(shown).toEqual([]);
  });

  it('C55 tell once that the disk is almost full', async () => {
    const { clock, shown, notifier } = start();
    notifier.update(withPair({ state: 'paused', holds: ['disk'] }));
    await clock.advance(60_000);
    expect(shown).toEqual(['This disk is almost full']);
  });

  it('lead to what they are about, by a click and by a button', async () => {
    const { clock, all, notifier } = start();
    const failures = { items: [{ path: 'a', code: 'io', message: 'x', attempts: 2, since: 0 }], total: 1 } as const;
    const id = pairView().id;
    notifier.update(withPair({ state: 'error', error: { code: 'config', message: 'x', hint: null }, conflicts: { items: [], total: 1 }, failures }));
    await clock.advance(11_000);
    expect(all.map(({ onClick, button }) => [onClick.kind, button?.label, button?.intent])).toEqual([
      ['folder', 'Try again', { kind: 'sync', pair: id }],
      ['conflicts', 'Decide', { kind: 'conflicts' }],
      ['overview', 'Try again', { kind: 'sync', pair: id }],
    ]);
  });

  it('have a switch for every event', () => {
    expect(Object.keys(settingsView().notifyEvents)).toEqual([...NOTIFY_EVENTS]);
  });
});
