import { hasCode, SyncError } from '../core/errors.ts';
import { CONTROL_FOLDER } from '../core/rel-path.ts';
import type { Fs } from '../platform/fs.ts';

/** Our one folder in a synced folder: `identity.json`, `tmp/`, `trash/`, `trash-ages.json`, `state-mark`. */
export interface ControlPaths {
  readonly folder: string;
  readonly identity: string;
  readonly tmp: string;
  readonly trash: string;
  /** How far the state that goes with this folder has come. */
  readonly stateMark: string;
  /** Since when each batch in the trash is known. */
  readonly trashAges: string;
}

export function controlPaths(root: string): ControlPaths {
  const folder = `${root}/${CONTROL_FOLDER}`;
  return { folder, identity: `${folder}/identity.json`, tmp: `${folder}/tmp`, trash: `${folder}/trash`, stateMark: `${folder}/state-mark`, trashAges: `${folder}/trash-ages.json` };
}

/** A temporary file of ours outside `tmp/`, for folders `tmp/` cannot be renamed into. */
const TEMP_BESIDE = /^\.file-sync-[0-9a-f]{16}\.tmp$/;
export function tempBesideName(id: string): string {
  return `.file-sync-${id}.tmp`;
}
export function isTempBeside(name: string): boolean {
  return TEMP_BESIDE.test(name);
}

/** Makes `.file-sync` where it is missing, for its owner alone: the trash keeps files whose folder may have been closed to others. */
export async function ensureControlFolder(fs: Fs, paths: ControlPaths): Promise<void> {
  if (await makeFolder(fs, paths.folder)) await fs.chmod(paths.folder, 0o700).catch(ignore('no-permission', 'not-supported'));
}

/** {@link ensureControlFolder} with one folder in it. In a root that was found marked `.file-sync` is never made anew: a root without it is not ours any more, but the empty place of a drive that was pulled out (C28). */
export async function ensureInControl(fs: Fs, paths: ControlPaths, root: { readonly isMarked: boolean }, folder: string): Promise<void> {
  if (!root.isMarked) await ensureControlFolder(fs, paths);
  await makeFolder(fs, folder);
}

/** Makes one folder; false when it was there. Never through a symlink. */
export async function makeFolder(fs: Fs, path: string): Promise<boolean> {
  try {
    await fs.mkdir(path);
    return true;
  } catch (error) {
    if (!hasCode(error, 'exists')) throw error;
    if ((await fs.lstat(path))?.kind === 'folder') return false;
    throw new SyncError('not-a-folder', `not a folder: ${path}`, { path, cause: error });
  }
}

function ignore(...codes: Parameters<typeof hasCode>[1][]): (error: unknown) => void {
  return (error) => {
    if (!hasCode(error, ...codes)) throw error;
  };
}
