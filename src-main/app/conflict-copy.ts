import { join, posix } from 'node:path';
import { hasCode } from '../core/errors.ts';
import { nameRules } from '../core/name-rules.ts';
import { nameOf, type RelPath } from '../core/rel-path.ts';
import type { Platform } from '../platform/platform.ts';

/** Writes a version into `folder` for this user alone, to be looked at; answers where. One that was written before is replaced. */
export async function writeCopy({ fs, home }: Pick<Platform, 'fs' | 'home'>, folder: string, path: RelPath, chunks: AsyncIterable<Uint8Array>, mark: string): Promise<string> {
  const name = nameOf(path);
  const ending = posix.extname(name);
  const file = join(folder, nameRules(home.platform).toDisk(`${name.slice(0, name.length - ending.length).slice(0, 80)} (${mark})${ending}`));
  await fs.unlink(file).catch((error: unknown) => (hasCode(error, 'not-found') ? undefined : Promise.reject(error)));
  const handle = await fs.create(file, 0o600);
  try {
    for await (const chunk of chunks) await handle.write(chunk);
  } finally {
    await handle.close();
  }
  return file;
}
