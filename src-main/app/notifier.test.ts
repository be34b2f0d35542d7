import { describe, expect, it } from 'vitest';
import { appState, pairView } from '../testing/app-state.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { Notifier } from './notifier.ts';

function start() {
  const clock = new ManualClock();
  const shown: string[] = [];
  return { clock, shown, notifier: new Notifier({ clock, show: ({ title }) => shown.push(title) }) };
}
const withConflicts = (total: number) => appState({ pairs: [pairView({ state: 'attention', conflicts: { items: [], total } })] });

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
    await clock.advance(60_000);
    expect(shown).toEqual(['9 files have two versions']);
  });

  it('come again when it ended and begins anew', async () => {
    const { clock, shown, notifier } = start();
    for (let i = 0; i < 2; i++) {
      notifier.update(withConflicts(1));
      await clock.advance(11_000);
      notifier.update(appState());
      await clock.advance(11_000);
    }
    expect(shown).toEqual(['A file has two versions', 'A file has two versions']);
  });

  it('do not come for what was over in time, for routine work, or when switched off', async () => {
    const { clock, shown, notifier } = start();
    notifier.update(withConflicts(1));
    await clock.advance(2_000);
    notifier.update(appState({ pairs: [pairView({ state: 'syncing' })] }));
    await clock.advance(60_000);
    notifier.update({ ...withConflicts(1), settings: { theme: 'system', startAtLogin: false, notify: 'off', bandwidth: { up: null, down: null } } });
    await clock.advance(60_000);
    expect(shown).toEqual([]);
  });

  it('C59 S124 are silent about a folder that is merely offline', async () => {
    const { clock, shown, notifier } = start();
    notifier.update(appState({ pairs: [pairView({ state: 'offline', error: { code: 'unreachable', message: 'away', hint: null } })] }));
    await clock.advance(60_000);
    expect(shown).toEqual([]);
  });
});
