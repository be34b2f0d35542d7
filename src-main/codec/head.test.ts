import { describe, expect, it } from 'vitest';
import type { Hash } from '../core/entry.ts';
import { encodeHead, type Head, parseHead } from './head.ts';
import { encodeHeader, type Header, parseHeader } from './header.ts';

const HEAD: Head = {
  kind: 'file',
  path: 'Fotos/Ärger & Co/2024-01-15.jpg',
  size: 123_456,
  sha256: 'ab'.repeat(32) as Hash,
  mtimeNs: 1_700_000_000_123_456_789n,
  mode: 0o644,
  generation: 7,
  previous: '0123456789abcdef0123456789abcdef',
  reuse: 2,
  device: 'laptop of Zoë',
  op: '00112233aabbccdd',
  extra: { b: 'two words', a: '' },
};
const UNKNOWN: Head = { ...HEAD, mtimeNs: null, mode: null, previous: null, device: null, op: null, extra: {} };

describe('a head', () => {
  it.each([HEAD, UNKNOWN, { ...HEAD, path: 'é'.repeat(2_048) }, { ...HEAD, mtimeNs: -1n, size: Number.MAX_SAFE_INTEGER }])('is read as it was written, %#', (head) => {
    const bytes = encodeHead(head);
    expect(bytes.length % 256).toBe(0);
    expect(parseHead(bytes)).toEqual(head);
    expect(encodeHead(parseHead(bytes))).toEqual(bytes);
  });

  it.each<Partial<Head>>([
    { path: '' },
    { path: 'x'.repeat(4_097) },
    { path: 'a\0b' },
    { path: '\ud800' },
    { mode: 0o1000 },
    { size: -1 },
    { reuse: 1_024 },
    { op: 'a b' },
  ])('that breaks a limit is refused: %j', (wrong) => {
    expect(() => encodeHead({ ...HEAD, ...wrong })).toThrow(RangeError);
  });

  it.each<Partial<Head>>([
    { device: 'x'.repeat(256) },
    { op: 'x'.repeat(65) },
    { sha256: 'ab' as Hash },
    { previous: '00' },
    { extra: { 'a b': 'x' } },
    { extra: { a: '\n' } },
    { extra: { a: 'x'.repeat(2_000) } },
  ])('that breaks a limit is refused: %j', (wrong) => expect(() => encodeHead({ ...HEAD, ...wrong })).toThrow(RangeError));

  it('has one encoding only: anything in the padding, a step more of it, or names out of order are malformed', () => {
    const bytes = encodeHead(HEAD);
    const inPadding = Buffer.from(bytes);
    inPadding[inPadding.length - 1] = 1;
    for (const wrong of [inPadding, Buffer.concat([bytes, Buffer.alloc(256)]), bytes.subarray(0, 100)]) {
      expect(() => parseHead(wrong)).toThrow(expect.objectContaining({ code: 'corrupt', reason: 'malformed' }));
    }
  });
});

describe('a header', () => {
  const header: Header = {
    suite: 'floe',
    compression: 'zstd',
    epoch: 3,
    contentId: Buffer.alloc(16, 1),
    vaultTag: Buffer.alloc(8, 2),
    keyCheck: Buffer.alloc(8, 3),
    headBytes: 512,
  };

  it('is read as it was written', () => {
    expect(parseHeader(encodeHeader(header))).toEqual(header);
  });

  it('is refused with any field it cannot have', () => {
    const bytes = encodeHeader(header);
    const reasons = [0, 4, 5, 6, 7, 44, 47].map((at) => {
      const wrong = Buffer.from(bytes);
      wrong[at] = 0xee;
      try {
        parseHeader(wrong);
        return null;
      } catch (error) {
        return (error as { reason?: string }).reason;
      }
    });
    expect(reasons).toEqual(['not-a-container', 'newer-format', 'newer-format', 'newer-format', 'newer-format', 'malformed', 'malformed']);
    expect(() => parseHeader(bytes.subarray(0, 47))).toThrow(expect.objectContaining({ reason: 'truncated' }));
  });
});
