import { describe, expect, it } from 'vitest';
import { changeContext, keyOf, keyringOf, stored } from '../testing/keyring-kit.ts';
import { newEpoch } from './keyring-changes.ts';
import type { VaultDocument } from './vault-document.ts';
import { checkSecretFits, judgeVault } from './vault-seen.ts';

const first = await keyringOf(keyOf('a'));
const second = newEpoch(first, changeContext(2));
const forked = newEpoch(first, changeContext(3));
const plain: VaultDocument = { format: 1, vault: first.vaultId };
const compressed: VaultDocument = { format: 2, vault: first.vaultId, codec: { encryption: false, compression: true, names: 'plain' }, keyring: null };
const other: VaultDocument = { ...stored(first), vault: 'ff'.repeat(16) };

describe('a vault that is met again', () => {
  it.each<[string, VaultDocument | null, VaultDocument, 'same' | 'newer']>([
    ['for the first time', null, stored(first), 'newer'],
    ['as it was', stored(first), stored(first), 'same'],
    ['changed by another device', stored(first), stored(second), 'newer'],
    ['turned encrypted', plain, stored(first), 'newer'],
    ['plain as before', plain, plain, 'same'],
  ])('%s is taken', (_name, seen, found, verdict) => expect(judgeVault(seen, found)).toBe(verdict));

  it.each<[string, VaultDocument, VaultDocument, RegExp]>([
    ['rolled back', stored(second), stored(first), /older state/],
    ['replaced under the same number', stored(second), stored(forked), /replaced by others/],
    ['turned plain', stored(second), plain, /in the open/],
    ['turned to mere compression', stored(second), compressed, /in the open/],
    ['with another id', stored(first), other, /another vault/],
  ])('C64 %s is refused before anything is written', (_name, seen, found, words) => {
    expect(() => judgeVault(seen, found)).toThrow(expect.objectContaining({ code: 'remote-replaced', message: expect.stringMatching(words) }));
  });
});

describe('a device', () => {
  it('C69 without a secret is told which one an encrypted vault takes', () => {
    expect(() => checkSecretFits(stored(first), false)).toThrow(expect.objectContaining({ code: 'config', message: expect.stringContaining("the vault's key") }));
    expect(() => checkSecretFits(stored(first), true)).not.toThrow();
  });

  it('C68 with a secret writes nothing into a vault that is in the open', () => {
    for (const document of [plain, compressed]) {
      expect(() => checkSecretFits(document, true)).toThrow(expect.objectContaining({ code: 'config', hint: expect.stringContaining('Nothing was written') }));
      expect(() => checkSecretFits(document, false)).not.toThrow();
    }
  });
});
