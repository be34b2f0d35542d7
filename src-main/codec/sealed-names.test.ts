import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../testing/random.ts';
import { plainNames } from './names.ts';
import { sealedNames } from './sealed-names.ts';

const ROOT = new SeededRandom(7).bytes(32);
const VAULT = '00112233445566778899aabbccddeeff';
const forms = ['base64url', 'base32'] as const;
const namesOf = (form: (typeof forms)[number], vaultId = VAULT, root = ROOT) => sealedNames({ vaultId, root, form });

const component = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 90 }),
  fc.constantFrom('.l', '.file-sync', '...', ' ', 'con', '\ufeffa', 'e\u0301', 'é', 'x'.repeat(127), 'x'.repeat(128), 'x'.repeat(159), 'x'.repeat(160), 'a\u0001'),
);
const plainKey = fc
  .tuple(fc.array(component, { minLength: 1, maxLength: 7 }), fc.boolean())
  .map(([parts, isFolder]) => parts.join('/') + (isFolder ? '/' : ''))
  .filter(
    (key) =>
      !key.includes('\0') &&
      key.isWellFormed() &&
      key
        .replace(/\/$/, '')
        .split('/')
        .every((part) => part !== '' && part !== '.' && part !== '..'),
  )
  .filter((key) => Buffer.byteLength(key) <= 1024);
const anyKey = fc.oneof(
  plainKey,
  plainKey.map((key) => `.file-sync/versions/${key.replace(/\/$/, '')}/1700000000000~1700000000001~abc`),
  fc.nat().map((n) => `.file-sync/versions-long/${n.toString(16).padStart(64, '0')}/key`),
);

