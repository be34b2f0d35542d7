import { expect, it } from 'vitest';
import type { MachineView } from '../../src-preload/contract/desktop.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { watchMachine } from './machine-watch.ts';

it('C59 a network and a plug that come and go are told once each', async () => {
  const clock = new ManualClock();
  const told: MachineView[] = [];
  const stop = new AbortController();
  const world = { online: true, onBattery: false as boolean | null, change: (): void => undefined };
  const ended = watchMachine(
    {
      clock,
      isOnline: () => world.online,
      power: {
        now: async () => ({ onBattery: world.onBattery, metered: null }),
        listen: async (onChange) => {
          world.change = onChange;
          return () => undefined;
        },
      },
      onChange: (machine) => void told.push(machine),
    },
    stop.signal,
  );
  await clock.advance(60_000);
  world.online = false;
  await clock.advance(60_000);
  world.online = true;
  world.onBattery = true;
  world.change();
  await clock.advance(60_000);
  stop.abort();
  await ended;
  expect(told).toEqual([
    { online: true, onBattery: false, metered: null },
    { online: false, onBattery: false, metered: null },
    { online: true, onBattery: true, metered: null },
  ]);
});

it('a system that cannot be asked says nothing, and the network is still watched', async () => {
  const clock = new ManualClock();
  const told: MachineView[] = [];
  const stop = new AbortController();
  let online = true;
  const silent = { now: () => Promise.reject(new Error('no bus')), listen: () => Promise.reject(new Error('no bus')) };
  const ended = watchMachine({ clock, isOnline: () => online, power: silent, onChange: (machine) => void told.push(machine) }, stop.signal);
  await clock.advance(10_000);
  online = false;
  await clock.advance(10_000);
  stop.abort();
  await ended;
  expect(told).toEqual([
    { online: true, onBattery: null, metered: null },
    { online: false, onBattery: null, metered: null },
  ]);
});
