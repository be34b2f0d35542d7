import { expect, it } from 'vitest';
import { Secret } from '../core/secret.ts';
import { UNLIMITED } from '../platform/bandwidth.ts';
import { nodeHasher } from '../platform/node-hash.ts';
import { memoryStateStore } from '../state/memory-store.ts';
import { FakeStore, STORE } from '../testing/local-store.ts';
import { BACKEND_KINDS, type BackendConfig, backendId, openBackend } from './catalog.ts';

const { notes } = memoryStateStore();
const KEYS = { kind: 'keys', accessKeyId: 'A', secretAccessKey: new Secret('s'), sessionToken: null } as const;

it('opens each kind it names', async () => {
  const { fs, clock, random } = new FakeStore();
  const backend = await openBackend(
    { kind: 'local', folder: STORE },
    { fs: fs.view(), clock, random, newHasher: nodeHasher, client: 'one', bandwidth: UNLIMITED, notes, home: { env: {} } },
  );
  expect([backend.id, backendId({ kind: 'local', folder: STORE })]).toEqual([`local:${STORE}`, `local:${STORE}`]);
  expect(BACKEND_KINDS).toEqual(['local', 's3']);
  await backend.close();
  const config = {
    kind: 's3',
    bucket: 'mine',
    prefix: 'vault/',
    endpoint: 'https://s3.example.org',
    region: null,
    forcePathStyle: null,
    credentials: KEYS,
    proxy: null,
    caFile: null,
  } as const;
  const bucket = await openBackend(config, { fs: fs.view(), clock, random, newHasher: nodeHasher, client: 'one', bandwidth: UNLIMITED, notes, home: { env: {} } });
  expect([bucket.id, backendId(config)]).toEqual(['s3://mine/vault/ at s3.example.org', 's3://mine/vault/ at s3.example.org']);
  await bucket.close();
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
    home: { env: {} },
  });
  await expect(opening).rejects.toMatchObject({ code: 'config', hint: expect.stringContaining('local') });
  await expect(opening).rejects.not.toMatchObject({ message: expect.stringContaining('hunter2') });
});
