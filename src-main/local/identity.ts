import { hasCode, SyncError } from '../core/errors.ts';
import { isControlName } from '../core/rel-path.ts';
import type { Random } from '../platform/clock.ts';
import type { FileStat, Fs } from '../platform/fs.ts';
import { readText } from '../platform/text-file.ts';
import { type ControlPaths, ensureControlFolder, makeFolder } from './control-folder.ts';
import type { RootIdentity } from './local-tree.ts';

const FORMAT = 1;
const NOTE =
  'This folder is kept in sync by File Sync. Without this file the folder counts as another one and syncing stops. trash/ holds what was replaced or deleted by another device.';
const MOST_BYTES = 65_536;

/** What the root is now, and its stat where it is a folder. */
export async function readIdentity(fs: Fs, root: string, control: ControlPaths): Promise<{ readonly identity: RootIdentity; readonly stat: FileStat | null }> {
  const stat = await fs.lstat(root);
  if (stat === null) return { identity: { kind: 'missing' }, stat: null };
  if (stat.kind !== 'folder') return { identity: { kind: 'not-a-folder' }, stat: null };
  const text = await readMarker(fs, control.identity);
  if (text === null) return { identity: { kind: 'unmarked', empty: (await fs.readDir(root)).every(({ name }) => isControlName(name)) }, stat };
  return { identity: { kind: 'marked', pairId: pairIdOf(text, control.identity) }, stat };
}

/** Writes the marker so that it is there whole or not at all. A folder that bears another pair's marker keeps it. */
export async function writeIdentity(fs: Fs, random: Pick<Random, 'id'>, root: string, control: ControlPaths, pairId: string): Promise<void> {
  const old = await readMarker(fs, control.identity);
  if (old !== null) {
    if (pairIdOf(old, control.identity) === pairId) return;
    throw new SyncError('root-replaced', `the folder ${root} belongs to another pair`, { path: control.identity });
  }
  await ensureControlFolder(fs, control);
  await makeFolder(fs, control.tmp);
  const temp = `${control.tmp}/${random.id()}.tmp`;
  const handle = await fs.create(temp, 0o600);
  try {
    await handle.write(new TextEncoder().encode(`${JSON.stringify({ format: FORMAT, pairId, note: NOTE }, null, 2)}\n`));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await fs.rename(temp, control.identity);
  await fs.syncFolder(control.folder);
  await fs.syncFolder(root);
}

async function readMarker(fs: Fs, path: string): Promise<string | null> {
  try {
    return await readText(fs, path, MOST_BYTES);
  } catch (error) {
    if (hasCode(error, 'not-found')) return null;
    throw error;
  }
}

function pairIdOf(text: string, path: string): string {
  const marker = parseJson(text);
  if (typeof marker === 'object' && marker !== null && 'pairId' in marker && typeof marker.pairId === 'string') return marker.pairId;
  throw new SyncError('root-replaced', `the marker ${path} cannot be understood`, { path, hint: 'Restore it from the trash or a backup, or set the folder up again.' });
}
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
