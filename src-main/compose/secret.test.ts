import { describe, expect, it } from 'vitest';
import { hasCode, SyncError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import type { Keychain } from '../keychain/keychain.ts';
import { memoryKeychain } from '../keychain/memory-keychain.ts';
import { forgetVaultSecret, storeVaultSecret } from '../keychain/vault-secrets.ts';
import { keyOf, PASSPHRASE, VAULT_ID } from '../testing/keyring-kit.ts';
import { findVaultSecret } from './secret.ts';

const text = (found: Awaited<ReturnType<typeof findVaultSecret>>): unknown => found && [found.from, found.secret.kind, found.secret.secret.reveal()];

describe("a vault's secret", () => {
  it('is the given one, else what the keychain has for this vault, else unknown', async () => {
    const keychain = memoryKeychain();
    expect(await findVaultSecret(undefined, keychain, VAULT_ID)).toBeNull();
    await storeVaultSecret(keychain, VAULT_ID, PASSPHRASE);
    expect(text(await findVaultSecret(undefined, keychain, VAULT_ID))).toEqual(['keychain', 'passphrase', 'correct horse battery']);
    expect(text(await findVaultSecret(keyOf('a'), keychain, VAULT_ID))).toEqual(['settings', 'key', 'a'.repeat(64)]);
    expect(await findVaultSecret(undefined, keychain, 'ff'.repeat(16))).toBeNull();
    await forgetVaultSecret(keychain, VAULT_ID);
    expect(await findVaultSecret(undefined, keychain, VAULT_ID)).toBeNull();
  });

  it('C74 in a keychain that is absent, locked or silent is an error with the other way out; a given one needs no keychain', async () => {
    const locked: Keychain = {
      get: () => Promise.reject(new SyncError('refused', "the system's keychain did not answer within 15 s; it is probably locked")),
      set: async () => undefined,
      delete: async () => undefined,
    };
    await expect(findVaultSecret(undefined, locked, VAULT_ID)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('locked'),
      hint: expect.stringContaining('ENCRYPTION_KEY'),
    });
    expect(text(await findVaultSecret(keyOf('a'), locked, VAULT_ID))).toEqual(['settings', 'key', 'a'.repeat(64)]);
  });

  it('I9 that cannot be read is not repeated', async () => {
    const keychain = memoryKeychain();
    await keychain.set(`vault ${VAULT_ID}`, new Secret('hunter2'));
    const error: unknown = await findVaultSecret(undefined, keychain, VAULT_ID).catch((thrown: unknown) => thrown);
    expect(hasCode(error, 'config')).toBe(true);
    expect(JSON.stringify([error, String(error)])).not.toContain('hunter2');
  });
});
