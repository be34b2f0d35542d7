import type { Action, HeldDeletions } from '../core/action.ts';
import { filesHeld, isBurst } from '../core/burst.ts';
import { assertNever } from '../core/errors.ts';
import { formatBytes, formatCount, printable } from './format.ts';

export type ActionDirection = 'up' | 'down' | 'none';

interface Words {
  readonly direction: ActionDirection;
  /** What will be done. */
  readonly verb: string;
  /** What was done. */
  readonly past: string;
}

export function wordsOf({ kind }: Action): Words {
  switch (kind) {
    case 'upload':
      return { direction: 'up', verb: 'upload', past: 'uploaded' };
    case 'download':
      return { direction: 'down', verb: 'download', past: 'downloaded' };
    case 'set-local-mode':
      return { direction: 'down', verb: 'set permissions of', past: 'set permissions of' };
    case 'make-remote-folder':
      return { direction: 'up', verb: 'create folder', past: 'created folder' };
    case 'make-local-folder':
      return { direction: 'down', verb: 'create folder', past: 'created folder' };
    case 'move-remote':
      return { direction: 'up', verb: 'rename', past: 'renamed' };
    case 'move-local':
      return { direction: 'down', verb: 'rename', past: 'renamed' };
    case 'set-aside-local':
    case 'set-aside-remote':
      return { direction: 'none', verb: 'keep both versions of', past: 'kept both versions of' };
    case 'remove-remote':
      return { direction: 'up', verb: 'delete in the backup', past: 'deleted in the backup' };
    case 'remove-local':
      return { direction: 'down', verb: 'delete here', past: 'deleted here' };
    case 'remove-remote-folder':
      return { direction: 'up', verb: 'delete folder in the backup', past: 'deleted folder in the backup' };
    case 'remove-local-folder':
      return { direction: 'down', verb: 'delete folder here', past: 'deleted folder here' };
    case 'adopt':
    case 'forget':
      return { direction: 'none', verb: 'note', past: 'noted' };
    default:
      return assertNever(kind);
  }
}

const ARROWS: Readonly<Record<ActionDirection, string>> = { up: '↑', down: '↓', none: '=' };

/** Bookkeeping that changes neither side is not worth a line. */
export function isVisible(action: Action): boolean {
  return action.kind !== 'adopt' && action.kind !== 'forget';
}

export function sizeOf(action: Action): number | null {
  return 'entry' in action && action.entry.kind === 'file' ? action.entry.size : null;
}

/** "↑ upload docs/a.txt (1.2 KiB): new here" */
export function lineOf(action: Action, tense: 'verb' | 'past'): string {
  const words = wordsOf(action);
  const size = sizeOf(action);
  const target = 'to' in action ? ` -> ${printable(action.to)}` : '';
  const reason = tense === 'verb' ? `: ${printable(action.reason)}` : '';
  return `${ARROWS[words.direction]} ${words[tense]} ${printable(action.path)}${target}${size === null ? '' : ` (${formatBytes(size)})`}${reason}`;
}

/** An action in a JSON document. */
export function documentOf(action: Action): object {
  return { path: action.path, to: 'to' in action ? action.to : null, action: action.kind, direction: wordsOf(action).direction, size: sizeOf(action), reason: action.reason };
}

export function heldLine(held: HeldDeletions): string {
  const { side, why } = held;
  const where = side === 'local' ? 'here' : 'in the backup';
  const files = filesHeld(held);
  switch (why) {
    case 'too-many':
      return `${formatCount(files, 'deletion')} ${where}: unusually many at once`;
    case 'root-emptied':
      return `${formatCount(files, 'deletion')} ${where}: the other side is empty`;
    case 'went-back':
      return `${formatCount(files, 'deletion')} ${where}: the backup went back to an older state; if you restored it yourself: file-sync accept-restored`;
    case 'scrambled':
      return `${formatCount(files, 'rewrite')} ${where}: many files at once became unreadable, as ransomware leaves them`;
    case 'renamed-alike':
      return `${formatCount(files, 'rewrite')} ${where}: many files at once were replaced by others with one strange end to their names, as ransomware does`;
    default:
      return assertNever(why);
  }
}

/** What can be done about what is held. */
export function heldHint(held: readonly HeldDeletions[]): string {
  return held.some(isBurst)
    ? 'file-sync held restore   to have the files back as they were; file-sync sync --yes   if the changes are meant'
    : 'file-sync sync --yes   if these deletions are meant; file-sync held restore   to have the files back';
}
