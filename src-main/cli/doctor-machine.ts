import type { StoreFinding } from '../backends/backend.ts';
import { SyncError } from '../core/errors.ts';
import { tempBesideName } from '../local/control-folder.ts';
import type { Fs } from '../platform/fs.ts';
import { remoteFileSystem } from '../platform/node-watch.ts';
import type { Platform } from '../platform/platform.ts';
import { checkFolder, checkNotNested, checkStateOutside } from '../settings/check-folders.ts';
import type { Config } from '../settings/settings.ts';
import { defaultStateFolder, ensureStateFolder } from '../state/state-dir.ts';
import { formatBytes, formatCount } from './format.ts';

/** Where every disk gets slow and every copy fails; also kept free while receiving. */
const LITTLE_BYTES = 1_073_741_824;
/** Walking further would take long and tell nothing new. */
const MOST_FOLDERS = 2_000_000;

/** The synced folder: there, readable, writable, nobody else's. The last finding is the one that failed. */
export async function folderFindings({ source }: Pick<Config, 'source'>, { fs, random }: Platform): Promise<readonly StoreFinding[]> {
  const real = await attempt('folder', async () => {
    const folder = await checkFolder(fs, source, 'WATCH_DIR');
    await checkNotNested(fs, folder, 'identity.json');
    return folder;
  });
  if ('finding' in real) return [real.finding];
  const written = await attempt('folder', () => tryWrite(fs, `${real.value}/${tempBesideName(random.id())}`));
  if ('finding' in written)
    return [
      {
        ...written.finding,
        text: `${real.value} cannot be written: ${written.finding.text}`,
        fix: written.finding.fix ?? 'Make it writable for you; with DIRECTION=upload_only that is not needed.',
      },
    ];
  const free = await fs.freeBytes(real.value);
  const network = await remoteFileSystem(real.value);
  return [
    { check: 'folder', verdict: 'good', text: `${real.value} can be read and written`, fix: null },
    ...(free === null || free >= LITTLE_BYTES ? [] : [warning('disk', `${formatBytes(free)} are free where the folder lies`, 'Make room: what others change needs place here.')]),
    ...(network === null
      ? []
      : [
          { check: 'watching', verdict: 'note', text: `the folder lies on a network (${network}), which tells of no changes: it is looked at again and again`, fix: null } as const,
        ]),
  ];
}

/** Where the state lies: private, writable, outside the folder. */
export async function stateFindings(config: Pick<Config, 'stateDir' | 'source' | 'backend'>, { fs, random, home }: Platform): Promise<readonly StoreFinding[]> {
  const folder = config.stateDir ?? defaultStateFolder(home);
  const tried = await attempt('state', async () => {
    await checkStateOutside(fs, folder, config.source, ...(config.backend.kind === 'local' ? [config.backend.folder] : []));
    await ensureStateFolder(fs, folder, random);
  });
  if ('finding' in tried) return [tried.finding];
  const mode = (await fs.lstat(folder))?.mode ?? 0;
  if (home.platform !== 'win32' && (mode & 0o077) !== 0) return [warning('state', `${folder} can be read by others (mode ${mode.toString(8)})`, `chmod 700 '${folder}'`)];
  return [{ check: 'state', verdict: 'good', text: `${folder} can be written and is yours alone`, fix: null }];
}

/** Linux watches folder by folder and has a limit for the user; elsewhere one watch covers everything. */
export async function watchFindings(source: string, { fs, home }: Platform): Promise<readonly StoreFinding[]> {
  if (home.platform !== 'linux') return [];
  const limit = await readNumber(fs, '/proc/sys/fs/inotify/max_user_watches');
  if (limit === null) return [];
  const folders = await countFolders(fs, source);
  const text = `${formatCount(folders, 'folder')} to watch, and the system allows ${limit.toLocaleString('en-US')} watches for all your programs`;
  if (folders < limit * 0.8) return [{ check: 'watching', verdict: 'good', text, fix: null }];
  return [warning('watching', text, `sudo sysctl fs.inotify.max_user_watches=${2 ** Math.ceil(Math.log2(folders * 2))}; until then the folder is looked at again and again`)];
}

function warning(check: string, text: string, fix: string): StoreFinding {
  return { check, verdict: 'warning', text, fix };
}

async function attempt<T>(check: string, work: () => Promise<T>): Promise<{ readonly value: T } | { readonly finding: StoreFinding }> {
  try {
    return { value: await work() };
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    return { finding: { check, verdict: 'bad', text: error.message, fix: error.hint ?? null } };
  }
}

async function tryWrite(fs: Fs, path: string): Promise<void> {
  await (await fs.create(path, 0o600)).close();
  await fs.unlink(path);
}

/** Files of /proc have no size, so they are read until they end. */
async function readNumber(fs: Fs, path: string): Promise<number | null> {
  try {
    const handle = await fs.openRead(path);
    try {
      const buffer = new Uint8Array(32);
      const value = Number(new TextDecoder().decode(buffer.subarray(0, await handle.read(buffer, 0))));
      return Number.isFinite(value) && value > 0 ? value : null;
    } finally {
      await handle.close();
    }
  } catch {
    return null;
  }
}

async function countFolders(fs: Fs, root: string): Promise<number> {
  const waiting = [root];
  let count = 0;
  for (let at = waiting.pop(); at !== undefined && count < MOST_FOLDERS; at = waiting.pop()) {
    count++;
    for (const { name, valid } of await fs.readDir(at).catch(() => [])) {
      if (valid && (await fs.lstat(`${at}/${name}`).catch(() => null))?.kind === 'folder') waiting.push(`${at}/${name}`);
    }
  }
  return count;
}
