import { dirname, join } from 'node:path';
import { SyncError } from '../core/errors.ts';
import type { Secret } from '../core/secret.ts';
import type { Platform } from '../platform/platform.ts';
import { writeTextBeside } from '../platform/text-file.ts';
import { isInside } from './check-pair.ts';

/** Writes a secret to a file for this user alone; never into a folder of `synced`, where others would get it or it would lie beside what it opens. */
export async function writePrivateFile({ fs, random }: Pick<Platform, 'fs' | 'random'>, file: string, text: Secret, synced: readonly string[]): Promise<void> {
  const folder = await fs.realPath(dirname(file));
  for (const other of synced) {
    const real = await fs.realPath(other).catch(() => other);
    if (isInside(folder, real))
      throw new SyncError('usage', `${file} lies in a folder that is synced, or in a backup`, {
        path: file,
        hint: 'Keep it somewhere else: what opens the files must not lie beside them.',
      });
  }
  await writeTextBeside(fs, random, join(folder, file.slice(dirname(file).length).replace(/^[/\\]+/, '')), text.reveal(), 0o600);
}
