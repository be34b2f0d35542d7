import { hasCode, SyncError } from '../core/errors.ts';
import type { Fs } from '../platform/fs.ts';
import { checkApart, checkFolder, checkNotNested, checkStateOutside } from '../settings/check-folders.ts';
import type { PairPaths } from './engine-protocol.ts';

/** Refuses two folders that cannot become a pair (C29): missing, unreadable, one inside the other, or inside a folder of another pair. Answers with their real paths; touches nothing. */
export async function checkPair(fs: Fs, { source, target }: PairPaths, others: readonly PairPaths[], stateFolder: string): Promise<PairPaths> {
  const real = { source: await checkFolder(fs, source, 'Folder'), target: await checkFolder(fs, target, 'Backup folder') };
  await checkApart(fs, real.source, real.target);
  await checkNotNested(fs, real.source, 'identity.json');
  await checkNotNested(fs, real.target, 'vault.json');
  await checkStateOutside(fs, stateFolder, real.source, real.target);
  for (const other of others) {
    await refuseOverlap(fs, real.source, other.source, 'The folder you chose', 'a folder that is synced already');
    await refuseOverlap(fs, real.source, other.target, 'The folder you chose', 'the backup folder of another pair');
    await refuseOverlap(fs, real.target, other.source, 'The backup folder you chose', 'a folder that is synced already');
    await refuseOverlap(fs, real.target, other.target, 'The backup folder you chose', 'the backup folder of another pair');
  }
  return real;
}

async function refuseOverlap(fs: Fs, mine: string, theirs: string, what: string, whose: string): Promise<void> {
  const refusal = (cause?: unknown) =>
    new SyncError('overlap', `${what} (${mine}) overlaps ${whose} (${theirs}).`, { path: mine, hint: 'Choose a folder outside every other pair.', cause });
  const real = await fs.realPath(theirs).catch(() => null);
  if (real === null) {
    // A drive that is not connected has no identity to compare; its path has.
    if (isInside(mine, theirs) || isInside(theirs, mine)) throw refusal();
    return;
  }
  try {
    await checkApart(fs, mine, real);
  } catch (error) {
    throw hasCode(error, 'overlap') ? refusal(error) : error;
  }
}

function isInside(path: string, folder: string): boolean {
  return path === folder || (path.startsWith(folder) && /^[/\\]/.test(path.slice(folder.length)));
}
