import { createReadStream } from 'node:fs';
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** Bytes that never change once they are there; copies and multipart objects share them. */
export interface Content {
  readonly size: number;
  /** The bytes from `from` up to, not including, `to`. */
  read(from: number, to: number): AsyncIterable<Buffer>;
  /** All bytes, where they lie in memory. */
  readonly bytes?: () => Buffer;
}

export function contentOf(bytes: Buffer): Content {
  return {
    size: bytes.length,
    async *read(from, to) {
      if (to > from) yield bytes.subarray(from, to);
    },
    bytes: () => bytes,
  };
}

export function slice(content: Content, start: number, end: number): Content {
  return { size: end - start, read: (from, to) => content.read(start + from, start + to) };
}

export function join(parts: readonly Content[]): Content {
  return {
    size: parts.reduce((sum, part) => sum + part.size, 0),
    async *read(from, to) {
      let start = 0;
      for (const part of parts) {
        const [first, last] = [Math.max(from - start, 0), Math.min(to - start, part.size)];
        if (first < last) yield* part.read(first, last);
        start += part.size;
      }
    },
  };
}

export async function readAll(content: Content): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of content.read(0, content.size)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Takes bodies in: short ones in memory, those above `spillBytes` in files of a temporary folder that lives as long as the server. */
export class ContentStore {
  readonly #spillBytes: number;
  #folder: Promise<string> | null = null;
  #files = 0;

  constructor(spillBytes: number) {
    this.#spillBytes = spillBytes;
  }

  async take(chunks: AsyncIterable<Buffer>): Promise<Content> {
    const held: Buffer[] = [];
    const source = chunks[Symbol.asyncIterator]();
    let size = 0;
    for (let next = await source.next(); next.done !== true; next = await source.next()) {
      held.push(next.value);
      size += next.value.length;
      if (size > this.#spillBytes) return this.#spill(held, source);
    }
    return contentOf(held.length === 1 && held[0] !== undefined ? held[0] : Buffer.concat(held));
  }

  async close(): Promise<void> {
    if (this.#folder !== null) await rm(await this.#folder, { recursive: true, force: true });
  }

  async #spill(held: readonly Buffer[], rest: AsyncIterator<Buffer>): Promise<Content> {
    this.#folder ??= mkdtemp(path.join(os.tmpdir(), 's3-server-'));
    const file = path.join(await this.#folder, `${this.#files++}`);
    const handle = await open(file, 'wx');
    try {
      return fileContent(file, await writeAll(handle, held, rest));
    } finally {
      await handle.close();
    }
  }
}

async function writeAll(handle: FileHandle, held: readonly Buffer[], rest: AsyncIterator<Buffer>): Promise<number> {
  let size = 0;
  for (const piece of held) size += (await handle.write(piece)).bytesWritten;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) size += (await handle.write(next.value)).bytesWritten;
  return size;
}

function fileContent(file: string, size: number): Content {
  return {
    size,
    async *read(from, to) {
      if (to > from) yield* createReadStream(file, { start: from, end: to - 1, highWaterMark: 1 << 18 });
    },
  };
}
