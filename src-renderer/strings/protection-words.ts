import type { ProtectionView } from '../../src-preload/contract/vault.ts';
import { en } from './en.ts';
import { lowerFirst } from './format.ts';

/** How the files of a pair lie on the other side, in words; the vault's short id with them, to tell two by. */
export function protectionWords(protection: ProtectionView | null): string {
  if (protection === null) return en.protection.plain;
  const { encrypted, compressed, hidesNames, vault } = protection;
  const { protection: words } = en;
  const parts = [
    encrypted ? words.encrypted : '',
    compressed ? (encrypted ? lowerFirst(words.compressed) : words.compressed) : '',
    hidesNames ? words.namesHidden : '',
    vault === null ? '' : words.vault(vault),
  ];
  return parts.filter((part) => part !== '').join(', ');
}
