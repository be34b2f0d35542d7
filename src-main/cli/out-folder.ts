import { SyncError } from '../core/errors.ts';
import type { Fs } from '../platform/fs.ts';
import { ensurePrivateFolder } from '../state/state-dir.ts';

/** Makes the folder of `--out`, for this user alone where it is new. */
export async function ensureOutFolder(fs: Fs, folder: string): Promise<void> {
  const stat = await fs.lstat(folder).catch(() => null);
  if (stat === null) return ensurePrivateFolder(fs, folder);
  if (stat.kind !== 'folder' && stat.kind !== 'symlink') throw new SyncError('usage', `--out takes a folder, and ${folder} is none`, { path: folder });
}
