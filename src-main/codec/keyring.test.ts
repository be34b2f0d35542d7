import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { CHEAP, changeContext, keyOf, keyringOf, PASSPHRASE, secretOf, stored, VAULT_ID } from '../testing/keyring-kit.ts';
import { SeededRandom } from '../testing/random.ts';
import { type Keyring, openKeyring } from './keyring.ts';
import { addSlot, changeCodec, changeSecret, newEpoch, newVaultKey, removeSlot, retireEpoch } from './keyring-changes.ts';
import { candidatesOf, newRecoveryKey, recoveryWords } from './secret-key.ts';
import type { SealedDocument } from './vault-document.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const rootsOf = (keyring: Keyring): readonly string[] => keyring.document.keyring.epochs.map(({ id }) => hex(keyring.keysOf(id).root));

describe('a keyring', () => {
  it('opens with each kind of secret, on another device, and gives the same keys', async () => {
    const recovery = newRecoveryKey(new SeededRandom(9).bytes);
    let keyring = await keyringOf(PASSPHRASE);
    keyring = await addSlot(keyring, { secret: keyOf('a'), label: 'server' }, changeContext(2));
    keyring = await addSlot(keyring, { secret: recovery, label: 'sheet' }, changeContext(3));
    for (const secret of [PASSPHRASE, keyOf('a'), recovery]) {
      const opened = await openKeyring(stored(keyring), secret);
      expect(rootsOf(opened)).toEqual(rootsOf(keyring));
      expect(hex(opened.namesRoot())).toBe(hex(keyring.namesRoot()));
      expect(opened.keysOf(1)).toEqual({ vaultId: VAULT_ID, epoch: 1, root: expect.any(Uint8Array) });
    }
    const words = recoveryWords(recovery).map((word) => word.reveal());
    const typed = candidatesOf(`  ${words.join('\n').toUpperCase()} `);
    expect(rootsOf(await openKeyring(stored(keyring), ...typed))).toEqual(rootsOf(keyring));
  });

  it('C69 does not open with another secret, and says which kind was tried and which is wanted', async () => {
    const keyring = await keyringOf(PASSPHRASE);
    await expect(openKeyring(stored(keyring), secretOf('passphrase:correct horse batter'))).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining('wrong passphrase'),
      hint: expect.stringContaining('opens with its passphrase'),
    });
    await expect(openKeyring(stored(keyring), keyOf('b'))).rejects.toMatchObject({ code: 'config', message: 'wrong key: it does not open this vault' });
  });

  it('takes a passphrase in either spelling of its letters, and counts its spaces', async () => {
    const keyring = await keyringOf(secretOf('passphrase:Bücher im Regal '));
    await expect(openKeyring(stored(keyring), secretOf('passphrase:Bu\u0308cher im Regal '))).resolves.toBeDefined();
    await expect(openKeyring(stored(keyring), secretOf('passphrase:Bücher im Regal'))).rejects.toMatchObject({ code: 'config' });
  });

  it('I9 shows nothing when it is printed or serialised', async () => {
    const keyring = await keyringOf(keyOf('a'));
    const shown = inspect(keyring, { depth: 9, showHidden: true }) + JSON.stringify(keyring);
    const { vaultKey, names, roots } = keyring.secrets();
    for (const secret of [vaultKey, names, ...roots.values()]) expect(shown).not.toContain(hex(secret).slice(0, 16));
    for (const secret of [vaultKey, names, ...roots.values()]) expect(shown).not.toContain([...secret.subarray(0, 6)].join(', '));
    expect(shown).not.toContain('aaaaaaaaaaaa');
  });

  it('overwrites what it holds', async () => {
    const keyring = await keyringOf(keyOf('a'));
    const { root } = keyring.keysOf(1);
    keyring.wipe();
    expect(hex(root)).toBe('00'.repeat(32));
  });
});

