import { basename, posix, win32 } from 'node:path';
import { hasCode, SyncError } from '../core/errors.ts';
import type { NewHasher, Random } from '../platform/clock.ts';
import type { Fs } from '../platform/fs.ts';
import { writeNewFile } from '../platform/new-file.ts';
import type { Home } from '../platform/platform.ts';
import { readText } from '../platform/text-file.ts';

/** Where this user's state lies unless STATE_DIR says otherwise. */
export function defaultStateFolder({ platform, homeDir, env }: Pick<Home, 'platform' | 'homeDir' | 'env'>): string {
  if (platform === 'win32') return win32.join(env['LOCALAPPDATA'] || win32.join(homeDir, 'AppData', 'Local'), 'File Sync');
  if (platform === 'darwin') return posix.join(homeDir, 'Library', 'Application Support', 'File Sync');
  const xdg = env['XDG_STATE_HOME'];
  // The XDG base directory specification: a relative path is invalid and ignored.
  return posix.join(xdg !== undefined && posix.isAbsolute(xdg) ? xdg : posix.join(homeDir, '.local', 'state'), 'file-sync');
}

export interface StateFiles {
  readonly database: string;
  readonly lock: string;
  readonly log: string;
  /** A folder for what is put aside while it is sent; whoever holds the lock owns it. */
  readonly spool: string;
}

/** The files of one folder pair: a readable stem, and what tells it apart from every other pair. `source` is its real path. */
export function stateFiles(folder: string, source: string, backendId: string, newHasher: NewHasher): StateFiles {
  const stem =
    basename(source)
      .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[.-]+/, '')
      .slice(0, 40) || 'root';
  const file = posixJoin(folder, `${stem}-${digest(newHasher, `${source}\0${backendId}`)}`);
  return { database: `${file}.db`, lock: `${file}.lock`, spool: `${file}.spool`, log: posixJoin(folder, 'logs', 'file-sync.log') };
}

/**
 * Names one pair of this user on this machine among all engines that use a backup folder; the same at every run. The random part lies in the state folder, so that two machines set up alike still differ; it goes with
 * the machine's name, so that a state folder that was copied to a second machine names another client there (scenario 39).
 * Where nothing may be written (`create` false) and there is none yet, it lasts for this run only.
 */
export async function clientName(options: ClientNameOptions): Promise<string> {
  const { fs, folder, source, host, random, newHasher, create } = options;
  const file = posixJoin(folder, 'device-id');
  const stored = (await fs.lstat(file)) === null ? null : (await readText(fs, file)).trim();
  const [, known, machine = host] = /^([0-9a-f]{16})(?: (.+))?$/.exec(stored ?? '') ?? [];
  const id = known !== undefined && machine === host ? known : random.id();
  // Of several processes that come first at once, one names the machine, and the others take that name.
  if (create && stored !== `${id} ${host}` && !(await isKept(options, file, `${id} ${host}\n`, stored !== null))) return clientName(options);
  return digest(newHasher, `${id}\0${source}`);
}

export interface ClientNameOptions {
  readonly fs: Fs;
  readonly folder: string;
  readonly source: string;
  readonly host: string;
  readonly random: Random;
  readonly newHasher: NewHasher;
  readonly create: boolean;
}

/** False where another process made the file meanwhile. */
async function isKept({ fs, folder, random }: ClientNameOptions, file: string, text: string, overwrite: boolean): Promise<boolean> {
  const bytes = (async function* () {
    yield new TextEncoder().encode(text);
  })();
  try {
    await writeNewFile(fs, { temp: `${file}-${random.id()}.new`, to: file, mode: null, mtimeNs: null, overwrite }, bytes);
  } catch (error) {
    if (hasCode(error, 'exists')) return false;
    throw error;
  }
  await fs.syncFolder(folder);
  return true;
}

function digest(newHasher: NewHasher, text: string): string {
  const hasher = newHasher();
  hasher.update(new TextEncoder().encode(text));
  return hasher.digest().slice(0, 16);
}

/** Only Windows has another separator, and takes this one too. */
function posixJoin(...parts: readonly string[]): string {
  return parts.join('/');
}

/** Creates the folder if need be and makes sure it can be written: `read-only`, `no-permission` or `disk-full`, each with what to do (C50). */
export async function ensureStateFolder(fs: Fs, folder: string, random: Random): Promise<void> {
  try {
    await ensurePrivateFolder(fs, folder);
    const probe = posixJoin(folder, `probe-${random.id()}`);
    await (await fs.create(probe, 0o600)).close();
    await fs.unlink(probe);
  } catch (error) {
    if (!hasCode(error, 'read-only', 'no-permission', 'disk-full')) throw error;
    const hint = error.code === 'disk-full' ? 'Free some space on its disk, or set STATE_DIR to another folder.' : 'Make it writable for you, or set STATE_DIR to another folder.';
    const why = { 'read-only': 'its file system is read-only', 'no-permission': 'it is not yours to write', 'disk-full': 'its disk is full' }[error.code as 'read-only'];
    throw new SyncError(error.code, `the state folder ${folder} cannot be written: ${why}`, { path: folder, hint, cause: error });
  }
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
