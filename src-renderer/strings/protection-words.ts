import type { ProtectionView } from '../../src-preload/contract/vault.ts';
import { en } from './en.ts';

/** How the files of a pair lie on the other side, in words; the vault's short id with them, to tell two by. */
export function protectionWords(protection: ProtectionView | null): string {
  if (protection === null) return en.protection.plain;
  const { encrypted, compressed, hidesNames, vault } = protection;
  const parts = [encrypted ? en.protection.encrypted : '', compressed ? en.protection.compressed : '', hidesNames ? en.protection.namesHidden : ''].filter((part) => part !== '');
  const [first = '', ...rest] = parts;
  return [first, ...rest.map((part) => part.toLowerCase()), ...(vault === null ? [] : [en.protection.vault(vault)])].join(', ');
}
