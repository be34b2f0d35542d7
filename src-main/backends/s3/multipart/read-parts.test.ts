import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { nodeHasher } from '../../../platform/node-hash.ts';
import { settle } from '../../../testing/manual-clock.ts';
import type { Body } from '../../backend.ts';
import { BlockHasher } from './blocks.ts';
import { ByteBudget } from './byte-budget.ts';
import { type ReadPart, readParts } from './read-parts.ts';

const bodyOf = (size: number, chunks: readonly string[]): Body => ({
  size,
  async *open() {
    for (const chunk of chunks) yield Buffer.from(chunk);
  },
});
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const reading = (body: Body, partBytes: number, budget = new ByteBudget(1000)) => readParts(body, { partBytes, budget, newHasher: nodeHasher, signal: undefined });

it('cuts a body into parts, whatever its chunks are', async () => {
  for (const chunks of [['abcdefghij'], ['a', 'bc', '', 'defgh', 'ij'], ['abcd', 'efgh', 'ij']]) {
    const parts: ReadPart[] = [];
    for await (const part of reading(bodyOf(10, chunks), 4)) parts.push(part);
    expect(parts.map(({ number, bytes, first, last, sha256: hash }) => [number, Buffer.from(bytes).toString(), first, last, hash])).toEqual([
      [1, 'abcd', 0, 3, sha256('abcd')],
      [2, 'efgh', 4, 7, sha256('efgh')],
      [3, 'ij', 8, 9, sha256('ij')],
    ]);
    const blocks = new BlockHasher(4, nodeHasher);
    for (const chunk of chunks) blocks.update(Buffer.from(chunk));
    expect(blocks.digest()).toEqual({ partBytes: 4, hashes: parts.map((part) => part.sha256) });
  }
});

it('a body of another length than it said is busy, and holds no memory', async () => {
  for (const chunks of [['abc'], ['abcd', 'e']]) {
    const budget = new ByteBudget(1000);
    const all = async (): Promise<void> => {
      for await (const part of reading(bodyOf(4, chunks), 4, budget)) part.release();
    };
    await expect(all()).rejects.toMatchObject({ code: 'busy' });
    expect(budget.used).toBe(0);
  }
});

it('puts a part where one lay that nobody reads any more, and only there', async () => {
  const budget = new ByteBudget(8);
  const somebodyElse = await budget.take(1);
  const places: ArrayBufferLike[] = [];
  const texts: string[] = [];
  for await (const part of reading(bodyOf(16, ['abcdefghijklmnop']), 4, budget)) {
    texts.push(Buffer.from(part.bytes).toString());
    places.push(part.bytes.buffer);
    part.release(part.number === 2 ? undefined : 'unread');
    part.release('unread');
  }
  expect(texts).toEqual(['abcd', 'efgh', 'ijkl', 'mnop']);
  expect([places[1] === places[0], places[2] === places[1], places[3] === places[2]]).toEqual([true, false, true]);
  somebodyElse();
  expect(budget.used).toBe(0);
});

it('reads no further than there is room for', async () => {
  const budget = new ByteBudget(8);
  const got: ReadPart[] = [];
  const all = (async () => {
    for await (const part of reading(bodyOf(16, ['abcdefghijklmnop']), 4, budget)) got.push(part);
  })();
  await settle();
  expect([got.length, budget.used]).toEqual([2, 8]);
  for (let n = 0; n < 4; n++) {
    got[n]?.release();
    await settle();
  }
  await all;
  expect([got.length, budget.used]).toEqual([4, 0]);
});
