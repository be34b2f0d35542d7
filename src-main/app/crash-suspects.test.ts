import { describe, expect, it } from 'vitest';
import { CrashSuspects } from './crash-suspects.ts';

const ALL = ['a', 'b', 'c'];

function start() {
  const time = { now: 0 };
  return { time, suspects: new CrashSuspects({ now: () => time.now }) };
}

describe('who ended the engine thread', () => {
  it('is not asked after the first time', () => {
    const { suspects } = start();
    expect(suspects.begin(ALL)).toEqual(ALL);
    suspects.ended(['b']);
    expect(suspects.begin(ALL)).toEqual(ALL);
    expect(suspects.next(() => true)).toBeNull();
  });

  it('is found by opening the suspects one by one, and set aside', () => {
    const { suspects } = start();
    suspects.ended(['b', 'c']);
    suspects.ended(['b', 'c']);
    expect(suspects.begin(ALL)).toEqual(['a']);
    expect([suspects.next(() => true), suspects.isOpen('b'), suspects.isOpen('c')]).toEqual(['b', true, false]);
    expect(suspects.next(() => true)).toBeNull();
    // It came to rest: it was not the one.
    expect(suspects.next(() => false)).toBe('c');
    suspects.ended(['a', 'c']);
    expect(ALL.map((pair) => suspects.isAside(pair))).toEqual([false, false, true]);
    expect(suspects.begin(ALL)).toEqual(['a', 'b']);
    expect(suspects.next(() => false)).toBeNull();
  });

  it('is not one that works on for minutes', () => {
    const { suspects, time } = start();
    for (let i = 0; i < 2; i++) suspects.ended(['a', 'b']);
    suspects.begin(ALL);
    expect(suspects.next(() => true)).toBe('a');
    time.now += 300_000;
    expect(suspects.next(() => true)).toBe('b');
  });

  it('is tried again when the user wants it', () => {
    const { suspects } = start();
    for (let i = 0; i < 2; i++) suspects.ended(['a']);
    suspects.begin(ALL);
    suspects.next(() => true);
    suspects.ended(['a']);
    expect(suspects.isAside('a')).toBe(true);
    suspects.pardon('a');
    expect(suspects.begin(ALL)).toEqual(ALL);
  });

  it('is none of those that waited for their turn', () => {
    const { suspects } = start();
    for (let i = 0; i < 2; i++) suspects.ended(['a', 'b']);
    suspects.begin(ALL);
    suspects.next(() => true);
    suspects.ended(['c']);
    expect(ALL.some((pair) => suspects.isAside(pair))).toBe(false);
  });
});
