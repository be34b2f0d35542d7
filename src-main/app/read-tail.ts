import type { Fs } from '../platform/fs.ts';

const MOST_BYTES = 131_072;

/** The last lines of a text file that grows; none where there is no such file. */
export async function readTail(fs: Pick<Fs, 'openRead'>, file: string, lines: number): Promise<readonly string[]> {
  let handle: Awaited<ReturnType<Fs['openRead']>>;
  try {
    handle = await fs.openRead(file);
  } catch {
    return [];
  }
  try {
    const { size } = await handle.stat();
    const from = Math.max(0, size - MOST_BYTES);
    const buffer = new Uint8Array(Math.min(size, MOST_BYTES));
    let length = 0;
    for (let count = -1; count !== 0 && length < buffer.length; length += count) count = await handle.read(buffer.subarray(length), from + length);
    const text = new TextDecoder().decode(buffer.subarray(0, length));
    // A line that was cut says something else than it did.
    const whole = from === 0 ? text : text.slice(text.indexOf('\n') + 1);
    return whole
      .split('\n')
      .filter((line) => line !== '')
      .slice(-lines);
  } finally {
    await handle.close();
  }
}
