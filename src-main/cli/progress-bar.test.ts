import { describe, expect, it } from 'vitest';
import type { Progress } from '../core/events.ts';
import { relPath } from '../core/rel-path.ts';
import { nodeClock } from '../platform/node-clock.ts';
import { formatAge, formatBytes, formatSeconds, printable, shorten } from './format.ts';
import { createProgressView, renderBar } from './progress-bar.ts';

const working: Progress = {
  phase: 'working',
  done: 12,
  total: 1_240,
  bytes: 5_242_880,
  totalBytes: 10_485_760,
  rate: 1_048_576,
  etaSeconds: 65,
  inFlight: [{ path: relPath('photos/2024/holiday/IMG_0001.jpg'), direction: 'up', bytes: 1, totalBytes: 2 }],
};

describe('the progress bar', () => {
  it('shows files, bytes, rate, time left and what is under way', () => {
    expect(renderBar(working, 120)).toBe('[#####.....] 12 of 1,240, 5.0 MiB of 10.0 MiB, 1.0 MiB/s, 1 min 5 s left  photos/2024/holiday/IMG_0001.jpg');
  });

  it('is never wider than the terminal', () => {
    for (let width = 0; width <= 150; width++) expect(renderBar(working, width).length).toBeLessThanOrEqual(width);
  });

  it('tells what it looks at before there is a plan', () => {
    const looking: Progress = { ...working, phase: 'looking', done: 1_234, total: 0 };
    expect(renderBar(looking, 80)).toBe('looking: 1,234 files seen');
    expect(renderBar({ ...looking, phase: 'planning' }, 80)).toBe('planning');
  });

  function draw(isTTY: boolean, times: readonly number[]): string[] {
    const written: string[] = [];
    let now = 0;
    const view = createProgressView({ isTTY, columns: () => 60, write: (text) => written.push(text) }, { ...nodeClock, monotonic: () => now });
    for (now of times) view.show(working);
    view.clear();
    return written;
  }

  it('redraws at most ten times a second on a terminal and leaves nothing behind', () => {
    const written = draw(
      true,
      Array.from({ length: 100 }, (_, n) => n * 10),
    );
    expect(written.length).toBe(11);
    expect(written.at(-1)).toBe('\r\x1b[K');
  });

  it('is a plain line every ten seconds elsewhere, none for short work', () => {
    expect(draw(false, [0, 100, 9_000])).toEqual([]);
    expect(draw(false, [0, 10_000, 15_000, 20_000])).toHaveLength(2);
    expect(draw(false, [0, 10_000])[0]).toMatch(/^12 of 1,240.*left\n$/);
  });
});

describe('words', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [1_500_000, '1.4 MiB'],
    [200 * 2 ** 30, '200 GiB'],
  ])('%i bytes', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
  it.each([
    [-1, '0 s'],
    [59.4, '59 s'],
    [61, '1 min 1 s'],
    [3_700, '1 h 1 min'],
    [90_000, '1 d 1 h'],
  ])('%d seconds', (seconds, text) => expect(formatSeconds(seconds)).toBe(text));
  it('C44 a time in the future is only named', () => {
    expect(formatAge(2_000, 1_000)).toBe('1970-01-01T00:00:02.000Z');
    expect(formatAge(1_000, 61_000)).toBe('1 min 0 s ago (1970-01-01T00:00:01.000Z)');
    expect(formatAge(null, 0)).toBe('never');
  });
  it('C17 S89 names cannot drive the terminal or hide their order', () => {
    expect(printable('a\x1b[2Jb\n\u202etxt.exe 😀 é')).toBe('a\\u{1b}[2Jb\\u{a}\\u{202e}txt.exe 😀 é');
  });
  it('long text is cut in the middle, between characters', () => {
    expect(shorten('abcdefghij', 5)).toBe('ab…ij');
    expect(shorten('😀😀😀😀', 3)).toBe('😀…😀');
    expect(shorten('abc', 0)).toBe('');
  });
});
