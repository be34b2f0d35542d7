import { hasCode, SyncError } from '../core/errors.ts';
import type { Fs } from '../platform/fs.ts';
import { checkApart, checkFolder, checkNotNested, checkStateOutside } from '../settings/check-folders.ts';
import type { PairEnds, TargetEnd } from './engine-protocol.ts';

/** Refuses two ends that cannot become a pair (C29): missing, unreadable, one inside the other, or inside an end of another pair. Answers with real paths; touches nothing and asks no store. */
export async function checkPair(fs: Fs, { source, target }: PairEnds, others: readonly PairEnds[], stateFolder: string): Promise<PairEnds> {
  const real = { source: await checkFolder(fs, source, 'Folder'), target: await checkTarget(fs, target) };
  if (real.target.kind === 'local') await checkApart(fs, real.source, real.target.folder);
  await checkNotNested(fs, real.source, 'identity.json');
  await checkStateOutside(fs, stateFolder, real.source, ...(real.target.kind === 'local' ? [real.target.folder] : []));
  for (const other of others) {
    await refuseOverlap(fs, real.source, other.source, 'The folder you chose', 'a folder that is synced already');
    if (other.target.kind === 'local') await refuseOverlap(fs, real.source, other.target.folder, 'The folder you chose', 'the backup folder of another pair');
    await refuseTarget(fs, real.target, other);
  }
  return real;
}

/** Whether two folders lie on one disk, as far as that can be seen; so a failure of it takes both. */
export async function isOneDisk(fs: Pick<Fs, 'lstat' | 'realPath'>, one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map(async (folder) => fs.lstat(await fs.realPath(folder))));
  return a != null && b != null && a.dev === b.dev;
}

async function checkTarget(fs: Fs, target: TargetEnd): Promise<TargetEnd> {
  if (target.kind === 's3') return target;
  const folder = await checkFolder(fs, target.folder, 'Backup folder');
  await checkNotNested(fs, folder, 'vault.json');
  return { kind: 'local', folder };
}

async function refuseTarget(fs: Fs, mine: TargetEnd, { source, target }: PairEnds): Promise<void> {
  if (mine.kind === 'local') {
    await refuseOverlap(fs, mine.folder, source, 'The backup folder you chose', 'a folder that is synced already');
    if (target.kind === 'local') await refuseOverlap(fs, mine.folder, target.folder, 'The backup folder you chose', 'the backup folder of another pair');
  } else if (target.kind === 's3' && isOneStore(mine, target) && (mine.prefix.startsWith(target.prefix) || target.prefix.startsWith(mine.prefix))) {
    const theirs = `${target.bucket}/${target.prefix}`;
    throw new SyncError('overlap', `That place in the bucket (${mine.bucket}/${mine.prefix}) overlaps the one of another pair on this computer (${theirs}).`, {
      hint: 'Choose another folder in the bucket.',
    });
  }
}

function isOneStore(a: Extract<TargetEnd, { kind: 's3' }>, b: Extract<TargetEnd, { kind: 's3' }>): boolean {
  return a.bucket === b.bucket && host(a.endpoint) === host(b.endpoint);
}

function host(endpoint: string | null): string {
  return endpoint === null ? '' : new URL(endpoint).host;
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

/** Whether a path is the folder or lies in it, as the paths are written. */
export function isInside(path: string, folder: string): boolean {
  return path === folder || (path.startsWith(folder) && /^[/\\]/.test(path.slice(folder.length)));
}
