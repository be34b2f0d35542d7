import { hasCode, SyncError, throwIfAborted } from '../core/errors.ts';
import type { Fs } from './fs.ts';

export interface NewFile {
  /** A free name in the target's folder. */
  readonly temp: string;
  readonly to: string;
  /** Null: as a new file of this user has it. */
  readonly mode: number | null;
  readonly mtimeNs: bigint | null;
  /** Takes the place of what is there; else that is `exists`. */
  readonly overwrite?: boolean;
  readonly signal?: AbortSignal;
}

/** Writes a file whole and durable under another name before it gets its own; what goes wrong leaves nothing. That the name outlives a power cut is left to the caller (`syncFolder`). */
export async function writeNewFile(fs: Fs, { temp, to, mode, mtimeNs, overwrite = false, signal }: NewFile, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const handle = await fs.create(temp, 0o600);
  try {
    try {
      for await (const chunk of chunks) {
        throwIfAborted(signal);
        await handle.write(chunk);
      }
      if (mode !== null) await fs.chmod(temp, mode);
      if (mtimeNs !== null) await fs.setMtime(temp, mtimeNs);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await (overwrite ? fs.rename(temp, to) : nameNew(fs, temp, to));
  } catch (error) {
    await fs.unlink(temp).catch(() => undefined);
    throw error;
  }
}

/** Never replaces anything. */
async function nameNew(fs: Fs, temp: string, to: string): Promise<void> {
  try {
    await fs.link(temp, to);
  } catch (error) {
    if (hasCode(error, 'exists')) throw taken(to);
    if (!hasCode(error, 'not-supported', 'no-permission')) throw error;
    // RACE: without hard links, a file made here since the look is replaced.
    if ((await fs.lstat(to)) !== null) throw taken(to);
    await fs.rename(temp, to);
    return;
  }
  await fs.unlink(temp);
}

export function taken(path: string): SyncError {
  return new SyncError('exists', `${path} is there already and holds something else`, { path, hint: 'Move it away, or name another place.' });
}
