import { describe, expect, it } from 'vitest';
import type { Hash } from '../core/entry.ts';
import { ContentKeys } from './content-keys.ts';
import { type Envelope, openEnvelope, sealEnvelope } from './envelope.ts';
import type { Head } from './head.ts';

const VAULT = '00112233445566778899aabbccddeeff';
const keys = new ContentKeys({ vaultId: VAULT, epoch: 1, root: Buffer.alloc(32, 7) });
const find = (epoch: number): ContentKeys | null => (epoch === 1 ? keys : null);
const place = { vaultId: VAULT, storedKey: 'geheim/x' };
const head: Head = {
  kind: 'file',
  path: 'a/b.txt',
  size: 3,
  sha256: '00'.repeat(32) as Hash,
  mtimeNs: 5n,
  mode: null,
  generation: 1,
  previous: null,
  reuse: 0,
  device: 'd',
  op: 'o',
  extra: {},
};
const envelope: Envelope = { head, contentId: Buffer.alloc(16, 9) };
const sealed = (given: Envelope = envelope): string => sealEnvelope(keys, place, given) ?? '';

describe('an envelope', () => {
  it('opens at its place only, is the same each time, and shows nothing', () => {
    expect(openEnvelope(sealed(), place, { find })).toEqual(envelope);
    expect(sealed()).toBe(sealed());
    expect(Buffer.from(sealed(), 'base64url').includes('a/b.txt')).toBe(false);
    for (const elsewhere of [
      { ...place, storedKey: 'geheim/y' },
      { ...place, vaultId: '00'.repeat(16) },
    ]) {
      expect(() => openEnvelope(sealed(), elsewhere, { find })).toThrow(expect.objectContaining({ code: 'corrupt', reason: 'wrong-place' }));
    }
  });

  it('with any bit turned is refused by name', () => {
    const bytes = Buffer.from(sealed(), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const wrong = Buffer.from(bytes);
      wrong[bit >> 3] = (wrong[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => openEnvelope(wrong.toString('base64url'), place, { find })).toThrow(expect.objectContaining({ code: 'corrupt' }));
    }
  });

  it('in the clear is refused where a key is due, and read where none is', () => {
    const clear = sealEnvelope(null, place, envelope) ?? '';
    expect(openEnvelope(clear, place, { find: null })).toEqual(envelope);
    expect(openEnvelope(clear, place, { find, acceptClear: true })).toEqual(envelope);
    expect(() => openEnvelope(clear, place, { find })).toThrow(expect.objectContaining({ reason: 'not-encrypted' }));
  });

  it('of a path too long for metadata is not made', () => {
    expect(sealed({ ...envelope, head: { ...head, path: 'x'.repeat(1_024) } })).toHaveLength(1_800);
    expect(sealEnvelope(keys, place, { ...envelope, head: { ...head, path: 'x'.repeat(1_500) } })).toBeNull();
  });

  it('of another epoch or key, or not in its one spelling, is refused', () => {
    expect(() => openEnvelope(sealed(), place, { find: () => null })).toThrow(expect.objectContaining({ reason: 'unknown-epoch' }));
    expect(() => openEnvelope(`${sealed()}=`, place, { find })).toThrow(expect.objectContaining({ reason: 'malformed' }));
    expect(() => openEnvelope('', place, { find })).toThrow(expect.objectContaining({ reason: 'malformed' }));
  });
});
