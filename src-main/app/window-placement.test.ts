import { expect, it } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import { WindowPlacement } from './window-placement.ts';

/** A window on a system that puts each a frame beside the place it was asked for. */
function placed({ isMaximized = false, asked = { x: 100, y: 100 } as { readonly x: number; readonly y: number } | null } = {}) {
  const clock = new ManualClock();
  const state = { x: 102, y: 124, maximised: false, minimised: false };
  const window = {
    getNormalBounds: () => ({ x: state.x, y: state.y, width: 900, height: 700 }),
    isMaximized: () => state.maximised,
    isMinimized: () => state.minimised,
    isDestroyed: () => false,
    maximize: () => {
      state.maximised = true;
    },
  };
  return { clock, state, placement: new WindowPlacement({ window, clock, asked, isMaximized }) };
}

it('a window that nobody moves is asked for at the same place every time, also when it is closed at once', async () => {
  const { clock, placement } = placed();
  placement.shown();
  expect(placement.now).toEqual({ x: 100, y: 100, width: 900, height: 700, isMaximized: false });
  await clock.advance(1_000);
  expect(placement.now).toMatchObject({ x: 100, y: 100 });
});

it('one that is moved is asked for where it is', async () => {
  const { clock, state, placement } = placed();
  placement.shown();
  await clock.advance(1_000);
  Object.assign(state, { x: 302, y: 224 });
  expect(placement.now).toMatchObject({ x: 300, y: 200 });
  // Hidden and shown again, it has not appeared anew.
  placement.shown();
  await clock.advance(1_000);
  expect(placement.now).toMatchObject({ x: 300, y: 200 });
});

it('one that the system places is asked for where it is', () => {
  expect(placed({ asked: null }).placement.now).toMatchObject({ x: 102, y: 124 });
});

it('one that was maximised is so once it is shown, and stays what the user makes of it', () => {
  const { state, placement } = placed({ isMaximized: true });
  expect([state.maximised, placement.now.isMaximized]).toEqual([false, true]);
  placement.shown();
  expect([state.maximised, placement.now.isMaximized]).toEqual([true, true]);
  state.maximised = false;
  placement.shown();
  expect([state.maximised, placement.now.isMaximized]).toEqual([false, false]);
});

it('one that is minimised is what it was before', () => {
  const { state, placement } = placed();
  placement.shown();
  placement.becameMaximized(true);
  Object.assign(state, { minimised: true, maximised: false });
  expect(placement.now.isMaximized).toBe(true);
});
