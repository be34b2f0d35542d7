import { describe, expect, it } from 'vitest';
import { binsOf } from './bins.ts';

describe('when something changed, as bars', () => {
  it('counts every change in its part of the range, the ends included', () => {
    const bins = binsOf(
      {
        from: 0,
        to: 100,
        moments: [
          { at: 0, changes: 1 },
          { at: 55, changes: 2 },
          { at: 100, changes: 4 },
        ],
      },
      10,
    );
    expect(bins.map(({ changes }) => changes)).toEqual([1, 0, 0, 0, 0, 2, 0, 0, 0, 4]);
    expect(bins[9]?.height).toBe(1);
    expect(bins[1]?.height).toBe(0);
  });

  it('one change beside a million can still be seen', () => {
    const [one, , , many] = binsOf(
      {
        from: 0,
        to: 40,
        moments: [
          { at: 1, changes: 1 },
          { at: 39, changes: 1_000_000 },
        ],
      },
      4,
    );
    expect(one?.height).toBeGreaterThanOrEqual(0.12);
    expect(many?.height).toBe(1);
  });

  it('a range without length or changes is flat', () => {
    expect(binsOf({ from: 5, to: 5, moments: [] }, 3).map(({ height }) => height)).toEqual([0, 0, 0]);
    expect(binsOf({ from: 5, to: 5, moments: [{ at: 5, changes: 2 }] }, 3).map(({ changes }) => changes)).toEqual([2, 0, 0]);
  });
});
