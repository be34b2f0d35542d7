import { expect, it } from 'vitest';
import { SyncError } from '../core/errors.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { guardDisk } from './disk-guard.ts';

const MB = 1_000_000;

it('C55 a disk that is almost full is told, and that there is room again, without going back and forth', async () => {
  const clock = new ManualClock();
  const free = new Map<string, number | null>([
    ['/home', 9_000 * MB],
    ['/backup', null],
  ]);
  const told: boolean[] = [];
  const stop = new AbortController();
  const freeBytes = async (folder: string): Promise<number | null> => {
    if (folder === '/gone') throw new SyncError('not-found', 'gone');
    return free.get(folder) ?? null;
  };
  const ended = guardDisk({ fs: { freeBytes }, clock, folders: ['/home', '/backup', '/gone'], onChange: (low) => void told.push(low) }, stop.signal);
  for (const [at, expected] of [
    [300 * MB, []],
    [255 * MB, [true]],
    [300 * MB, [true]],
    [511 * MB, [true]],
    [513 * MB, [true, false]],
    [300 * MB, [true, false]],
  ] as const) {
    free.set('/home', at);
    await clock.advance(31_000);
    expect(told, `${at / MB} MB`).toEqual(expected);
  }
  stop.abort();
  await ended;
});
