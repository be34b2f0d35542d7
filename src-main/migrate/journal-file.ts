import { hasCode } from '../core/errors.ts';
import type { Fs, WriteHandle } from '../platform/fs.ts';
import { readText } from '../platform/text-file.ts';
import type { Journal } from './journal.ts';

const MARK = /^[0-9a-f]{24}$/;
/** Of ten million objects. */
const MAX_BYTES = 256 * 1_048_576;

export interface JournalFile extends Journal {
  /** How much of the work was done by earlier runs. */
  readonly known: number;
  close(): Promise<void>;
  /** Closes it and takes it away: the work is over. */
  remove(): Promise<void>;
}

/** A journal in a file of its own, one mark a line; `title` says which work it is of, and that of another work is begun anew. A line that a crash cut off does not count. */
export async function openJournalFile(fs: Fs, file: string, title: string): Promise<JournalFile> {
  const lines = await linesOf(fs, file);
  const isOurs = lines?.[0] === title;
  if (lines !== null && !isOurs) await fs.unlink(file);
  const marks = new Set(isOurs ? lines.slice(1).filter((line) => MARK.test(line)) : []);
  const handle = await fs.openAppend(file, 0o600);
  // After a line that was cut off the next one begins on its own.
  await handle.write(Buffer.from(isOurs ? '\n' : `${title}\n`));
  return journalOn(handle, marks, () => fs.unlink(file));
}

function journalOn(handle: WriteHandle, marks: Set<string>, unlink: () => Promise<void>): JournalFile {
  const known = marks.size;
  let writing: Promise<void> = Promise.resolve();
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    await writing.catch(() => undefined);
    await handle.close();
  };
  return {
    known,
    has: (mark) => marks.has(mark),
    add(mark) {
      marks.add(mark);
      writing = writing.then(() => handle.write(Buffer.from(`${mark}\n`)));
      return writing;
    },
    async flush() {
      await writing;
      await handle.sync();
    },
    close,
    async remove() {
      await close();
      await unlink();
    },
  };
}

async function linesOf(fs: Fs, file: string): Promise<readonly string[] | null> {
  try {
    return (await readText(fs, file, MAX_BYTES)).split('\n');
  } catch (error) {
    if (hasCode(error, 'not-found')) return null;
    if (hasCode(error, 'io')) return [];
    throw error;
  }
}