describe('changes of a keyring', () => {
  it('count up, and leave the roots as they are', async () => {
    const first = await keyringOf(keyOf('a'));
    const added = await addSlot(first, { secret: keyOf('b'), label: 'b' }, changeContext(2));
    const changed = await changeSecret(added, added.document.keyring.slots[1]?.id ?? '', { secret: PASSPHRASE, label: 'mine', cost: CHEAP }, changeContext(3));
    expect([first, added, changed].map(({ document }) => document.keyring.revision)).toEqual([1, 2, 3]);
    expect(rootsOf(changed)).toEqual(rootsOf(first));
    expect(rootsOf(await openKeyring(stored(changed), PASSPHRASE))).toEqual(rootsOf(first));
    await expect(openKeyring(stored(changed), keyOf('b'))).rejects.toMatchObject({ code: 'config' });
  });

  it('a removed secret opens the file no more; the one in use and the last one stay', async () => {
    const two = await addSlot(await keyringOf(keyOf('a')), { secret: keyOf('b'), label: 'b' }, changeContext(2));
    const [a = '', b = ''] = two.document.keyring.slots.map(({ id }) => id);
    const one = removeSlot(two, b, changeContext(3));
    await expect(openKeyring(stored(one), keyOf('b'))).rejects.toMatchObject({ code: 'config' });
    expect(() => removeSlot(one, a, changeContext(4))).toThrow(/opened the vault with/);
    expect(() => removeSlot(one, b, changeContext(4))).toThrow(/no secret/);
  });

  it('a new epoch is for new writes, old ones stay until they are retired', async () => {
    const first = await keyringOf(keyOf('a'));
    const second = newEpoch(first, changeContext(2));
    expect([second.currentEpoch, rootsOf(second)[0]]).toEqual([2, rootsOf(first)[0]]);
    expect(rootsOf(second)[1]).not.toBe(rootsOf(first)[0]);
    expect(() => retireEpoch(second, 2, changeContext(3))).toThrow(/new writes/);
    const retired = await openKeyring(stored(retireEpoch(second, 1, changeContext(3))), keyOf('a'));
    expect([retired.hasEpoch(1), retired.currentEpoch]).toEqual([false, 2]);
    expect(() => retired.keysOf(1)).toThrow(expect.objectContaining({ code: 'corrupt' }));
    expect(newEpoch(retired, changeContext(4)).currentEpoch).toBe(3);
  });

  it('a new vault key leaves out whoever kept the old one', async () => {
    const two = await addSlot(await keyringOf(keyOf('a')), { secret: keyOf('b'), label: 'b' }, changeContext(2));
    const [a = ''] = two.document.keyring.slots.map(({ id }) => id);
    const renewed = await newVaultKey(two, [{ id: a, secret: keyOf('a') }], changeContext(5));
    const opened = await openKeyring(stored(renewed), keyOf('a'));
    expect([opened.currentEpoch, rootsOf(opened)[0], hex(opened.namesRoot())]).toEqual([2, rootsOf(two)[0], hex(two.namesRoot())]);
    await expect(openKeyring(stored(renewed), keyOf('b'))).rejects.toMatchObject({ code: 'config' });
    expect(hex(renewed.secrets().vaultKey)).not.toBe(hex(two.secrets().vaultKey));
  });

  it('never seal two texts under one key: every change takes fresh salts, also two made at once', async () => {
    const first = await keyringOf(keyOf('a'));
    const seals = ({ keyring }: SealedDocument): readonly string[] => [keyring.names.salt, ...keyring.epochs.map(({ salt }) => salt)];
    const changes = [newEpoch(first, changeContext(2)), newEpoch(first, changeContext(3)), await addSlot(first, { secret: keyOf('b'), label: 'b' }, changeContext(4))];
    const salts = [first, ...changes].flatMap(({ document }) => seals(document));
    expect(new Set(salts).size).toBe(salts.length);
  });

  it('has limits: slots, epochs, labels', async () => {
    let keyring = await keyringOf(keyOf('a'));
    for (let i = 1; i < 64; i++) keyring = newEpoch(keyring, changeContext(i));
    expect(() => newEpoch(keyring, changeContext(99))).toThrow(/at most 64/);
    for (let i = 1; i < 16; i++) keyring = await addSlot(keyring, { secret: keyOf(i.toString(16)), label: 'x'.repeat(64) }, changeContext(i));
    expect(stored(keyring)).toEqual(keyring.document);
    await expect(addSlot(keyring, { secret: keyOf('b'), label: 'b' }, changeContext(99))).rejects.toMatchObject({ code: 'usage' });
    for (const label of ['', 'x'.repeat(65), 'a\nb', '\u202e'])
      await expect(changeSecret(keyring, keyring.slot, { secret: keyOf('b'), label }, changeContext(9))).rejects.toMatchObject({ code: 'usage' });
  });

  it('C68 of the settings is one of the keyring: they are under its MAC', async () => {
    const keyring = changeCodec(await keyringOf(keyOf('a')), { encryption: true, compression: false, names: 'plain' }, changeContext(2));
    expect((await openKeyring(stored(keyring), keyOf('a'))).document.codec).toEqual({ encryption: true, compression: false, names: 'plain' });
  });
});
