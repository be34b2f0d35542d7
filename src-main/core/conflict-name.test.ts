import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conflictName, utcStamp } from './conflict-name.ts';
import { nameOf, parentOf, parseRelPath, type RelPath, relPath } from './rel-path.ts';

const SEED = Number(process.env['FC_SEED'] ?? 20261123);
const now = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const free = (): boolean => false;
const nameFor = (path: string, device = 'laptop'): string => conflictName(relPath(path), device, now, free);

describe('conflict names (C36)', () => {
  it.each([
    ['a.txt', 'a.conflict-laptop-20260102-030405.txt'],
    ['a', 'a.conflict-laptop-20260102-030405'],
    ['a.tar.gz', 'a.tar.conflict-laptop-20260102-030405.gz'],
    ['.bashrc', '.bashrc.conflict-laptop-20260102-030405'],
    ['.config.json', '.config.conflict-laptop-20260102-030405.json'],
    ['a.', 'a.conflict-laptop-20260102-030405.'],
    ['d.x/a', 'd.x/a.conflict-laptop-20260102-030405'],
    ['a.an extension that is much longer than any real one', 'a.an extension that is much longer than any real one.conflict-laptop-20260102-030405'],
  ])('C36 %s', (path, expected) => expect(nameFor(path)).toBe(expected));

  it.each([
    ['Anna\u2019s MacBook', 'Anna-s-MacBook'],
    ['../../etc', 'etc'],
    ['a/b\\c:d*e?', 'a-b-c-d-e'],
    ['', 'device'],
    ['///', 'device'],
    ['\ud83d\ude00', 'device'],
    ['B\u00fcro_1', 'B\u00fcro_1'],
    ['x'.repeat(60), 'x'.repeat(24)],
    ['\ud800bad', 'bad'],
  ])('C36 device %j', (device, safe) => expect(nameFor('a', device)).toBe(`a.conflict-${safe}-20260102-030405`));

  it('C36 taken names get numbers', () => {
    const taken = new Set(['a.conflict-laptop-20260102-030405', 'a.conflict-laptop-20260102-030405-2'].map((p) => relPath(p)));
    expect(conflictName(relPath('a'), 'laptop', now, (p) => taken.has(p))).toBe('a.conflict-laptop-20260102-030405-3');
  });

  it('C44 the time is UTC', () => {
    expect(utcStamp(0)).toBe('19700101-000000');
    expect(utcStamp(now)).toBe('20260102-030405');
  });

  it(`C36 S78 any name: a path in the same folder, 255 bytes at most, well formed, free (seed ${SEED})`, () => {
    const unit = fc.constantFrom('a', '.', ' ', '\u00fc', '\u20ac', '\u{1f600}', 'e\u0301', '-');
    const text = (maxLength: number): fc.Arbitrary<string> => fc.string({ unit, minLength: 1, maxLength });
    const path = fc
      .tuple(fc.option(text(10)), text(255))
      .map(([folder, name]) => parseRelPath(folder === null ? name : `${folder}/${name}`))
      .filter((p): p is { path: RelPath } => 'path' in p && Buffer.byteLength(nameOf(p.path)) <= 255)
      .map((p) => p.path);
    fc.assert(
      fc.property(path, text(40), fc.nat(12), (p, device, takenCount) => {
        const taken = new Set<RelPath>();
        for (let i = 0; i <= takenCount; i++) {
          const name = conflictName(p, device, now, (candidate) => taken.has(candidate));
          expect(taken.has(name)).toBe(false);
          expect('path' in parseRelPath(name)).toBe(true);
          expect(parentOf(name)).toBe(parentOf(p));
          expect(Buffer.byteLength(nameOf(name))).toBeLessThanOrEqual(255);
          expect(name.isWellFormed()).toBe(true);
          taken.add(name);
        }
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });
});
