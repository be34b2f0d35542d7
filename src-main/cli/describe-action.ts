import type { Action, HeldDeletions } from '../core/action.ts';
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

const HELD_WORDS = {
  'root-emptied': 'the other side is empty',
  'too-many': 'unusually many at once',
  'went-back': 'the backup went back to an older state; if you restored it yourself: file-sync accept-restored',
} as const satisfies Record<HeldDeletions['why'], string>;

export function heldLine({ side, why, actions }: HeldDeletions): string {
  const where = side === 'local' ? 'here' : 'in the backup';
  return `${formatCount(actions.length, 'deletion')} ${where}: ${HELD_WORDS[why]}`;
}
