import { dirname, join } from 'node:path';
import { hasCode, SyncError } from '../core/errors.ts';
import { CONTROL_FOLDER } from '../core/rel-path.ts';
import type { Fs } from '../platform/fs.ts';

/** What marks a synced folder and a backup folder as such, inside their control folder. */
const MARKERS = [
  { file: 'identity.json', what: 'a synced folder' },
  { file: 'vault.json', what: 'a backup folder' },
] as const;

/** The real path of a folder that can be read. `config` when it is missing or no folder, `no-permission` when it cannot be looked into. */
export async function checkFolder(fs: Fs, path: string, setting: string): Promise<string> {
  try {
    const real = await fs.realPath(path);
    const stat = await fs.lstat(real);
    if (stat === null) throw new SyncError('not-found', 'gone', { path });
    if (stat.kind !== 'folder') throw new SyncError('config', `${setting}: ${path} is not a folder`, { path, hint: 'Name a folder.' });
    await fs.readDir(real);
    return real;
  } catch (error) {
    if (hasCode(error, 'not-found'))
      throw new SyncError('config', `${setting}: there is no folder ${path}`, { path, hint: 'Create it, connect its drive, or correct the setting.', cause: error });
    if (hasCode(error, 'no-permission'))
      throw new SyncError('no-permission', `${setting}: ${path} may not be read`, { path, hint: 'Change its permissions, or run as its owner.', cause: error });
    throw error;
  }
}

/** Refuses a source and a target of which one is, or lies in, the other (C29). Both are real paths; identity decides, so a bind mount or another spelling on a case-insensitive disk is seen too. */
export async function checkApart(fs: Fs, source: string, target: string): Promise<void> {
  const hint = 'Choose two folders of which neither lies in the other.';
  const sourceChain = await identities(fs, source);
  const targetChain = await identities(fs, target);
  if (sourceChain[0] === targetChain[0]) throw new SyncError('overlap', `the synced folder and the backup folder are one and the same: ${source}`, { path: source, hint });
  if (targetChain.includes(sourceChain[0] ?? '')) throw new SyncError('overlap', `the backup folder ${target} lies inside the synced folder ${source}`, { path: target, hint });
  if (sourceChain.includes(targetChain[0] ?? '')) throw new SyncError('overlap', `the synced folder ${source} lies inside the backup folder ${target}`, { path: source, hint });
}

/** Refuses a pair in one of whose folders our own state lies: it would sync its state, for ever, and hand it to other machines (scenario 86). The state folder need not be there yet. */
export async function checkStateOutside(fs: Fs, stateFolder: string, ...folders: readonly string[]): Promise<void> {
  const chain = await identities(fs, await nearestThere(fs, stateFolder));
  for (const folder of folders) {
    const stat = await fs.lstat(folder);
    if (stat === null || !chain.includes(`${stat.dev}:${stat.ino}`)) continue;
    throw new SyncError('overlap', `the state folder ${stateFolder} lies inside ${folder}, which is to be synced`, {
      path: stateFolder,
      hint: 'Choose a folder further down, or set STATE_DIR to a place outside it.',
    });
  }
}

/** The real path of the folder, or of the nearest one above it that exists. */
async function nearestThere(fs: Fs, folder: string): Promise<string> {
  for (let at = folder; ; at = dirname(at)) {
    try {
      return await fs.realPath(at);
    } catch (error) {
      if (!hasCode(error, 'not-found') || dirname(at) === at) throw error;
    }
  }
}

/** Device and inode of the folder and of every folder above it. */
async function identities(fs: Fs, folder: string): Promise<readonly string[]> {
  const chain: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    const stat = await fs.lstat(at);
    if (stat !== null) chain.push(`${stat.dev}:${stat.ino}`);
    if (dirname(at) === at) return chain;
  }
}

/** Refuses a folder that lies in another synced or backup folder, or that is one of the other kind. */
export async function checkNotNested(fs: Fs, folder: string, mine: 'identity.json' | 'vault.json'): Promise<void> {
  for (let at = folder; ; at = dirname(at)) {
    for (const { file, what } of MARKERS) {
      if (at === folder && file === mine) continue;
      if (!(await exists(fs, join(at, CONTROL_FOLDER, file)))) continue;
      const message = at === folder ? `${folder} already is ${what}` : `${folder} lies inside ${at}, which is ${what} of its own`;
      throw new SyncError('overlap', message, { path: folder, hint: 'Choose a folder outside every other pair.' });
    }
    if (dirname(at) === at) return;
  }
}

/** Refuses a folder with another synced or backup folder somewhere below. Walks every folder, so it runs at set-up only. */
export async function checkNothingNested(fs: Fs, folder: string): Promise<void> {
  const waiting = [folder];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const { file, what } of MARKERS) {
      if (at !== folder && (await exists(fs, join(at, CONTROL_FOLDER, file)))) {
        throw new SyncError('overlap', `${at} inside ${folder} is ${what} of its own`, { path: at, hint: 'Choose a folder without other pairs inside.' });
      }
    }
    for (const { name, valid } of await readable(fs, at)) {
      if (!valid || name === CONTROL_FOLDER) continue;
      const path = join(at, name);
      if ((await fs.lstat(path).catch(() => null))?.kind === 'folder') waiting.push(path);
    }
  }
}

/** A folder that may not be read is the scan's business (C13). */
async function readable(fs: Fs, folder: string): ReturnType<Fs['readDir']> {
  return fs.readDir(folder).catch(() => []);
}

async function exists(fs: Fs, path: string): Promise<boolean> {
  return (await fs.lstat(path).catch(() => null)) !== null;
}
