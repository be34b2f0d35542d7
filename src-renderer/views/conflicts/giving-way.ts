import type { Choice, ConflictView, SideView } from '../../../src-preload/contract/model.ts';
import { say } from '../../strings/say.ts';
import { sideWords } from './side-words.ts';

/** Which side a choice lets go of; null for none. */
export function loserOf(choice: Choice): 'local' | 'remote' | null {
  return choice === 'both' ? null : choice === 'local' ? 'remote' : 'local';
}

/** What a choice lets go of, by name, and where it stays; `forGood`: the backup keeps no old versions. */
export function losesWords(choice: Choice, conflict: Pick<ConflictView, 'local' | 'remote'>, forGood = false): string {
  const loser = loserOf(choice);
  if (loser === null || choice === 'both') return say.conflictTools.loses.both;
  return say.conflictTools.loses[choice === 'local' && forGood ? 'forGood' : choice](nameOf(loser, conflict[loser]));
}

/** Where what gave way is, once a choice was carried out. */
export function keptWords(choice: Choice, conflict: Pick<ConflictView, 'local' | 'remote'>, forGood = false): string {
  const loser = loserOf(choice);
  if (loser === null || choice === 'both') return say.conflictTools.decided.both;
  return say.conflictTools.decided[choice === 'local' && forGood ? 'forGood' : choice](nameOf(loser, conflict[loser]));
}

/** One side by its device, where that is another one, its size and its time. */
export function nameOf(which: 'local' | 'remote', side: SideView): string {
  return [which === 'local' ? '' : (side.device ?? ''), sideWords(side)].filter((word) => word !== '').join(', ');
}

/** Whether the newer of the two would go: easily a mistake. */
export function newerLoses(choice: Choice, { local, remote }: Pick<ConflictView, 'local' | 'remote'>): boolean {
  const loser = loserOf(choice);
  if (loser === null || local.modifiedAt === null || remote.modifiedAt === null) return false;
  return loser === 'local' ? local.modifiedAt > remote.modifiedAt : remote.modifiedAt > local.modifiedAt;
}

/** The pattern that stands for files like this one: by its ending, or by its name where it has none. */
export function patternFor(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  const text = dot > 0 && dot < name.length - 1 ? `*${escaped(name.slice(dot))}` : escaped(name);
  return text;
}

/** Characters that mean something in a pattern stand for themselves. */
function escaped(text: string): string {
  return text
    .replaceAll(/[\\*?[\]]/g, '\\$&')
    .replace(/^[#!]/, '\\$&')
    .replace(/ $/, '\\ ');
}
