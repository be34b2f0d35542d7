import { SyncError } from '../core/errors.ts';
import type { FileStat } from '../platform/fs.ts';
import type { Platform } from '../platform/platform.ts';
import { shownPath } from './shown-path.ts';

/** A side of a pair that is to be opened: of a folder that is not there systems say nothing of use. Throws `root-missing` or, for the backup, `unreachable`. */
export async function requireSide({ fs, home }: Pick<Platform, 'fs' | 'home'>, folder: string, side: 'source' | 'target'): Promise<void> {
  if ((await fs.lstat(folder)) !== null) return;
  const shown = shownPath(folder, home.homeDir);
  if (side === 'source')
    throw new SyncError('root-missing', `the folder ${shown} is not there`, { hint: 'It was moved, renamed or deleted, or the drive it lies on is not connected.' });
  throw new SyncError('unreachable', `the backup folder ${shown} is not there`, { hint: 'Connect the drive or the network share it lies on, then try again.' });
}

/** What is there to be opened or shown where it lies: systems neither do nor say anything about a name that nothing has. */
export async function statOfShown({ fs, home }: Pick<Platform, 'fs' | 'home'>, file: string): Promise<FileStat> {
  const stat = await fs.lstat(file);
  if (stat !== null) return stat;
  throw new SyncError('not-found', `${shownPath(file, home.homeDir)} is not there any more`, {
    hint: 'It was moved, renamed or deleted since: Activity and History say what became of it.',
  });
}
