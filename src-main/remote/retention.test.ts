import { describe, expect, it } from 'vitest';
import type { Version } from '../core/entry.ts';
import { beyondRule, type Kept } from './retention.ts';
import type { KeptKind } from './version-name.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = 20_000 * DAY;

function version(ended: number, { path = 'a', bytes = 1, kind = 'content' }: { path?: string; bytes?: number; kind?: KeptKind } = {}): Kept {
  const toMs = NOW - ended;
  return { key: `${path}/${toMs}`, version: 'v' as Version, bytes, name: { folder: `${path}/`, kind, fromMs: toMs - 1, toMs, revision: `r${toMs}`, afterMs: null } };
}
const left = (all: readonly Kept[], rule: Parameters<typeof beyondRule>[1], now = NOW): readonly Kept[] => {
  const doomed = beyondRule(all, rule, now);
  return all.filter((kept) => !doomed.has(kept));
};
const ALL = { keep: 100_000, days: 36_500 };

describe('retention', () => {
  it('the newest of each path stays, however old, but with 0', () => {
    const all = [version(400 * DAY), version(500 * DAY), version(900 * DAY, { path: 'b' })];
    expect(left(all, { keep: 5, days: 30 })).toEqual([all[0], all[2]]);
    expect(left(all, { keep: 0, days: 30 })).toEqual([]);
  });

  it('records go by their age, and count for nothing', () => {
    const all = [version(1 * DAY, { kind: 'moved' }), version(40 * DAY, { kind: 'folder' }), version(40 * DAY), version(50 * DAY)];
    expect(left(all, { keep: 1, days: 30 })).toEqual([all[0], all[2]]);
  });

  it('thinning leaves all of a day, one an hour of a week, one a day of a month, then one a week', () => {
    const all = Array.from({ length: 24 * 4 * 100 }, (_, i) => version(i * (HOUR / 4) + 1));
    const stays = left(all, { ...ALL, thin: true });
    const between = (from: number, to: number): number => stays.filter(({ name }) => name.toMs < NOW - from && name.toMs >= NOW - to).length;
    expect(between(0, DAY)).toBe(96);
    expect(between(DAY, 7 * DAY)).toBe(6 * 24);
    expect(between(7 * DAY, 30 * DAY)).toBe(23);
    expect(between(30 * DAY, 100 * DAY)).toBe(11);
  });

  it('thinned at one time or bit by bit, by however many devices: the same stays', () => {
    const all = Array.from({ length: 500 }, (_, i) => version(i * 5 * HOUR + 12_345));
    let bit: readonly Kept[] = all;
    for (let ago = 120; ago >= 0; ago--)
      bit = left(
        bit.filter(({ name }) => name.toMs <= NOW - ago * DAY),
        { ...ALL, thin: true },
        NOW - ago * DAY,
      ).concat(all.filter(({ name }) => name.toMs > NOW - ago * DAY));
    const once = left(all, { ...ALL, thin: true });
    expect(new Set(bit)).toEqual(new Set(once));
  });

  it('beyond the bytes all may take the oldest go first, but never the newest of a path', () => {
    const all = [version(1 * HOUR, { bytes: 50 }), version(2 * HOUR, { bytes: 50 }), version(3 * HOUR, { bytes: 50, path: 'b' }), version(9 * HOUR, { bytes: 50, path: 'b' })];
    expect(left(all, { ...ALL, maxBytes: 150 })).toEqual([all[0], all[1], all[2]]);
    expect(left(all, { ...ALL, maxBytes: 10 })).toEqual([all[0], all[2]]);
    expect(left(all, { ...ALL, maxBytes: null })).toEqual(all);
  });
});
