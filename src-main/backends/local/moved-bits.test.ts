import { expect, it } from 'vitest';
import { FakeStore, STORE } from '../../testing/local-store.ts';
import { putText } from '../conformance/kit.ts';

it.each([true, false])('C22 a moved file shows the bits and the time of its new metadata, and its version is the one that was answered (hard links: %s)', async (hardLinks) => {
  const store = new FakeStore({ hardLinks });
  const backend = await store.open('one');
  const version = await putText(backend, 'a', 'content');
  const moved = await backend.move?.({ key: 'a', version }, 'b', { meta: { sha256: 'x', mode: '755', mtime: '1700000000000000000' } });
  expect(await store.fs.view().lstat(`${STORE}/b`)).toMatchObject({ mode: 0o755, mtimeNs: 1_700_000_000_000_000_000n });
  expect(moved).toEqual({ kind: 'done', version: (await backend.stat('b'))?.version });
  expect((await (await store.open('two')).stat('b'))?.meta).toEqual({ sha256: 'x', mode: '755', mtime: '1700000000000000000' });
});
