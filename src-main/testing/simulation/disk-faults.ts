import { type ErrorCode, SyncError } from '../../core/errors.ts';
import type { FsLabel } from '../fake-fs.ts';
import type { SeededRandom } from '../random.ts';

const READING: readonly FsLabel[] = ['lstat', 'readDir', 'openRead', 'read', 'fstat', 'readLink', 'realPath'];
const READ_FAULTS: readonly ErrorCode[] = ['no-permission', 'io', 'busy'];
const WRITE_FAULTS: readonly ErrorCode[] = ['disk-full', 'no-permission', 'busy', 'io'];
const UNFAILING: readonly FsLabel[] = ['close', 'freeBytes'];

/** Throws, at this chance, what a disk may answer to such a call. */
export function diskMayFail(random: SeededRandom, chance: number, label: FsLabel, path: string): void {
  if (UNFAILING.includes(label) || random.fraction() >= chance) return;
  const code = random.pick(READING.includes(label) ? READ_FAULTS : WRITE_FAULTS);
  throw new SyncError(code, `${code}: ${path}`, { path });
}
