import { expect, it } from 'vitest';
import type { Version } from '../../core/entry.ts';
import { bodyOf } from '../../testing/http-api-kit.ts';
import type { Profile } from '../../testing/s3-server/quirks.ts';
import { SimStore } from '../../testing/sim-s3/sim-store.ts';
import type { Backend, Condition } from '../backend.ts';

const PART = 100;
const SCALE = { partBytes: PART, largeFrom: 2 * PART };
const text = Array.from({ length: 30 }, (_, n) => `${n}`.padEnd(PART, '.')).join('');
const meta = { sha256: '1', mtime: '5' };

async function put(backend: Backend, key: string, content: string, condition: Condition): Promise<Version> {
  const result = await backend.put(key, bodyOf(content), { condition, meta: { ...meta, sha256: `${content.length}` } });
  if (result.kind !== 'done') throw new Error(result.kind);
  return result.version;
}
async function read(backend: Backend, key: string): Promise<{ readonly text: string; readonly version: Version }> {
  const object = await backend.get(key);
  if (object === null) throw new Error('not there');
  const chunks: Uint8Array[] = [];
  for await (const chunk of object.chunks) chunks.push(chunk);
  return { text: Buffer.concat(chunks).toString(), version: object.info.version };
}
const sentBy = async (backend: Backend, work: () => Promise<unknown>): Promise<number> => {
  const before = backend.usage?.().bytesUp ?? 0;
  await work();
  return (backend.usage?.().bytesUp ?? 0) - before;
};
const match = (version: Version): Condition => ({ kind: 'match', version });

it('a device that read a large object sends only what it changed; one that renamed it does too', async () => {
  const store = new SimStore({ profile: 'aws', large: SCALE });
  const [desk, laptop] = [store.backend(), store.backend()];
  await put(desk, 'a', text, { kind: 'absent' });
  const there = await read(laptop, 'a');
  expect(there.text).toBe(text);
  expect(await sentBy(laptop, () => put(laptop, 'a', `${text}!`, match(there.version)))).toBe(1);

  const again = await read(desk, 'a');
  expect(again.text).toBe(`${text}!`);
  const moved = await desk.copy({ key: 'a', version: again.version }, 'b', { condition: { kind: 'absent' }, meta });
  if (moved.kind !== 'done') throw new Error(moved.kind);
  expect(await sentBy(desk, () => put(desk, 'b', `${text}!?`, match(moved.version)))).toBe(2);
  expect((await read(laptop, 'b')).text).toBe(`${text}!?`);
});

it.each<Profile>(['aws', 'r2', 'ceph16', 'b2', 'wasabi'])('C40 S120 a large write that lost its race on %s changes nothing and leaves no parts', async (profile) => {
  const store = new SimStore({ profile, large: SCALE });
  const [desk, laptop] = [store.backend(), store.backend()];
  const version = await put(desk, 'a', text, { kind: 'absent' });
  await put(laptop, 'a', 'theirs', match(version));
  expect(await desk.put('a', bodyOf(`${text}!`), { condition: match(version), meta })).toEqual({ kind: 'stale' });
  expect(await desk.put('a', bodyOf(`${text}!`), { condition: { kind: 'absent' }, meta })).toEqual({ kind: 'stale' });
  expect([(await read(desk, 'a')).text, store.s3.bucket.uploads.size]).toEqual(['theirs', 0]);
});
