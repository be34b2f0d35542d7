import type { Version } from '../../core/entry.ts';
import { hasCode } from '../../core/errors.ts';
import type { Fs, WriteHandle } from '../../platform/fs.ts';
import type { Meta } from '../backend.ts';
import { readLines } from './read-lines.ts';
import { changedAt } from './store-layout.ts';

interface Line {
  readonly k: string;
  readonly v: string;
  readonly m: Meta;
}
interface Known {
  readonly version: string;
  readonly meta: Meta;
}
/** How far a journal was read; a rewritten one is another file and is read from its start. */
interface Mark {
  readonly ino: bigint;
  readonly offset: number;
}

/** Of one key so many versions are remembered: devices may know it at different ages. */
const VERSIONS_A_KEY = 3;
/** A journal this long is rewritten when most of it is about objects long gone. */
const WORTH_REWRITING = 4096;

/**
 * Metadata that a plain file cannot carry (hash, author, operation). Each client appends to a journal of its own, so nobody waits for anybody; a record counts only for the exact version it names.
 * Everything in it is a hint: a lost or torn line costs reading a file again.
 */
export class MetaJournal {
  readonly #fs: Fs;
  readonly #folder: string;
  readonly #own: string;
  readonly #known = new Map<string, readonly Known[]>();
  readonly #marks = new Map<string, Mark>();
  /** What a rewritten journal of ours would hold. */
  readonly #mine = new Map<string, Known>();
  #ownLines = 0;
  #begun: Promise<void> | null = null;
  #appending: WriteHandle | null = null;
  #torn = true;
  #tail: Promise<void> = Promise.resolve();
  #refreshing: Promise<void> | null = null;
  #queued: Promise<void> | null = null;

  constructor(fs: Fs, folder: string, client: string) {
    this.#fs = fs;
    this.#folder = folder;
    this.#own = `${client}.jsonl`;
  }

  find(key: string, version: Version): Meta | undefined {
    return this.#known.get(key)?.find((r) => r.version === version)?.meta;
  }

  /** Reads what was appended before this call, by us in earlier runs and by others. Callers that come while one is at it share the next. */
  refresh(): Promise<void> {
    if (this.#refreshing === null) {
      this.#refreshing = this.#readAll().finally(() => {
        this.#refreshing = null;
      });
      return this.#refreshing;
    }
    const next = (): Promise<void> => {
      this.#queued = null;
      return this.refresh();
    };
    this.#queued ??= this.#refreshing.then(next, next);
    return this.#queued;
  }

  async record(key: string, version: Version, meta: Meta): Promise<void> {
    const line: Line = { k: key, v: version, m: meta };
    // What earlier runs wrote is read before anything is added to it, or a rewritten journal would lack it.
    this.#begun ??= this.#readOn(this.#own);
    await this.#begun;
    this.#remember(line, true);
    const before = this.#tail;
    this.#tail = (async () => {
      await before;
      this.#appending ??= await this.#fs.openAppend(`${this.#folder}/${this.#own}`, 0o600);
      // It begins on a line of its own, whatever a crash or a full disk left of the one before.
      await this.#appending.write(Buffer.from(`${this.#torn ? '\n' : ''}${JSON.stringify(line)}\n`));
      this.#ownLines++;
      this.#torn = false;
    })().catch(() => {
      this.#torn = true;
    });
    await this.#tail;
  }

  /** The object is gone: nothing has to be remembered of it. */
  forget(key: string): void {
    this.#known.delete(key);
    this.#mine.delete(key);
  }

  /** Every client's journal: whoever appends to one goes on for himself alone, until he opens it anew. One that is held open where that keeps it from going stays. */
  async removeAll(): Promise<void> {
    await this.#tail;
    const written = this.#appending;
    this.#appending = null;
    await written?.close();
    this.#known.clear();
    this.#mine.clear();
    this.#marks.clear();
    this.#ownLines = 0;
    for (const { name, valid } of await this.#names()) {
      if (!valid || !name.endsWith('.jsonl')) continue;
      await this.#fs.unlink(`${this.#folder}/${name}`).catch((error: unknown) => {
        if (!hasCode(error, 'not-found', 'busy', 'no-permission')) throw error;
      });
    }
  }

  async close(): Promise<void> {
    await this.#tail;
    const written = this.#appending;
    this.#appending = null;
    await written?.close();
    // Somebody took the journals away: what it held is not written down again.
    if (written !== null && (await this.#fs.lstat(`${this.#folder}/${this.#own}`)) === null) return;
    // One that only looked shares its journal with one that is at work.
    if (written !== null && this.#ownLines > WORTH_REWRITING && this.#ownLines > 2 * this.#mine.size) await this.#rewrite();
  }

  async #readAll(): Promise<void> {
    for (const { name, valid } of await this.#names()) {
      if (valid && name.endsWith('.jsonl') && !(name === this.#own && this.#begun !== null)) await this.#readOn(name);
    }
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
    const path = `${this.#folder}/${name}`;
    const isOwn = name === this.#own;
    try {
      const stat = await this.#fs.lstat(path);
      const mark = this.#marks.get(name);
      if (stat === null || (mark?.ino === stat.ino && mark.offset === stat.size)) return;
      const from = mark?.ino === stat.ino && mark.offset <= stat.size ? mark.offset : 0;
      const offset = await readLines(this.#fs, path, from, (text) => {
        if (isOwn) this.#ownLines++;
        const line = parse(text);
        if (line !== null) this.#remember(line, isOwn);
      });
      this.#marks.set(name, { ino: stat.ino, offset });
    } catch (error) {
      if (!hasCode(error, 'not-found', 'not-supported', 'no-permission', 'io')) throw error;
    }
  }

  #remember({ k, v, m }: Line, isMine: boolean): void {
    const record = { version: v, meta: m };
    const all = [...(this.#known.get(k) ?? []).filter((r) => r.version !== v), record];
    // Journals are read one after the other, so the last line read need not be the latest.
    if (all.length > VERSIONS_A_KEY) all.sort((one, other) => compareNumbers(changedAt(one.version), changedAt(other.version)));
    this.#known.set(k, all.slice(-VERSIONS_A_KEY));
    if (isMine) this.#mine.set(k, record);
  }

  async #rewrite(): Promise<void> {
    const temp = `${this.#folder}/${this.#own}.new`;
    try {
      const out = await this.#fs.create(temp, 0o600);
      try {
        for (const [k, { version, meta }] of this.#mine) await out.write(Buffer.from(`${JSON.stringify({ k, v: version, m: meta } satisfies Line)}\n`));
        await out.sync();
      } finally {
        await out.close();
      }
      await this.#fs.rename(temp, `${this.#folder}/${this.#own}`);
    } catch {
      await this.#fs.unlink(temp).catch(() => undefined);
    }
  }
}

/** Null for a torn line: its record is lost, and with it one shortcut. */
function parse(text: string): Line | null {
  try {
    const value: unknown = JSON.parse(text);
    return isLine(value) ? value : null;
  } catch {
    return null;
  }
}

function isLine(value: unknown): value is Line {
  if (typeof value !== 'object' || value === null || !('k' in value) || !('v' in value) || !('m' in value)) return false;
  return (
    typeof value.k === 'string' && typeof value.v === 'string' && typeof value.m === 'object' && value.m !== null && Object.values(value.m).every((v) => typeof v === 'string')
  );
}

/** Of numbers as text without leading zeros. */
function compareNumbers(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
