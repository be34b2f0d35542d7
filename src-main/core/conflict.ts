import { type Entry, sameContent, type Version } from './entry.ts';
import type { RelPath } from './rel-path.ts';

export type ConflictPolicy = 'keep_local' | 'keep_remote' | 'keep_both' | 'manual';
export const CONFLICT_POLICIES: readonly ConflictPolicy[] = ['keep_local', 'keep_remote', 'keep_both', 'manual'];

/** Two contents that both want one path, waiting for the user (policy `manual`). */
export interface Conflict {
  readonly path: RelPath;
  readonly local: Entry;
  readonly remote: Entry;
  readonly remoteVersion: Version;
  readonly remoteDevice: string | null;
  readonly remoteStoredAtMs: number | null;
  /** When it was first seen, ms since the epoch. */
  readonly since: number;
}

export type Choice = 'local' | 'remote' | 'both';

/** The user's answer to a conflict; it holds only for the two contents the user was shown (C38). */
export interface Resolution {
  readonly path: RelPath;
  readonly choice: Choice;
  readonly local: Entry;
  readonly remoteVersion: Version;
}

/** Whether the answer is for the two contents of this conflict. */
export function isAnswerTo(answer: Resolution, conflict: Pick<Conflict, 'path' | 'local' | 'remoteVersion'>): boolean {
  return answer.path === conflict.path && answer.remoteVersion === conflict.remoteVersion && sameContent(answer.local, conflict.local);
}
