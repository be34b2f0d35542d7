import { SyncError } from '../core/errors.ts';
import type { Fs } from '../platform/fs.ts';

/** More than any real rule file; a bound on what a stranger's file can make us match (C66). */
const MOST_BYTES = 64 * 1024;
const MOST_LINES = 1_000;
const LONGEST_LINE = 1_000;

/**
 * The lines of a `.syncignore`. What is no regular file is no rule file. A file that cannot be read or breaks a limit is a fault: to go on without its rules could send what it was written to keep back.
 */
export async function readIgnoreFile(fs: Fs, path: string): Promise<{ readonly patterns: readonly string[] } | { readonly fault: string } | null> {
  try {
    const stat = await fs.lstat(path);
    if (stat?.kind !== 'file') return null;
    if (stat.size > MOST_BYTES) return { fault: `.syncignore is larger than ${MOST_BYTES} bytes` };
    const patterns = (await readText(fs, path)).split(/\r?\n/);
    if (patterns.length > MOST_LINES) return { fault: `.syncignore has more than ${MOST_LINES} lines` };
    if (patterns.some((line) => line.length > LONGEST_LINE)) return { fault: `.syncignore has a line of more than ${LONGEST_LINE} characters` };
    return { patterns: patterns.filter((line) => line.trim() !== '' && !line.startsWith('#')) };
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    return error.code === 'not-found' ? null : { fault: `.syncignore cannot be read: ${error.message}` };
  }
}

async function readText(fs: Fs, path: string): Promise<string> {
  const handle = await fs.openRead(path);
  try {
    const buffer = new Uint8Array(MOST_BYTES);
    let length = 0;
    for (let count = -1; count !== 0 && length < buffer.length; length += count) count = await handle.read(buffer.subarray(length), length);
    return new TextDecoder().decode(buffer.subarray(0, length));
  } finally {
    await handle.close();
  }
}
