import type { Version } from '../../core/entry.ts';
import { hasCode } from '../../core/errors.ts';
import type { Fs, WriteHandle } from '../../platform/fs.ts';
import type { Meta } from '../backend.ts';

interface Line {
  readonly k: string;
  readonly v: string;
  readonly m: Meta;
}

/** Of one key so many versions are remembered: devices may know it at different ages. */
const VERSIONS_A_KEY = 3;
/** A journal this long is rewritten when most of it is about versions long gone. */
const WORTH_REWRITING = 4096;

/**
 * Metadata that a plain file cannot carry (hash, author, operation). Each client appends to a journal of its own, so nobody waits for anybody; a record counts only for the exact version it names.
 * Everything in it is a hint: a lost or torn line costs reading a file again.
 */
export class MetaJournal {
  readonly #fs: Fs;
  readonly #folder: string;
  readonly #own: string;
  readonly #known = new Map<string, { readonly version: string; readonly meta: Meta }[]>();
  readonly #offsets = new Map<string, number>();
  #appending: WriteHandle | null = null;
  #ownLines = 0;
  #torn = true;
  #tail: Promise<void> = Promise.resolve();

  constructor(fs: Fs, folder: string, client: string) {
    this.#fs = fs;
    this.#folder = folder;
    this.#own = `${client}.jsonl`;
  }

  find(key: string, version: Version): Meta | undefined {
    return this.#known.get(key)?.find((r) => r.version === version)?.meta;
  }

  /** Reads what was appended, by us in earlier runs and by others since the last time. */
  async refresh(): Promise<void> {
    for (const { name, valid } of await this.#names()) {
      if (valid && name.endsWith('.jsonl') && !(name === this.#own && this.#appending !== null)) await this.#readOn(name);
    }
  }

  async record(key: string, version: Version, meta: Meta): Promise<void> {
    this.#remember(key, version, meta);
    // It begins on a line of its own, whatever a crash or a full disk left of the one before.
    const line = Buffer.from(`${this.#torn ? '\n' : ''}${JSON.stringify({ k: key, v: version, m: meta } satisfies Line)}\n`);
    const before = this.#tail;
    this.#tail = (async () => {
      await before;
      this.#appending ??= await this.#fs.openAppend(`${this.#folder}/${this.#own}`, 0o600);
      await this.#appending.write(line);
      this.#ownLines++;
      this.#torn = false;
    })().catch(() => {
      this.#torn = true;
    });
    await this.#tail;
  }

  async close(): Promise<void> {
    await this.#tail;
    await this.#appending?.close();
    this.#appending = null;
    if (this.#ownLines > WORTH_REWRITING && this.#ownLines > 2 * this.#known.size) await this.#rewrite();
  }

  async #names(): Promise<readonly { readonly name: string; readonly valid: boolean }[]> {
    try {
      return await this.#fs.readDir(this.#folder);
    } catch (error) {
      if (hasCode(error, 'not-found')) return [];
      throw error;
    }
  }

  async #readOn(name: string): Promise<void> {
    try {
      const path = `${this.#folder}/${name}`;
      const seen = await this.#fs.lstat(path);
      if (seen === null || seen.size === this.#offsets.get(name)) return;
      const handle = await this.#fs.openRead(path);
      try {
        let offset = this.#offsets.get(name) ?? 0;
        const { size } = await handle.stat();
        if (size < offset) offset = 0;
        const buffer = new Uint8Array(size - offset);
        let filled = 0;
        while (filled < buffer.length) {
          const n = await handle.read(buffer.subarray(filled), offset + filled);
          if (n === 0) break;
          filled += n;
        }
        const end = buffer.subarray(0, filled).lastIndexOf(10) + 1;
        for (const text of Buffer.from(buffer.subarray(0, end)).toString('utf8').split('\n')) this.#take(text);
        this.#offsets.set(name, offset + end);
        if (name === this.#own) this.#ownLines = this.#known.size;
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (!hasCode(error, 'not-found', 'no-permission', 'io')) throw error;
    }
  }

  #take(text: string): void {
    if (text === '') return;
    try {
      const line: unknown = JSON.parse(text);
      if (isLine(line)) this.#remember(line.k, line.v as Version, line.m);
    } catch {
      // A torn line: its record is lost, and with it one shortcut.
    }
  }

  #remember(key: string, version: Version, meta: Meta): void {
    const list = this.#known.get(key);
    const record = { version, meta };
    if (list === undefined) this.#known.set(key, [record]);
    else {
      const rest = list.filter((r) => r.version !== version).slice(-(VERSIONS_A_KEY - 1));
      this.#known.set(key, [...rest, record]);
    }
  }

  async #rewrite(): Promise<void> {
    const temp = `${this.#folder}/${this.#own}.new`;
    try {
      const out = await this.#fs.create(temp, 0o600);
      for (const [k, list] of this.#known) {
        const last = list.at(-1);
        if (last !== undefined) await out.write(Buffer.from(`${JSON.stringify({ k, v: last.version, m: last.meta } satisfies Line)}\n`));
      }
      await out.sync();
      await out.close();
      await this.#fs.rename(temp, `${this.#folder}/${this.#own}`);
    } catch {
      await this.#fs.unlink(temp).catch(() => undefined);
    }
  }
}

function isLine(value: unknown): value is Line {
  if (typeof value !== 'object' || value === null || !('k' in value) || !('v' in value) || !('m' in value)) return false;
  return (
    typeof value.k === 'string' && typeof value.v === 'string' && typeof value.m === 'object' && value.m !== null && Object.values(value.m).every((v) => typeof v === 'string')
  );
}
