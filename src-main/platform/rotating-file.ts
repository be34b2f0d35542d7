import { dirname } from 'node:path';
import type { Clock } from './clock.ts';
import type { Fs, WriteHandle } from './fs.ts';

export interface RotatingFileOptions {
  readonly file: string;
  readonly fs: Fs;
  readonly clock: Pick<Clock, 'now'>;
  /** A file past this size, or this old, becomes `<file>.1`. */
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  /** So many old ones stay, `.1` the newest. */
  readonly kept: number;
  /** What waits for a slow or full disk; beyond it text is dropped rather than memory filled. */
  readonly maxWaitingBytes: number;
}

/** A text file that is appended to and starts anew when it is large or old, also in the middle of a run. Writing never throws: whatever it tells of must go on. */
export class RotatingFile {
  readonly #options: RotatingFileOptions;
  #handle: WriteHandle | null = null;
  #size = 0;
  /** Ms since the epoch; null while the file is empty. */
  #bornAt: number | null = null;
  #waiting: string[] = [];
  #waitingBytes = 0;
  #pump: Promise<void> | null = null;

  constructor(options: RotatingFileOptions) {
    this.#options = options;
  }

  /** Takes text, a whole line or several, which is written soon. */
  write(text: string): void {
    const bytes = Buffer.byteLength(text);
    if (this.#waitingBytes + bytes > this.#options.maxWaitingBytes) return;
    this.#waiting.push(text);
    this.#waitingBytes += bytes;
    this.#pump ??= this.#drain();
  }

  /** Writes what waits. */
  async close(): Promise<void> {
    await this.#pump;
    await this.#letGo();
  }

  async #drain(): Promise<void> {
    // What is said in one turn is written in one go.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const text = this.#waiting.join('');
      this.#waiting = [];
      this.#waitingBytes = 0;
      await this.#append(text).catch(() => this.#letGo());
    }
    this.#pump = null;
  }

  async #append(text: string): Promise<void> {
    this.#handle ??= await this.#open();
    if (this.#isFull()) {
      await this.#letGo();
      await this.#shift();
      this.#handle = await this.#open();
    }
    await this.#handle.write(new TextEncoder().encode(text));
    this.#size += Buffer.byteLength(text);
    this.#bornAt ??= this.#options.clock.now();
  }

  #isFull(): boolean {
    const { maxBytes, maxAgeMs, clock } = this.#options;
    return this.#size > 0 && (this.#size > maxBytes || (this.#bornAt !== null && clock.now() - this.#bornAt > maxAgeMs));
  }

  async #open(): Promise<WriteHandle> {
    const { fs, file } = this.#options;
    this.#bornAt = await firstTime(fs, file);
    const handle = await fs.openAppend(file, 0o600);
    this.#size = (await handle.stat()).size;
    return handle;
  }

  async #shift(): Promise<void> {
    const { fs, file, kept } = this.#options;
    for (let n = kept - 1; n >= 1; n--) {
      if ((await fs.lstat(`${file}.${n}`)) !== null) await fs.rename(`${file}.${n}`, `${file}.${n + 1}`);
    }
    if ((await fs.lstat(file)) !== null) await fs.rename(file, `${file}.1`);
    await fs.syncFolder(dirname(file));
  }

  async #letGo(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    await handle?.close().catch(() => undefined);
  }
}

/** The first time of day a file names, which is that of its first line; null where there is none. */
async function firstTime(fs: Fs, file: string): Promise<number | null> {
  if ((await fs.lstat(file))?.kind !== 'file') return null;
  const handle = await fs.openRead(file);
  try {
    const head = new Uint8Array(200);
    const text = new TextDecoder().decode(head.subarray(0, await handle.read(head, 0)));
    const time = Date.parse(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/.exec(text)?.[0] ?? '');
    return Number.isNaN(time) ? null : time;
  } finally {
    await handle.close();
  }
}
