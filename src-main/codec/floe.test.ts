import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Floe, type FloeParams } from './floe.ts';

interface Published {
  readonly key: string;
  readonly aad: string;
  readonly vectors: readonly (FloeParams & { readonly name: string; readonly text: string; readonly sealed: string })[];
}
const published = JSON.parse(readFileSync(new URL('./vectors/floe-published.json', import.meta.url), 'utf8')) as Published;
const key = Buffer.from(published.key, 'hex');
const aad = Buffer.from(published.aad);

function openAll(sealed: Buffer, params: FloeParams, with_ = key, about = aad): Buffer | null {
  const floe = Floe.open(with_, about, sealed.subarray(0, 74), params);
  if (floe === null) return null;
  const texts: Buffer[] = [];
  for (let at = 74, number = 0; at < sealed.length; at += params.segmentBytes, number += 1) {
    const text = floe.openSegment(sealed.subarray(at, at + params.segmentBytes), number, at + params.segmentBytes >= sealed.length);
    if (text === null) return null;
    texts.push(text);
  }
  return Buffer.concat(texts);
}

function sealAll(text: Buffer, params: FloeParams, iv: Buffer): Buffer {
  const floe = Floe.start(key, aad, iv, params);
  const room = params.segmentBytes - 32;
  const count = Math.max(1, Math.ceil(text.length / room));
  const sealed = Buffer.alloc(text.length + count * 32);
  let at = 0;
  for (let number = 0; number < count; number += 1) at = floe.sealSegment(text.subarray(number * room, (number + 1) * room), number, number === count - 1, sealed, at);
  expect(at).toBe(sealed.length);
  return Buffer.concat([floe.header, sealed]);
}

describe('FLOE', () => {
  it.each(published.vectors)('reads the published vector $name', ({ text, sealed, ...params }) => {
    expect(openAll(Buffer.from(sealed, 'hex'), params)?.toString('hex')).toBe(text.toLowerCase());
    expect(openAll(Buffer.from(sealed, 'hex'), params, Buffer.alloc(32, 1))).toBeNull();
    expect(openAll(Buffer.from(sealed, 'hex'), params, key, Buffer.from('This is aad'))).toBeNull();
  });

  const params = { segmentBytes: 96, rotationBits: 1 };
  const text = Buffer.from(Array.from({ length: 300 }, (_, at) => at & 0xff));
  const iv = Buffer.alloc(32, 5);

  it('reads what it wrote, and writes the same again under the same IV', () => {
    for (let length = 0; length <= text.length; length += 1) expect(openAll(sealAll(text.subarray(0, length), params, iv), params)?.equals(text.subarray(0, length))).toBe(true);
    expect(sealAll(text, params, iv)).toEqual(sealAll(text, params, iv));
  });

  it('a changed byte changes its segment alone, under another nonce', () => {
    const changed = Buffer.from(text);
    changed[100] = 0xff;
    const [before, after] = [sealAll(text, params, iv), sealAll(changed, params, iv)];
    const segments = (bytes: Buffer): string[] => Array.from({ length: 5 }, (_, at) => bytes.subarray(74 + at * 96, 74 + (at + 1) * 96).toString('hex'));
    const nonces = (bytes: Buffer): string[] => segments(bytes).map((segment) => segment.slice(8, 32));
    expect(segments(before).map((segment, at) => segment === segments(after)[at])).toEqual([true, false, true, true, true]);
    expect(nonces(before)[1]).not.toBe(nonces(after)[1]);
    expect(new Set([...nonces(before), ...nonces(after)]).size).toBe(6);
  });

  it('equal texts at two places have two nonces', () => {
    const zeros = sealAll(Buffer.alloc(64 * 4), params, iv);
    const nonces = Array.from({ length: 4 }, (_, at) => zeros.subarray(74 + at * 96 + 4, 74 + at * 96 + 16).toString('hex'));
    expect(new Set(nonces).size).toBe(4);
  });

  it('any bit turned, any cut, any segment moved, doubled or added is refused', () => {
    const sealed = sealAll(text, params, iv);
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const wrong = Buffer.from(sealed);
      wrong[bit >> 3] = (wrong[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(openAll(wrong, params)).toBeNull();
    }
    for (let length = 75; length < sealed.length; length += 1) expect(openAll(sealed.subarray(0, length), params)).toBeNull();
    const segment = (at: number): Buffer => sealed.subarray(74 + at * 96, 74 + (at + 1) * 96);
    const header = sealed.subarray(0, 74);
    const orders = [
      [1, 0, 2, 3, 4],
      [0, 0, 2, 3, 4],
      [0, 1, 2, 4],
      [0, 1, 2, 3, 3, 4],
      [0, 1, 2, 3, 4, 4],
    ];
    for (const order of orders) expect(openAll(Buffer.concat([header, ...order.map(segment)]), params)).toBeNull();
    expect(openAll(Buffer.concat([sealed, Buffer.alloc(1)]), params)).toBeNull();
  });
});
