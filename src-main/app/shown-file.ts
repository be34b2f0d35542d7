import { SyncError } from '../core/errors.ts';
import type { FileStat } from '../platform/fs.ts';
import type { Platform } from '../platform/platform.ts';
import { shownPath } from './shown-path.ts';

/** What is there to be opened or shown where it lies: systems neither do nor say anything about a name that nothing has. */
export async function statOfShown({ fs, home }: Pick<Platform, 'fs' | 'home'>, file: string): Promise<FileStat> {
  const stat = await fs.lstat(file);
  if (stat !== null) return stat;
  throw new SyncError('not-found', `${shownPath(file, home.homeDir)} is not there any more`, {
    hint: 'It was moved, renamed or deleted since: Activity and History say what became of it.',
  });
}
