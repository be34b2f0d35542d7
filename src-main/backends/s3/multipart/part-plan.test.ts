import { describe, expect, it } from 'vitest';
import { fits, LARGEST_OBJECT, LARGEST_PART, MOST_PARTS, PART_BYTES, partBytesFor, rangesOf, SMALLEST_PART } from './part-plan.ts';

const GIB = 1024 ** 3;

describe('S119 part sizes', () => {
  it.each([
    1,
    PART_BYTES,
    16 * 1024 ** 2 + 1,
    GIB,
    MOST_PARTS * PART_BYTES,
    MOST_PARTS * PART_BYTES + 1,
    1024 * GIB,
    LARGEST_OBJECT - 1,
    LARGEST_OBJECT,
  ])('keep every limit for %d bytes', (size) => {
    const partBytes = partBytesFor(size);
    expect(partBytes).toBeGreaterThanOrEqual(SMALLEST_PART);
    expect(partBytes).toBeLessThanOrEqual(LARGEST_PART);
    expect(Math.ceil(size / partBytes)).toBeLessThanOrEqual(MOST_PARTS);
    expect(fits(size, partBytes)).toBe(true);
  });

  it('are 8 MiB for as long as 10,000 of them suffice', () => {
    expect(partBytesFor(MOST_PARTS * PART_BYTES)).toBe(8 * 1024 ** 2);
    expect(partBytesFor(MOST_PARTS * PART_BYTES + 1)).toBe(9 * 1024 ** 2);
  });

  it('beyond 5 TiB are an error that says so', () => {
    expect(() => partBytesFor(LARGEST_OBJECT + 1)).toThrow(expect.objectContaining({ code: 'not-supported', message: expect.stringContaining('5 TiB') }));
  });

  it.each([
    [1, 10],
    [10, 10],
    [11, 10],
    [30, 10],
    [39, 10],
  ])('cut %d bytes into equal parts of %d, the last one excepted, without a gap', (size, partBytes) => {
    const ranges = rangesOf(size, partBytes);
    const lengths = ranges.map(({ first, last }) => last - first + 1);
    expect(new Set(lengths.slice(0, -1))).toEqual(new Set(ranges.length > 1 ? [partBytes] : []));
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(size);
    expect(lengths.at(-1)).toBeLessThanOrEqual(partBytes);
    expect(ranges.map(({ number, first }) => [number, first])).toEqual(ranges.map((_, index) => [index + 1, index * partBytes]));
  });
});
