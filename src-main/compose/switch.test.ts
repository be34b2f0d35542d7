import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openKeyring } from '../codec/keyring.ts';
import { isSealed } from '../codec/vault-document.ts';
import type { VaultSecret } from '../codec/vault-secret.ts';
import { composePair, type Pair } from '../compose.ts';
import type { CycleReport } from '../core/events.ts';
import { DEFAULT_PAIR_SETTINGS } from '../core/settings.ts';
import { memoryKeychain } from '../keychain/memory-keychain.ts';
import { memoryJournal } from '../migrate/journal.ts';
import { beginSwitch, endSwitchOf, switchOf } from '../migrate/switch-vault.ts';
import { nodePlatform } from '../platform/node-platform.ts';
import { readVaultDocument } from '../remote/vault.ts';
import { changeContext, keyOf, SEALED } from '../testing/keyring-kit.ts';
import { passingNotes, storeTools } from './store.ts';
import { openSwitching, switchObjects } from './switch.ts';
import { PairVault } from './vault.ts';

const platform = nodePlatform();
const KEY = keyOf('a');
let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'switch-'));
  for (const folder of ['backup', 'anna', 'bert']) mkdirSync(join(root, folder));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (device: string, path: string, text: string): void => writeFileSync(join(root, device, path), text);
const read = (device: string, path: string): string => readFileSync(join(root, device, path), 'utf8');
const names = (device: string): readonly string[] =>
  readdirSync(join(root, device), { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('.file-sync'))
    .sort();

function open(device: string, vaultSecret?: VaultSecret): Promise<Pair> {
  return composePair(
    {
      source: join(root, device),
      backend: { kind: 'local', folder: join(root, 'backup') },
      stateDir: join(root, `state-${device}`),
      logLevel: 'silent',
      settings: { ...DEFAULT_PAIR_SETTINGS, deviceName: device },
      ...(vaultSecret === undefined ? {} : { vaultSecret }),
    },
    platform,
    { kind: 'cli', mode: 'own', keychain: memoryKeychain(), scansHere: true },
  );
}

async function sync(device: string, secret?: VaultSecret): Promise<CycleReport> {
  const pair = await open(device, secret);
  try {
    return await pair.engine.syncAll();
  } finally {
    await pair.close();
  }
}

const store = () => storeTools(platform, memoryKeychain()).open({ kind: 'local', folder: join(root, 'backup') }, { client: 'test' });

async function begin(): Promise<void> {
  const stored = await readVaultDocument(await store());
  if (stored === null) throw new RangeError('no vault');
  await beginSwitch({ store: await store(), to: { ...SEALED, names: 'base32' }, first: { secret: KEY, label: 'first' }, context: changeContext(3) }, stored);
}

async function work() {
  const backend = await store();
  const stored = await readVaultDocument(backend);
  if (stored === null || !isSealed(stored.document)) throw new RangeError('not begun');
  const vault = openSwitching(backend, stored.document, await openKeyring(stored.document, KEY), { ...platform, notes: passingNotes() });
  return { report: await switchObjects(vault, memoryJournal(), {}), backend, began: switchOf(stored.document)?.began ?? 0 };
}

async function end(): Promise<void> {
  const { report, backend, began } = await work();
  expect(report).toMatchObject({ complete: true, refused: [] });
  const opening = { store: backend, open: (document: Parameters<typeof openKeyring>[0]) => openKeyring(document, KEY), context: changeContext(4), began };
  expect(await endSwitchOf({ ...opening, graceMs: Number.MAX_SAFE_INTEGER / 2 })).toMatchObject({ kind: 'too-early' });
  expect(await endSwitchOf({ ...opening, graceMs: 0 })).toMatchObject({ kind: 'ended' });
}

it('C68 one device goes on with the key, one without it stops and says so, another slept through it all', { timeout: 120_000 }, async () => {
  for (let i = 0; i < 6; i++) write('anna', `file-${i}`, `content ${i} `.repeat(20));
  await sync('anna');
  await sync('bert');
  write('anna', 'file-0', 'second version');
  await sync('anna');
  await begin();

  const stopped = await open('anna');
  await expect(stopped.engine.syncAll()).rejects.toMatchObject({ code: 'config', message: expect.stringContaining('encrypted') });
  // What the app asks for the secret by.
  expect(stopped.engine.status().error).toMatchObject({ code: 'config', wantsSecret: true });
  await stopped.close();
  expect(names('anna')).toHaveLength(6);
  const quiet = await sync('anna', KEY);
  expect(quiet).toMatchObject({ done: 0, failures: [] });
  write('anna', 'file-1', 'edited in the middle');
  await sync('anna', KEY);
  await end();
  expect(await sync('anna', KEY)).toMatchObject({ done: 0, failures: [] });
  // The one that slept edited something, too.
  write('bert', 'file-2', 'edited asleep');
  await expect(sync('bert')).rejects.toMatchObject({ code: 'config' });
  await sync('bert', KEY);
  await sync('anna', KEY);
  expect(names('bert')).toEqual(names('anna'));
  expect([read('bert', 'file-0'), read('bert', 'file-1'), read('anna', 'file-2')]).toEqual(['second version', 'edited in the middle', 'edited asleep']);
  const everything = readdirSync(join(root, 'backup'), { recursive: true, withFileTypes: true })
    .map((entry) => `${entry.name} ${entry.isFile() ? readFileSync(join(entry.parentPath, entry.name), 'latin1') : ''}`)
    .join('\n');
  expect(everything).not.toMatch(/file-\d|content \d|edited|second version/);
});

it('C68 a pair that has the plain vault in hand believes no absence after it was switched, and goes on with the key', { timeout: 120_000 }, async () => {
  for (let i = 0; i < 4; i++) write('anna', `file-${i}`, `content ${i}`);
  await sync('anna');
  const vaultOf = async (given?: VaultSecret): Promise<PairVault> =>
    new PairVault({
      ...platform,
      store: await store(),
      notes: passingNotes(),
      keychain: memoryKeychain(),
      wish: { encryption: false, compression: false, hideNames: false },
      given,
    });
  const anna = await (await vaultOf()).open({});
  await begin();
  await work();
  await expect(anna.stat('file-0')).rejects.toMatchObject({ code: 'config' });
  const opened = await (await vaultOf(KEY)).open({});
  expect((await opened.stat('file-0'))?.size).toBe(9);
});
