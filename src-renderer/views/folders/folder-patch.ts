import type { PairPatch } from '../../../src-preload/contract/channels.ts';
import { sameOwn } from '../tuning/tuning-form.ts';

/** Everything that is set for one folder, as the form has it. */
export type FolderForm = { readonly [K in keyof PairPatch]-?: Exclude<PairPatch[K], undefined> };

/** What the form changed since it was opened. Only that is sent: what others set meanwhile stays theirs. */
export function folderPatch(now: FolderForm, before: FolderForm): PairPatch {
  const filled: FolderForm = { ...now, name: now.name.trim() === '' ? before.name : now.name.trim() };
  const isSame = (key: keyof FolderForm): boolean => (key === 'tuning' ? sameOwn(filled.tuning, before.tuning) : JSON.stringify(filled[key]) === JSON.stringify(before[key]));
  return Object.fromEntries(Object.entries(filled).filter(([key]) => !isSame(key as keyof FolderForm)));
}
