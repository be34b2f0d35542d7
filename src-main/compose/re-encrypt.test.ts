import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openKeyring } from '../codec/keyring.ts';
import { newEpoch } from '../codec/keyring-changes.ts';
import { isSealed } from '../codec/vault-document.ts';
import { composePair } from '../compose.ts';
import type { CycleReport } from '../core/events.ts';
import { DEFAULT_PAIR_SETTINGS } from '../core/settings.ts';
import { memoryKeychain } from '../keychain/memory-keychain.ts';
import { memoryJournal } from '../migrate/journal.ts';
import { reEncrypt } from '../migrate/re-encrypt.ts';
import { retireOldEpochs } from '../migrate/retire-epochs.ts';
import { nodePlatform } from '../platform/node-platform.ts';
import { readVaultDocument, replaceVaultDocument } from '../remote/vault.ts';
import { keyOf } from '../testing/keyring-kit.ts';
import { openResealable, surveyStore } from './re-encrypt.ts';
import { storeTools } from './store.ts';

const platform = nodePlatform();
let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'reencrypt-'));
  for (const folder of ['backup', 'anna', 'bert']) mkdirSync(join(root, folder));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (device: string, path: string, text: string): void => writeFileSync(join(root, device, path), text);
const read = (device: string, path: string): string => readFileSync(join(root, device, path), 'utf8');

async function sync(device: string): Promise<CycleReport> {
  const pair = await composePair(
    {
      source: join(root, device),
      backend: { kind: 'local', folder: join(root, 'backup') },
      stateDir: join(root, `state-${device}`),
      logLevel: 'silent',
      settings: { ...DEFAULT_PAIR_SETTINGS, deviceName: device },
      vault: { encryption: true, compression: true, hideNames: true },
      vaultSecret: keyOf('a'),
    },
    platform,
    { kind: 'cli', mode: 'own', keychain: memoryKeychain(), scansHere: true },
  );
  try {
    return await pair.engine.syncAll();
  } finally {
    await pair.close();
  }
}

it('S149 one device syncs in the middle of it, another was offline all the time: no conflict, no problem, nothing fetched again', { timeout: 120_000 }, async () => {
  for (let i = 0; i < 8; i++) write('anna', `f${i}`, `content ${i} `.repeat(20));
  await sync('anna');
  await sync('bert');

  const store = await storeTools(platform, memoryKeychain()).open({ kind: 'local', folder: join(root, 'backup') }, { client: 'test' });
  const stored = await readVaultDocument(store);
  if (stored === null || !isSealed(stored.document)) throw new RangeError('not encrypted');
  const context = { chance: platform.chance, nowMs: platform.clock.now() };
  const keyring = newEpoch(await openKeyring(stored.document, keyOf('a')), context);
  await replaceVaultDocument(store, keyring.document, stored.version);
  expect((await surveyStore(store, new AbortController().signal)).objects).toBe(8);

  const journal = memoryJournal();
  let done = 0;
  const inTheMiddle = {
    ...journal,
    add: async (mark: string): Promise<void> => {
      await journal.add(mark);
      if (++done !== 3) return;
      write('bert', 'f1', 'edited in the middle');
      write('bert', 'new', 'made in the middle');
      expect(await sync('bert')).toMatchObject({ failures: [], problems: [], conflicts: [], done: 2 });
    },
  };
  const report = await reEncrypt({ backend: openResealable(store, keyring, platform), journal: inTheMiddle, newHasher: platform.newHasher });
  expect(report).toMatchObject({ complete: true, refused: [] });
  const open = (document: Parameters<typeof openKeyring>[0]) => openKeyring(document, keyOf('a'));
  expect(await retireOldEpochs({ store, open, context, current: 2, graceMs: 0 })).toMatchObject({ kind: 'retired', epochs: [1] });
  await store.close();

  const late = await sync('anna');
  expect(late).toMatchObject({ failures: [], problems: [], conflicts: [], held: [], done: 2, bytesDown: 'edited in the middle'.length + 'made in the middle'.length });
  expect([read('anna', 'f1'), read('anna', 'new'), read('anna', 'f7')]).toEqual(['edited in the middle', 'made in the middle', 'content 7 '.repeat(20)]);
  expect(await sync('bert')).toMatchObject({ failures: [], problems: [], conflicts: [], done: 0 });
});
