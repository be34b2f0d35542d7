import { expect, it } from 'vitest';
import type { Progress } from '../core/events.ts';
import { relPath } from '../core/rel-path.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { ProgressMeter } from './progress.ts';

const path = relPath('photo.jpg');

it('what a store reads ahead of sending counts once it has left, and again when it is sent anew', () => {
  const clock = new ManualClock();
  const told: Progress[] = [];
  const meter = new ProgressMeter(clock, (progress) => told.push(progress));
  meter.begins(1, 1_000);
  meter.begin(path, 'up', 1_000);
  meter.sent(path, 0);
  meter.moved(path, 1_000);
  expect(meter.now).toMatchObject({ bytes: 0, inFlight: [{ bytes: 0, totalBytes: 1_000 }] });
  for (const sent of [300, 600]) {
    clock.leap(1_000);
    meter.sent(path, sent);
  }
  expect(told.at(-1)).toMatchObject({ bytes: 600, rate: 300, etaSeconds: 2 });
  meter.sent(path, 0);
  expect(meter.now.bytes).toBe(0);
  meter.sent(path, 1_000);
  expect([meter.now.bytes, meter.up]).toEqual([1_000, 1_000]);
});

it('where the store says nothing, what is read counts', () => {
  const meter = new ProgressMeter(new ManualClock(), () => undefined);
  meter.begins(1, 10);
  meter.begin(path, 'up', 10);
  meter.moved(path, 4);
  expect(meter.now.bytes).toBe(4);
});
