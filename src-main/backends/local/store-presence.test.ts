import { expect, it } from 'vitest';
import { FakeStore, STORE } from '../../testing/local-store.ts';
import { ABSENT, failing, leafKeys, putText, textAt, textBody } from '../conformance/kit.ts';

it.each(['stat', 'get'] as const)('C28 a process that has only read (%s) knows the store by then: its empty mount point is neither listed nor written to', async (read) => {
  const store = new FakeStore();
  const volume = store.fs.disk.mount(STORE);
  await putText(await store.open('one'), '.file-sync/vault.json', 'vault');
  const other = await store.open('other');
  expect(await other[read]('.file-sync/vault.json')).not.toBe(null);

  store.fs.disk.unmount(STORE);
  await expect(leafKeys(other)).rejects.toEqual(failing('unreachable'));
  await expect(other.put('a', textBody('text'), { condition: ABSENT, meta: {} })).rejects.toEqual(failing('unreachable'));
  expect(store.fs.tree(STORE, { all: true })).toEqual({});

  store.fs.disk.mount(STORE, volume);
  expect(await textAt(other, '.file-sync/vault.json')).toBe('vault');
});
