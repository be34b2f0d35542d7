import type { Hash } from '../core/entry.ts';
import { SyncError } from '../core/errors.ts';
import { isNoise } from '../core/noise.ts';
import type { Clock, NewHasher } from '../platform/clock.ts';
import type { FileStat, Fs, ReadHandle } from '../platform/fs.ts';

/** `changing`: at every try the file was no longer, after reading, what it was before. */
export type HashOutcome =
  | { readonly kind: 'hashed'; readonly hash: Hash; readonly noise: boolean; readonly stat: FileStat; readonly before: number; readonly after: number }
  | { readonly kind: 'changing' }
  | { readonly kind: 'gone' };

export interface HashPorts {
  readonly fs: Fs;
  readonly clock: Pick<Clock, 'now'>;
  readonly newHasher: NewHasher;
  /** Where the bytes pass through; one file at a time. */
  readonly buffer: Uint8Array;
}

export const HASH_BUFFER_BYTES = 256 * 1024;
const TRIES = 3;

/** The hash of the bytes a file held while nothing about it changed: what the handle says before and after reading, and what the path says at the end, are one (C1). `onBytes` may throw to stop it. */
export async function hashFile(path: string, ports: HashPorts, onBytes: (count: number) => void): Promise<HashOutcome> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const outcome = await hashOnce(path, ports, onBytes);
    if (outcome.kind !== 'changing') return outcome;
  }
  return { kind: 'changing' };
}

async function hashOnce(path: string, ports: HashPorts, onBytes: (count: number) => void): Promise<HashOutcome> {
  const { fs, clock } = ports;
  let handle: ReadHandle;
  try {
    handle = await fs.openRead(path);
  } catch (error) {
    // A link or a FIFO took its place since the look.
    if (error instanceof SyncError && error.code === 'not-supported') return { kind: 'changing' };
    if (error instanceof SyncError && error.code === 'not-found') return { kind: 'gone' };
    throw error;
  }
  try {
    const first = await handle.stat();
    const read = await hashBytes(handle, first.size, ports, onBytes);
    const before = clock.now();
    const last = await handle.stat();
    const named = await fs.lstat(path);
    if (named === null) return { kind: 'gone' };
    if (read === null || !sameStat(first, last) || !sameStat(last, named)) return { kind: 'changing' };
    return { kind: 'hashed', ...read, stat: named, before, after: clock.now() };
  } finally {
    await handle.close();
  }
}

/** Null when there are more or fewer bytes than the size said. */
async function hashBytes(
  handle: ReadHandle,
  size: number,
  { newHasher, buffer }: HashPorts,
  onBytes: (count: number) => void,
): Promise<{ readonly hash: Hash; readonly noise: boolean } | null> {
  const hasher = newHasher();
  let noise = false;
  let position = 0;
  for (;;) {
    const count = await handle.read(buffer, position);
    if (count === 0) break;
    const chunk = buffer.subarray(0, count);
    if (position === 0) noise = isNoise(chunk);
    hasher.update(chunk);
    position += count;
    onBytes(count);
    if (position > size) return null;
  }
  return position === size ? { hash: hasher.digest() as Hash, noise } : null;
}

export function sameStat(a: FileStat, b: FileStat): boolean {
  return a.kind === b.kind && a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs && a.ino === b.ino && a.mode === b.mode;
}
