import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../backends/memory/memory-backend.ts';
import { newRecoveryKey, recoveryWords } from '../codec/secret-key.ts';
import type { StoreTools } from '../compose/store.ts';
import { nodePlatform } from '../platform/node-platform.ts';
import { bodyOf } from '../remote/small-body.ts';
import { createVaultDocument } from '../remote/vault.ts';
import { keyOf, VAULT_ID } from '../testing/keyring-kit.ts';
import { SeededRandom } from '../testing/random.ts';
import { type NewVaultSetup, revealed } from './vault-setup.ts';
import { vaultTools } from './vault-tools.ts';

const PLACE = { kind: 'local', folder: '/backup' } as const;
const RECOVERY = newRecoveryKey(new SeededRandom(4).bytes);
const NEW: NewVaultSetup = { vault: VAULT_ID, compression: true, hideNames: true, secret: revealed(keyOf('a')), recovery: revealed(RECOVERY) };

function start() {
  const store = createMemoryStore({ now: () => Date.now() });
  const stores = { open: async () => store.client() } as unknown as StoreTools;
  const keys = async (): Promise<readonly string[]> => {
    const found: string[] = [];
    for await (const { key } of store.client().list('')) found.push(key);
    return found;
  };
  return { store: store.client(), keys, tools: vaultTools(stores, { ...nodePlatform(), chance: new SeededRandom(9).bytes }) };
}

describe('the vault of a place', () => {
  it('is seen for what it is', async () => {
    const { store, tools } = start();
    expect(await tools.look(PLACE)).toEqual({ holds: 'nothing' });
    await store.put('a.txt', bodyOf(Buffer.from('a')), { condition: { kind: 'absent' }, meta: {} });
    expect(await tools.look(PLACE)).toEqual({ holds: 'files' });
    for (const [holds, document] of [
      ['plain', { format: 1, vault: VAULT_ID }],
      ['compressed', { format: 2, vault: VAULT_ID, codec: { encryption: false, compression: true, names: 'plain' }, keyring: null }],
    ] as const) {
      const other = start();
      await createVaultDocument(other.store, document);
      expect(await other.tools.look(PLACE)).toEqual({ holds });
    }
  });

  it('is made at an empty place, again without harm, and opened with the key or the words', async () => {
    const { tools, keys } = start();
    await tools.create(PLACE, NEW);
    await tools.create(PLACE, NEW);
    expect(await keys()).toEqual(['.file-sync/vault.json']);
    expect(await tools.look(PLACE)).toEqual({ holds: 'encrypted', vault: VAULT_ID, compression: true, hideNames: true, wants: ['key', 'recovery'] });
    const opened = { vault: VAULT_ID, compression: true, hideNames: true };
    expect(await tools.open(PLACE, ` ${'A'.repeat(64)} `)).toEqual({ ...opened, secret: NEW.secret });
    const words = recoveryWords(RECOVERY).map((word) => word.reveal());
    expect(await tools.open(PLACE, words.join('\n').toUpperCase())).toEqual({ ...opened, secret: NEW.recovery });
    expect(await tools.openKept(PLACE, NEW.secret)).toEqual({ ...opened, secret: NEW.secret });
    expect(await tools.openKept(PLACE, revealed(keyOf('b')))).toBeNull();
  });

  it('C69 does not open with anything else, which is told without being repeated', async () => {
    const { tools, keys } = start();
    await tools.create(PLACE, NEW);
    const words = recoveryWords(RECOVERY).map((word) => word.reveal());
    const slip = words.with(4, 'zebrra').join(' ');
    await expect(tools.open(PLACE, 'b'.repeat(64))).rejects.toMatchObject({ code: 'config', message: expect.stringContaining('wrong key') });
    const failure: unknown = await tools.open(PLACE, slip).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'config', message: expect.stringContaining('word 5') });
    expect(JSON.stringify([failure, String(failure)])).not.toContain('zebrra');
    expect(await keys()).toEqual(['.file-sync/vault.json']);
  });

  it('is not made where something else lies, and a plain one is not opened', async () => {
    for (const put of ['a.txt', '.file-sync/vault.json']) {
      const { store, tools, keys } = start();
      if (put === 'a.txt') await store.put(put, bodyOf(Buffer.from('a')), { condition: { kind: 'absent' }, meta: {} });
      else await createVaultDocument(store, { format: 1, vault: 'f'.repeat(32) });
      await expect(tools.create(PLACE, NEW)).rejects.toMatchObject({ code: 'exists' });
      await expect(tools.open(PLACE, 'a'.repeat(64))).rejects.toMatchObject({ code: 'config' });
      expect(await keys()).toEqual([put]);
    }
  });
});
