import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ancestorsOf, compareRelPaths, depthOf, isControlName, isWithin, join, nameOf, parentOf, parseRelPath, type RelPath, relPath } from './rel-path.ts';

const SEED = Number(process.env['FC_SEED'] ?? 20261123);
const name = fc.string({ unit: fc.constantFrom('a', 'b', 'B', '.', ' ', '-', '!', '/', '\u00e9', '\u{1f600}', '\uffff', '0'), minLength: 1, maxLength: 12 });
const path = name
  .map((text) => parseRelPath(text))
  .filter((p): p is { path: RelPath } => 'path' in p)
  .map((p) => p.path);
const check = (property: fc.IProperty<never> | fc.IRawProperty<unknown>): void => fc.assert(property as fc.IProperty<unknown>, { seed: SEED, numRuns: 3000 }) as undefined;

describe('reading untrusted text as a path (C62, S74, I7)', () => {
  it.each([
    ['', 'empty'],
    ['/', 'absolute'],
    ['/etc/passwd', 'absolute'],
    ['//server/share', 'absolute'],
    ['..', 'dot-component'],
    ['../x', 'dot-component'],
    ['a/../../x', 'dot-component'],
    ['a/..', 'dot-component'],
    ['./a', 'dot-component'],
    ['a/.', 'dot-component'],
    ['a//b', 'empty-component'],
    ['a/', 'empty-component'],
    ['a\0b', 'nul'],
    ['\ud800', 'lone-surrogate'],
    ['a/\udc00b', 'lone-surrogate'],
    ['.file-sync', 'control-folder'],
    ['.file-sync/vault.json', 'control-folder'],
    ['.FILE-Sync/x', 'control-folder'],
  ])('C62 %j: %s', (text, fault) => {
    expect(parseRelPath(text)).toEqual({ fault });
    expect(() => relPath(text)).toThrow(RangeError);
  });

  it.each(['a', 'a/b', '...', '.a', 'a/.file-sync', '.file-sync2', 'C:/x', 'a\\..\\b', ' ', '-rf', 'a\nb', '%2e%2e/x', '\u202e', 'é', '~', 'a:b'])('C17 %j is a path', (text) => {
    expect(parseRelPath(text)).toEqual({ path: text });
  });

  it('no accepted path leaves the root or names our folder', () => {
    check(
      fc.property(fc.string({ unit: fc.constantFrom('.', '/', 'a', '\0', '\ud800', '\\', 'F', 'file-sync'), maxLength: 12 }), (text) => {
        const parsed = parseRelPath(text);
        if ('fault' in parsed) return;
        const parts = parsed.path.split('/');
        expect(parts.every((part) => part !== '' && part !== '.' && part !== '..')).toBe(true);
        expect(isControlName(parts[0] ?? '')).toBe(false);
      }),
    );
  });
});

describe('the parts of a path', () => {
  const abc = relPath('a/b/c');
  it('parent, name, ancestors, depth', () => {
    expect(parentOf(abc)).toBe('a/b');
    expect(parentOf(relPath('a'))).toBeNull();
    expect(nameOf(abc)).toBe('c');
    expect(nameOf(relPath('a'))).toBe('a');
    expect([...ancestorsOf(abc)]).toEqual(['a/b', 'a']);
    expect([...ancestorsOf(relPath('a'))]).toEqual([]);
    expect([depthOf(relPath('a')), depthOf(abc)]).toEqual([0, 2]);
  });
  it('join refuses names that are none', () => {
    expect(join(null, 'a')).toBe('a');
    expect(join(abc, 'd')).toBe('a/b/c/d');
    for (const bad of ['', '.', '..', '/', 'x//y']) expect(() => join(abc, bad)).toThrow(RangeError);
  });
  it('isWithin goes by components', () => {
    expect(isWithin(abc, abc)).toBe(true);
    expect(isWithin(abc, relPath('a'))).toBe(true);
    expect(isWithin(relPath('ab'), relPath('a'))).toBe(false);
    expect(isWithin(relPath('a'), abc)).toBe(false);
  });
});

describe(`the order of paths (seed ${SEED})`, () => {
  const sign = (n: number): number => Math.sign(n);
  it('is total: reflexive, antisymmetric, and only equal paths are equal', () => {
    check(
      fc.property(path, path, (a, b) => {
        expect(sign(compareRelPaths(a, b)) + sign(compareRelPaths(b, a))).toBe(0);
        expect(compareRelPaths(a, b) === 0).toBe(a === b);
      }),
    );
  });
  it('is transitive', () => {
    check(
      fc.property(path, path, path, (a, b, c) => {
        const [x, y, z] = [a, b, c].sort(compareRelPaths);
        if (x !== undefined && y !== undefined && z !== undefined) expect(compareRelPaths(x, z)).toBeLessThanOrEqual(0);
      }),
    );
  });
  it('puts a folder right before all that lies below it', () => {
    check(
      fc.property(fc.array(path, { maxLength: 8 }), path, (paths, folder) => {
        const sorted = [...new Set([folder, ...paths, join(folder, 'x'), join(folder, '!')])].sort(compareRelPaths);
        const start = sorted.indexOf(folder);
        const below = sorted.filter((p) => isWithin(p, folder));
        expect(sorted.slice(start, start + below.length)).toEqual(below);
      }),
    );
  });
});
