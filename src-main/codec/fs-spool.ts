import { hasCode } from '../core/errors.ts';
import type { Random } from '../platform/clock.ts';
import type { Fs } from '../platform/fs.ts';
import type { Spool, SpoolFile } from './container.ts';
import { handleBytes } from './read-file.ts';

/** Room in a folder of ours. A file loses its name as soon as it is open, where the system allows that, so that a crash leaves nothing. */
export function fsSpool(fs: Fs, folder: string, random: Random): Spool {
  return { create: () => createIn(fs, folder, `${folder}/${random.id()}.tmp`) };
}

async function createIn(fs: Fs, folder: string, path: string): Promise<SpoolFile> {
  await fs.mkdir(folder).catch((error: unknown) => {
    if (!hasCode(error, 'exists')) throw error;
  });
  const writer = await fs.create(path, 0o600);
  const reader = await fs.openRead(path).catch(async (error: unknown) => {
    await writer.close();
    throw error;
  });
  const unlink = (): Promise<boolean> =>
    fs.unlink(path).then(
      () => true,
      () => false,
    );
  const isNameless = await unlink();
  return {
    write: (chunk) => writer.write(chunk),
    read: () => handleBytes(reader, 0),
    async discard() {
      await writer.close();
      await reader.close();
      if (!isNameless) await unlink();
    },
  };
}
