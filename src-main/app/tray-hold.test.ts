import { describe, expect, it } from 'vitest';
import type { PairState } from '../../src-preload/contract/model.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { TrayHold } from './tray-hold.ts';

function start() {
  const clock = new ManualClock();
  const shown: [PairState, number][] = [];
  const hold = new TrayHold(clock, (state) => shown.push([state, clock.monotonic()]));
  return { clock, shown, hold };
}

describe('the tray holds each state for a second', () => {
  it('shows a new state at once when the old one has had its time', async () => {
    const { clock, shown, hold } = start();
    hold.want('ok');
    await clock.advance(5_000);
    hold.want('syncing');
    expect(shown).toEqual([
      ['ok', 0],
      ['syncing', 5_000],
    ]);
  });

  it('leaves out states that came and went meanwhile', async () => {
    const { clock, shown, hold } = start();
    hold.want('syncing');
    await clock.advance(200);
    hold.want('ok');
    await clock.advance(100);
    hold.want('syncing');
    await clock.advance(100);
    hold.want('error');
    await clock.advance(10_000);
    expect(shown).toEqual([
      ['syncing', 0],
      ['error', 1_000],
    ]);
  });

  it('shows nothing twice', async () => {
    const { clock, shown, hold } = start();
    hold.want('ok');
    hold.want('syncing');
    hold.want('ok');
    await clock.advance(3_000);
    hold.want('ok');
    await clock.advance(3_000);
    expect(shown).toEqual([['ok', 0]]);
  });

  it('is quiet after its end', async () => {
    const { clock, shown, hold } = start();
    hold.want('ok');
    hold.want('error');
    hold.end();
    await clock.advance(5_000);
    expect(shown).toEqual([['ok', 0]]);
  });
});
