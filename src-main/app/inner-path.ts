import { basename, isAbsolute, join, relative, sep } from 'node:path';
import { hasCode, SyncError } from '../core/errors.ts';
import type { Fs } from '../platform/fs.ts';

/** The path inside of a synced folder of what was chosen in the system's dialog. What lies behind a link in the folder is named by the link. */
export async function innerPath(fs: Pick<Fs, 'realPath'>, folder: string, chosen: string): Promise<string> {
  if (relative(folder, chosen) === '') throw new SyncError('usage', 'that is the synced folder itself', { hint: 'Choose a file or folder that lies in it.' });
  const inside = insideOf(folder, chosen) ?? insideOf(await fs.realPath(folder), chosen) ?? insideOf(await fs.realPath(folder), await realPathOf(fs, chosen));
  if (inside === null) throw new SyncError('usage', `${basename(chosen)} is not in this folder`, { hint: 'Choose a file or folder that lies in it.' });
  return inside;
}

/** The same of what a person typed or pasted, where it is a whole path on this computer that lies in the folder; else null. */
export async function wholePath(fs: Pick<Fs, 'realPath'>, folder: string, typed: string, homeDir: string): Promise<string | null> {
  const text = typed.trim();
  const whole = text.startsWith('~/') ? join(homeDir, text.slice(2)) : text;
  if (!isAbsolute(whole)) return null;
  return innerPath(fs, folder, whole.length > 1 && whole.endsWith(sep) ? whole.slice(0, -1) : whole).catch(() => null);
}

function insideOf(folder: string, path: string): string | null {
  const inside = relative(folder, path);
  return inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside) ? null : inside.split(sep).join('/');
}

/** What is not there any more can be asked about all the same. */
async function realPathOf(fs: Pick<Fs, 'realPath'>, path: string): Promise<string> {
  try {
    return await fs.realPath(path);
  } catch (error) {
    if (hasCode(error, 'not-found')) return path;
    throw error;
  }
}

/** What a person types: blanks around it, a slash before it, or the slashes of Windows mean nothing. */
export function typedPath(text: string, isWindows: boolean): string {
  return (isWindows ? text.replaceAll('\\', '/') : text)
    .trim()
    .replace(/^(?:\.?\/)+/, '')
    .replace(/\/+$/, '');
}