describe.each(forms)('names in %s', (form) => {
  const names = namesOf(form);

  it('come back as they were, and no two are stored alike', () => {
    const stored = new Map<string, string>();
    fc.assert(
      fc.property(anyKey, (key) => {
        const sealed = names.sealKey(key);
        const opened = names.openKey(sealed);
        expect(opened.kind === 'in-head' ? opened.keyOf(headKeyOf(key)) : opened).toEqual(opened.kind === 'in-head' ? key : { kind: 'key', key });
        expect(stored.get(sealed) ?? key).toBe(key);
        stored.set(sealed, key);
      }),
      { numRuns: 1_500 },
    );
  });

  it('fit every store and every file system', () => {
    const alphabet = form === 'base32' ? /^[a-z2-7]+$/ : /^[A-Za-z0-9_-]+$/;
    fc.assert(
      fc.property(plainKey, (key) => {
        fc.pre(!key.startsWith('.file-sync/'));
        const sealed = names.sealKey(key);
        expect(sealed.length).toBeLessThanOrEqual(1024);
        const parts = sealed
          .replace(/^\.l\//, '')
          .replace(/\/$/, '')
          .split('/');
        for (const part of parts) {
          expect(part.length).toBeLessThanOrEqual(255);
          expect(part).toMatch(alphabet);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('are the same on every device, and in every order of asking', () => {
    fc.assert(
      fc.property(fc.array(anyKey, { minLength: 2, maxLength: 12 }), (keys) => {
        const [one, other] = [namesOf(form), namesOf(form)];
        const sealed = keys.map((key) => one.sealKey(key));
        expect([...keys].reverse().map((key) => other.sealKey(key))).toEqual([...sealed].reverse());
        expect([...sealed].reverse().map((key) => other.openKey(key).kind)).toEqual([...sealed].reverse().map((key) => one.openKey(key).kind));
      }),
      { numRuns: 60 },
    );
  });

  it('keep the shape of the tree: what lies in a folder lies below its name', () => {
    const folder = names.sealKey('a/b/');
    expect(names.sealKey('a/b/c').startsWith(folder)).toBe(true);
    expect(names.sealKey('a/b')).toBe(folder.slice(0, -1));
    expect(names.sealKey('a/bc').startsWith(folder.slice(0, -1))).toBe(false);
  });

  it('a prefix covers every key below it', () => {
    fc.assert(
      fc.property(anyKey, fc.nat(), (key, at) => {
        const prefix = key.slice(0, at % (key.length + 1));
        fc.pre(prefix.isWellFormed());
        const { own, others } = names.sealPrefix(prefix);
        const sealed = names.sealKey(key);
        expect([own, ...others].some((start) => start !== null && sealed.startsWith(start))).toBe(true);
      }),
      { numRuns: 800 },
    );
  });

  it('show nothing of themselves', () => {
    expect(names.sealKey('secret plans/merger.docx')).not.toMatch(/secret|plans|merger|docx/i);
    expect(names.sealKey('a/x').split('/')[1]).not.toBe(names.sealKey('b/x').split('/')[1]);
    const lengths = ['x', 'x'.repeat(16)].map((name) => names.sealKey(name).length);
    expect(lengths[0]).toBe(lengths[1]);
  });

  it.each([
    ['one more byte than fits', form === 'base32' ? 129 : 161, '.l/'],
    ['a whole long name', 255, '.l/'],
  ])('a component of %s stands in the head, with all below it', (_name, length, start) => {
    for (const key of ['x'.repeat(length), `${'x'.repeat(length)}/`, `a/${'x'.repeat(length)}/b`]) {
      const sealed = names.sealKey(key);
      expect(sealed.startsWith(start)).toBe(true);
      expect(sealed.endsWith('/')).toBe(false);
      const opened = names.openKey(sealed);
      if (opened.kind !== 'in-head') throw new RangeError(opened.kind);
      expect(opened.keyOf(key)).toBe(key);
      for (const lie of [`${key}y`, key.replace('x', 'y'), '', '../x', 'a//b']) expect(opened.keyOf(lie)).toBeNull();
    }
    expect(names.sealKey('x'.repeat(form === 'base32' ? 128 : 160)).startsWith('.l/')).toBe(false);
    expect(names.sealPrefix(`${'x'.repeat(length)}/`)).toEqual({ own: null, others: ['.l/'] });
  });

  it('a key that gets too long as a whole stands in the head, and its versions too', () => {
    const key = Array.from({ length: 25 }, (_, i) => `folder number ${i}`).join('/');
    expect(names.openKey(names.sealKey(key)).kind).toBe('in-head');
    const version = `.file-sync/versions/${key}/1700000000000~1700000000001~abc`;
    const sealed = names.sealKey(version);
    expect(sealed).toMatch(/^\.file-sync\/versions\/\.l\/[^/]+\/1700000000000~1700000000001~abc$/);
    const opened = names.openKey(sealed);
    expect(opened.kind === 'in-head' && opened.keyOf(key)).toBe(version);
  });

  it('our own keys stay, but for paths and hashes of paths', () => {
    for (const key of ['.file-sync/vault.json', '.file-sync/probe/0a/x', '.file-sync/leases/aa', '.file-sync/feed/1700000000000-a-1', '.file-sync/versions/', '.file-sync/']) {
      expect(names.sealKey(key)).toBe(key);
      expect(names.openKey(key)).toEqual({ kind: 'key', key });
    }
    const hash = 'ab'.repeat(32);
    expect(names.sealKey(`.file-sync/versions-long/${hash}/key`)).not.toContain(hash);
    expect(names.sealKey('.file-sync/versions/a.txt/1~2~3')).toBe(`.file-sync/versions/${names.sealKey('a.txt')}/1~2~3`);
  });

  it.each(['', 'a//b', '../a', 'a/./b', '/a', 'a\0b', '\ud800'])('a key that is none is refused: %j', (key) => {
    expect(() => names.sealKey(key)).toThrow(expect.objectContaining({ code: 'name-not-allowed' }));
  });

  it('C64 a name of another place, vault or key does not open', () => {
    const sealed = names.sealKey('a/b/c');
    const [a = '', b = '', c = ''] = sealed.split('/');
    for (const moved of [b, c, `${a}/${c}`, `${b}/${a}`, `${a}/${b}/${b}`, `${a}/${b}/${c}/${c}`]) expect(names.openKey(moved)).toEqual({ kind: 'foreign' });
    expect(namesOf(form, 'ff'.repeat(16)).openKey(sealed)).toEqual({ kind: 'foreign' });
    expect(namesOf(form, VAULT, new SeededRandom(8).bytes(32)).openKey(sealed)).toEqual({ kind: 'foreign' });
  });

  it('C62 C64 fuzz: what was not sealed so does not open, whatever is changed', () => {
    const random = new SeededRandom(5);
    const keys = ['a', 'holiday/img 0001.jpg', '.file-sync/versions/a/b/1~2~3', 'x'.repeat(200), `.file-sync/versions/${'x'.repeat(200)}/1~2~3`].map((key) => names.sealKey(key));
    const digits = `${form === 'base32' ? 'abcdefghijklmnopqrstuvwxyz234567' : 'ABCabc019-_'}/=.l `;
    for (let round = 0; round < 4_000; round++) {
      const good = random.pick(keys);
      const at = random.below(good.length);
      const changed = random.pick([
        good.slice(0, at) + random.pick([...digits]) + good.slice(at + 1),
        good.slice(0, at),
        good.slice(0, at) + random.pick([...digits]) + good.slice(at),
        good.toUpperCase(),
        `${good}=`,
      ]);
      const opened = names.openKey(changed);
      if (opened.kind === 'key') expect(names.sealKey(opened.key)).toBe(changed);
      const inHead = opened.kind === 'in-head' ? opened.keyOf('x'.repeat(200)) : null;
      if (inHead !== null) expect(names.sealKey(inHead)).toBe(changed);
    }
    expect(names.openKey('.l/')).toEqual({ kind: 'nothing' });
    for (const foreign of ['readme.txt', 'photos/', '.l', '.l/x', '.l/a/b', '.DS_Store', '.File-Sync/vault.json']) expect(names.openKey(foreign)).toEqual({ kind: 'foreign' });
  });
});

it('plain names are what they are', () => {
  expect(plainNames.sealKey('a/b')).toBe('a/b');
  expect(plainNames.openKey('a/b')).toEqual({ kind: 'key', key: 'a/b' });
  expect(plainNames.sealPrefix('a/')).toEqual({ own: 'a/', others: [] });
});

/** What an object's head says it was stored for: its key, of a version the original's. */
function headKeyOf(key: string): string {
  return key.startsWith('.file-sync/versions/') ? key.slice('.file-sync/versions/'.length, key.lastIndexOf('/')) : key;
}
