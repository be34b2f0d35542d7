import { describe, expect, it } from 'vitest';
import { foreignPut, MemoryWorld, textOf } from '../testing/remote-kit.ts';

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
    await foreignPut(kit.client(), VAULT, JSON.stringify({ format: 2, keyring: [] }));
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
});
