import { expect, it } from 'vitest';
import { UNLIMITED } from '../platform/bandwidth.ts';
import { nodeHasher } from '../platform/node-hash.ts';
import { memoryStateStore } from '../state/memory-store.ts';
import { FakeStore, STORE } from '../testing/local-store.ts';
import { BACKEND_KINDS, type BackendConfig, backendId, openBackend } from './catalog.ts';

const { notes } = memoryStateStore();

it('opens each kind it names', async () => {
  const { fs, clock, random } = new FakeStore();
  const backend = await openBackend({ kind: 'local', folder: STORE }, { fs: fs.view(), clock, random, newHasher: nodeHasher, client: 'one', bandwidth: UNLIMITED, notes });
  expect([backend.id, backendId({ kind: 'local', folder: STORE })]).toEqual([`local:${STORE}`, `local:${STORE}`]);
  expect(BACKEND_KINDS).toEqual(['local']);
  await backend.close();
});

it('an unknown kind is a configuration error that names those there are', async () => {
  const { fs, clock, random } = new FakeStore();
  const opening = openBackend({ kind: 'ftp', password: 'hunter2' } as unknown as BackendConfig, {
    fs: fs.view(),
    clock,
    random,
    newHasher: nodeHasher,
    client: 'one',
    bandwidth: UNLIMITED,
    notes,
  });
  await expect(opening).rejects.toMatchObject({ code: 'config', hint: expect.stringContaining('local') });
  await expect(opening).rejects.not.toMatchObject({ message: expect.stringContaining('hunter2') });
});
