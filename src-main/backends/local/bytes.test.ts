import { expect, it } from 'vitest';
import { FakeStore, STORE } from '../../testing/local-store.ts';
import { putText } from '../conformance/kit.ts';

/** A store whose object `a` another program changes in the instant before a call. */
async function changing(label: 'read' | 'openRead', change: (store: FakeStore) => void): Promise<unknown> {
  const store = new FakeStore();
  await putText(await store.open('one'), 'a', 'text');
  let left = 1;
  const backend = await store.open('two', (called, path) => {
    if (called === label && path === `${STORE}/a` && left-- === 1) change(store);
  });
  const object = await backend.get('a');
  const read: string[] = [];
  try {
    for await (const chunk of object?.chunks ?? []) read.push(Buffer.from(chunk).toString());
    return read.join('');
  } catch (error) {
    return error;
  }
}

it('C46 C57 an object that grows in place while it is read is busy, and no more than its bytes are given', async () => {
  expect(await changing('read', (store) => store.fs.edit.append(`${STORE}/a`, ' and more'))).toMatchObject({ code: 'busy' });
});

it('C46 C57 a folder in the place of an object that is about to be read is a change, no failure', async () => {
  const replaced = (store: FakeStore): void => {
    store.fs.edit.remove(`${STORE}/a`);
    store.fs.edit.mkdir(`${STORE}/a`);
  };
  expect(await changing('openRead', replaced)).toMatchObject({ code: 'busy' });
});

it('C14 C46 a file in the place of a link that is about to be read: not there any more', async () => {
  const store = new FakeStore();
  const one = await store.open('one');
  await putText(one, 'b', 'x');
  store.fs.edit.symlink('nowhere', `${STORE}/l`);
  const two = await store.open('two', (called, path) => {
    if (called === 'readLink' && path === `${STORE}/l`) store.fs.edit.replace(`${STORE}/l`, 'a file');
  });
  expect(await two.get('l')).toBeNull();
});
