import { describe, expect, it } from 'vitest';
import { newEpoch } from '../codec/keyring-changes.ts';
import { encodeVaultDocument } from '../codec/vault-document.ts';
import { changeContext, keyOf, keyringOf } from '../testing/keyring-kit.ts';
import { foreignPut, MemoryWorld, textOf } from '../testing/remote-kit.ts';
import { createVaultDocument, readVaultDocument, replaceVaultDocument } from './vault.ts';

const VAULT = '.file-sync/vault.json';
const ID = '0123456789abcdef';

describe('the vault', () => {
  it('is absent in a new place, and made once', async () => {
    const kit = new MemoryWorld();
    expect(await kit.tree('A').vault()).toBeNull();
    expect(await kit.tree('A').createVault(ID)).toBe(ID);
    expect(await kit.tree('B').vault()).toBe(ID);
    expect(await kit.tree('B').createVault('f'.repeat(16))).toBe(ID);
  });

  it('C40 made by two devices at once is one', async () => {
    const kit = new MemoryWorld();
    const ids = await Promise.all(Array.from({ length: 8 }, (_, i) => kit.tree(`${i}`).createVault(String(i).repeat(16))));
    expect(new Set(ids).size).toBe(1);
    expect(await kit.tree('A').vault()).toBe(ids[0]);
  });

  it('S40 of a newer format is refused, with what to do', async () => {
    const kit = new MemoryWorld();
    await foreignPut(kit.client(), VAULT, JSON.stringify({ format: 4, keyring: [] }));
    await expect(kit.tree('A').vault()).rejects.toMatchObject({ code: 'config', hint: expect.stringContaining('Update') });
    await expect(kit.tree('A').createVault(ID)).rejects.toMatchObject({ code: 'config' });
  });

  it.each([
    '',
    'null',
    '[]',
    '{}',
    '<html>Please log in</html>',
    '{"format":1}',
    '{"format":1,"vault":7}',
    '{"format":1,"vault":"../../etc"}',
    '{"format":"2","vault":"0123456789abcdef"}',
    '{"format":0,"vault":"0123456789abcdef"}',
    '{"format":1e999,"vault":"0123456789abcdef"}',
    `{"format":1,"vault":"0123456789abcdef"}${' '.repeat(70_000)}`,
  ])('C52 C64 that is %.40s is corrupt, and is never overwritten', async (text) => {
    const kit = new MemoryWorld();
    await foreignPut(kit.client(), VAULT, text);
    await expect(kit.tree('A').vault()).rejects.toMatchObject({ code: 'corrupt' });
    await expect(kit.tree('A').createVault(ID)).rejects.toMatchObject({ code: 'corrupt' });
    expect(await textOf(kit.client(), VAULT)).toBe(text);
  });

  it('C26 C27 S54 of a store that is gone is an error, not an absence', async () => {
    const kit = new MemoryWorld();
    kit.store.offline = true;
    await expect(kit.tree('A').vault()).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('C69 that is encrypted tells a plain device which secret it takes, and stays as it is', async () => {
    const kit = new MemoryWorld();
    const text = encodeVaultDocument((await keyringOf(keyOf('a'))).document).toString();
    await foreignPut(kit.client(), VAULT, text);
    await expect(kit.tree('A').vault()).rejects.toMatchObject({ code: 'config', message: expect.stringContaining("vault's key") });
    await expect(kit.tree('A').createVault(ID)).rejects.toMatchObject({ code: 'config' });
    expect(await textOf(kit.client(), VAULT)).toBe(text);
  });

  it('that is compressed is not for a device that does not know it', async () => {
    const kit = new MemoryWorld();
    await createVaultDocument(kit.client(), { format: 2, vault: ID, codec: { encryption: false, compression: true, names: 'plain' }, keyring: null });
    await expect(kit.tree('A').vault()).rejects.toMatchObject({ code: 'config', message: expect.stringContaining('compressed') });
  });

  it('C40 with a keyring is made once, and changed only by whoever saw its last state', async () => {
    const kit = new MemoryWorld();
    const [mine, theirs] = [await keyringOf(keyOf('a'), 1), await keyringOf(keyOf('b'), 2)];
    expect(await createVaultDocument(kit.client(), mine.document)).toEqual(mine.document);
    expect(await createVaultDocument(kit.client(), theirs.document)).toEqual(mine.document);
    const stored = await readVaultDocument(kit.client());
    if (stored === null) throw new RangeError('no vault');
    const next = newEpoch(mine, changeContext(3)).document;
    await replaceVaultDocument(kit.client(), next, stored.version);
    await expect(replaceVaultDocument(kit.client(), newEpoch(mine, changeContext(4)).document, stored.version)).rejects.toMatchObject({ code: 'busy' });
    expect((await readVaultDocument(kit.client()))?.document).toEqual(next);
  });
});
