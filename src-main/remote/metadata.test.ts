import { describe, expect, it } from 'vitest';
import type { Meta } from '../backends/backend.ts';
import type { FileEntry } from '../core/entry.ts';
import { fileOf, hashOf } from '../testing/remote-kit.ts';
import { metaOf, readMeta } from './metadata.ts';

const file = (content: string, mtimeNs = 5n): FileEntry => ({ ...fileOf(content), mtimeNs });
const read = (meta: Meta, storedAtMs = 5) => readMeta({ meta, storedAtMs });

describe('metadata', () => {
  it.each([
    'laptop',
    'Büro – 2. Stock',
    '日本語 💻',
    '100% & #1?=+',
    'a"b\\c',
    '  ',
    "it's (mine)!",
  ])('C17 S130 a device named %s comes back, in printable ASCII of lower-case names', (device) => {
    const meta = metaOf(file('x', -1n), '0123456789abcdef', device);
    for (const [name, value] of Object.entries(meta)) {
      expect(name).toMatch(/^[a-z0-9]+$/);
      expect(value).toMatch(/^[\x20-\x7e]+$/);
    }
    expect(read(meta)).toEqual({ hash: hashOf('x'), mtimeNs: -1n, mode: 0o644, isLink: false, op: '0123456789abcdef', device, afterMs: null });
  });

  it('S130 stays within 2,000 bytes and never throws on a name', () => {
    for (const device of ['𝒳'.repeat(5000), '\uD800 alone', '']) {
      const meta = metaOf(file('x'), 'op', device);
      expect(Object.entries(meta).reduce((sum, [name, value]) => sum + name.length + value.length, 0)).toBeLessThanOrEqual(2000);
    }
  });

  it('of a link says so and has no hash', () => {
    expect(read(metaOf({ kind: 'symlink', target: 'x' }, 'op', 'A'))).toMatchObject({ isLink: true, hash: null, op: 'op', device: 'A' });
  });

  it.each<[string, Meta, object]>([
    ['nothing', {}, { hash: null, mtimeNs: 5_000_000n, mode: null, isLink: false, op: null, device: null, afterMs: null }],
    ['a hash in capitals', { sha256: 'A'.repeat(64) }, { hash: null }],
    ['a hash too short', { sha256: 'a'.repeat(63) }, { hash: null }],
    ['a hash with a line after it', { sha256: `${'a'.repeat(64)}\n` }, { hash: null }],
    ['a time in words', { mtime: 'yesterday' }, { mtimeNs: 5_000_000n }],
    ['a time with a fraction', { mtime: '1.5' }, { mtimeNs: 5_000_000n }],
    ['a time beyond 64 bits', { mtime: '9999999999999999999' }, { mtimeNs: 5_000_000n }],
    ['a time below 64 bits', { mtime: '-9999999999999999999' }, { mtimeNs: 5_000_000n }],
    ['the last time there is', { mtime: '9223372036854775807' }, { mtimeNs: 9223372036854775807n }],
    ['set-uid bits', { mode: '4755' }, { mode: 0o755 }],
    ['bits that are none', { mode: '999' }, { mode: null }],
    ['bits with a sign', { mode: '-644' }, { mode: null }],
    ['another kind', { kind: 'device' }, { isLink: false }],
    ['a broken percent code', { device: '%E0%A4%A' }, { device: null, afterMs: null }],
    ['a device with control codes', { device: 'a%1B%5B31m%0Ab%E2%80%AE' }, { device: 'a[31mb' }],
    ['a device of nothing', { device: '%0A' }, { device: null, afterMs: null }],
    ['an endless device', { device: 'x'.repeat(500) }, { device: 'x'.repeat(100) }],
    ['an operation with spaces', { op: 'a b' }, { op: null }],
    ['an endless operation', { op: 'x'.repeat(65) }, { op: null }],
  ])('C62 that is hostile or foreign is read as far as it makes sense: %s', (_, meta, expected) => {
    expect(read(meta)).toMatchObject(expected);
  });

  it('survives a store without a clock', () => {
    expect(read({}, Number.NaN).mtimeNs).toBe(0n);
  });
});
