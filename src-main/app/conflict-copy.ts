import { extname, join } from 'node:path';
import { hasCode } from '../core/errors.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { Fs } from '../platform/fs.ts';

/** Writes a version into `folder` for this user alone, to be looked at; answers where. One that was written before is replaced. */
export async function writeCopy(fs: Fs, folder: string, path: RelPath, chunks: AsyncIterable<Uint8Array>, mark: string): Promise<string> {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const ending = extname(name);
  const file = join(folder, `${name.slice(0, name.length - ending.length).slice(0, 80)} (${mark})${ending}`);
  await fs.unlink(file).catch((error: unknown) => (hasCode(error, 'not-found') ? undefined : Promise.reject(error)));
  const handle = await fs.create(file, 0o600);
  try {
    for await (const chunk of chunks) await handle.write(chunk);
  } finally {
    await handle.close();
  }
  return file;
}
