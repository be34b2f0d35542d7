import { basename, posix, win32 } from 'node:path';
import { hasCode, SyncError } from '../core/errors.ts';
import type { NewHasher } from '../platform/clock.ts';
import type { Fs } from '../platform/fs.ts';
import type { Home } from '../platform/platform.ts';

/** Where this user's state lies unless STATE_DIR says otherwise. */
export function defaultStateFolder({ platform, homeDir, env }: Pick<Home, 'platform' | 'homeDir' | 'env'>): string {
  if (platform === 'win32') return win32.join(env['LOCALAPPDATA'] || win32.join(homeDir, 'AppData', 'Local'), 'File Sync');
  if (platform === 'darwin') return posix.join(homeDir, 'Library', 'Application Support', 'File Sync');
  const xdg = env['XDG_STATE_HOME'];
  // The XDG base directory specification: a relative path is invalid and ignored.
  return posix.join(xdg !== undefined && posix.isAbsolute(xdg) ? xdg : posix.join(homeDir, '.local', 'state'), 'file-sync');
}

/** The files of one folder pair: a readable stem, and what tells it apart from every other pair. `source` is its real path. */
export function stateFiles(folder: string, source: string, backendId: string, newHasher: NewHasher): { readonly database: string; readonly lock: string; readonly log: string } {
  const hasher = newHasher();
  hasher.update(new TextEncoder().encode(`${source}\0${backendId}`));
  const stem =
    basename(source)
      .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[.-]+/, '')
      .slice(0, 40) || 'root';
  const file = posixJoin(folder, `${stem}-${hasher.digest().slice(0, 16)}`);
  return { database: `${file}.db`, lock: `${file}.lock`, log: posixJoin(folder, 'logs', 'file-sync.log') };
}

/** Only Windows has another separator, and takes this one too. */
function posixJoin(...parts: readonly string[]): string {
  return parts.join('/');
}

/** Creates the folder and those above it, readable by this user alone. */
export async function ensurePrivateFolder(fs: Fs, folder: string): Promise<void> {
  const stat = await fs.lstat(folder);
  if (stat?.kind === 'folder' || stat?.kind === 'symlink') return;
  if (stat !== null) throw new SyncError('config', `${folder} is not a folder`, { path: folder, hint: 'Set STATE_DIR to a folder.' });
  const parent = folder.replace(/[/\\][^/\\]+[/\\]*$/, '');
  if (parent !== '' && parent !== folder) await ensurePrivateFolder(fs, parent);
  try {
    await fs.mkdir(folder);
  } catch (error) {
    if (hasCode(error, 'exists')) return;
    throw error;
  }
  await fs.chmod(folder, 0o700);
}
