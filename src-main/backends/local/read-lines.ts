import type { Fs } from '../../platform/fs.ts';

/** Parsing so much takes about a millisecond; then others have their turn. */
const PIECE = 64 * 1024;
/** Many times the longest line we write; a longer one is none of ours and is passed over. */
const MAX_LINE = 64 * 1024;
const NEWLINE = 10;

/** Hands over every whole line from `offset` on, but for empty ones; the result is where the first unfinished line begins. */
export async function readLines(fs: Fs, path: string, offset: number, take: (line: string) => void): Promise<number> {
  const handle = await fs.openRead(path);
  try {
    const buffer = new Uint8Array(PIECE);
    let rest: Buffer = Buffer.alloc(0);
    let position = offset;
    let tooLong = false;
    for (let n = await handle.read(buffer, position); n > 0; n = await handle.read(buffer, position)) {
      position += n;
      rest = Buffer.concat([rest, buffer.subarray(0, n)]);
      let start = 0;
      for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE, start)) {
        if (!tooLong && end > start) take(rest.toString('utf8', start, end));
        tooLong = false;
        start = end + 1;
      }
      rest = rest.subarray(start);
      if (rest.length > MAX_LINE) {
        tooLong = true;
        rest = Buffer.alloc(0);
      }
    }
    return position - rest.length;
  } finally {
    await handle.close();
  }
}
