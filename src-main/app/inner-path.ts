import { relative, sep } from 'node:path';
import { SyncError } from '../core/errors.ts';
import type { Fs } from '../platform/fs.ts';

/** The path inside of a synced folder of what was chosen in the system's dialog. */
export async function innerPath(fs: Pick<Fs, 'realPath'>, folder: string, chosen: string): Promise<string> {
  const inside = relative(await fs.realPath(folder), await fs.realPath(chosen));
  if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`)) throw new SyncError('usage', 'that file is not in this folder');
  return inside.split(sep).join('/');
}

/** What a person types: blanks around it, a slash before it, or the slashes of Windows mean nothing. */
export function typedPath(text: string, isWindows: boolean): string {
  return (isWindows ? text.replaceAll('\\', '/') : text)
    .trim()
    .replace(/^(?:\.?\/)+/, '')
    .replace(/\/+$/, '');
}
