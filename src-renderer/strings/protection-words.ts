import type { OpensWith, ProtectionView } from '../../src-preload/contract/vault.ts';
import { lowerFirst } from './format.ts';
import { say } from './say.ts';

/** How the files of a pair lie on the other side, in words, and that it takes this program to read them there. */
export function protectionWords(protection: ProtectionView | null): string {
  if (protection === null) return say.protection.plain;
  const { encrypted, compressed, hidesNames } = protection;
  const { protection: words } = say;
  const parts = [encrypted ? words.encrypted : '', compressed ? (encrypted ? lowerFirst(words.compressed) : words.compressed) : '', hidesNames ? words.namesHidden : ''];
  return words.opensHere(parts.filter((part) => part !== '').join(', '));
}

/** That a place is encrypted already, and what opens it. */
export function joinWords(wants: readonly OpensWith[]): string {
  const { protection: words } = say;
  return words.join(wants.map((kind) => words.opensWith[kind]).join(` ${words.or} `));
}
