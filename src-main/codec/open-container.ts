import { throwIfAborted } from '../core/errors.ts';
import type { Container, Opening, Stored } from './container.ts';
import { bodyContext } from './contexts.ts';
import { damaged } from './damage.ts';
import { FLOE_HEADER_BYTES, Floe, SEGMENT_EXTRA } from './floe.ts';
import { bodyOffset, HEADER_BYTES, parseHeader } from './header.ts';
import { PIECE_BYTES } from './pieces.ts';
import { proven } from './proven.ts';
import { readContainerHead, type Start } from './read-head.ts';
import { SEGMENT_BYTES, SEGMENT_TEXT, segmentsOf, streamSize } from './sizes.ts';
import { StoredReader } from './stored-reader.ts';
import { unpack } from './unpack.ts';

/** What is read at a time of a body in the clear. */
const CLEAR_BYTES = 262_144;

/** Reads header and head, checks the length, and waits to be read. Every failure is SyncError `corrupt` with a reason, or what the source threw. */
export async function openContainer(stored: Stored, opening: Opening): Promise<Container> {
  const reader = new StoredReader(stored);
  try {
    const first = await reader.take(Math.min(HEADER_BYTES, stored.size));
    const prefix = Buffer.concat([first, await reader.take(Math.max(0, Math.min(bodyOffset(parseHeader(first)), stored.size) - first.length))]);
    return new OpenedContainer(stored, opening, prefix, readContainerHead(prefix, stored.size, opening), reader);
  } catch (error) {
    await reader.close();
    throw error;
  }
}

class OpenedContainer implements Container {
  readonly header;
  readonly head;
  readonly #stored: Stored;
  readonly #opening: Opening;
  readonly #prefix: Uint8Array;
  readonly #start: Start;
  readonly #streamSize: number;
  /** The stream that opening began, until somebody reads on. */
  #begun: StoredReader | null;
  #floe: Floe | null = null;

  constructor(stored: Stored, opening: Opening, prefix: Uint8Array, start: Start, begun: StoredReader) {
    this.header = start.header;
    this.head = start.head;
    this.#stored = stored;
    this.#opening = opening;
    this.#prefix = prefix;
    this.#start = start;
    this.#streamSize = streamSize(start.header, stored.size);
    this.#begun = begun;
  }

  async *chunks(offset = 0): AsyncGenerator<Uint8Array> {
    const { head, header } = this.#start;
    if (!Number.isSafeInteger(offset) || offset < 0 || offset > head.size) throw new RangeError(`an object of ${head.size} bytes has none at ${offset}`);
    if (offset > 0 && offset === head.size) return;
    const reader = this.#begun ?? new StoredReader(this.#stored);
    this.#begun = null;
    try {
      const plain =
        header.compression === 'none'
          ? this.#stream(reader, offset)
          : from(offset % PIECE_BYTES, unpack(this.#packed(reader, header.compression), Math.floor(offset / PIECE_BYTES)));
      yield* offset === 0
        ? proven(plain, head, (what) => damaged('hash-mismatch', `${head.path}: ${what}`, { path: head.path }), this.#opening.signal)
        : heldBack(plain, this.#opening.signal);
    } finally {
      await reader.close();
    }
  }

  async close(): Promise<void> {
    const begun = this.#begun;
    this.#begun = null;
    await begun?.close();
  }

  #packed(reader: StoredReader, method: 'zstd' | 'deflate') {
    return { method, plainSize: this.head.size, size: this.#streamSize, open: (offset: number) => this.#stream(reader, offset) };
  }

  /** The content or its frames from `offset` on, to the end, which is checked. */
  #stream(reader: StoredReader, offset: number): AsyncGenerator<Uint8Array> {
    const { keys } = this.#start;
    return keys === null ? this.#clear(reader, offset) : this.#sealed(reader, offset, keys.content);
  }

  async *#clear(reader: StoredReader, offset: number): AsyncGenerator<Uint8Array> {
    await reader.seek(this.#prefix.length + offset);
    for (let at = offset; at < this.#streamSize; at += CLEAR_BYTES) yield await reader.take(Math.min(CLEAR_BYTES, this.#streamSize - at));
    await reader.end();
  }

  async *#sealed(reader: StoredReader, offset: number, key: Uint8Array): AsyncGenerator<Uint8Array> {
    const floe = await this.#floeOf(reader, key);
    const count = segmentsOf(this.#streamSize);
    const first = Math.floor(offset / SEGMENT_TEXT);
    await reader.seek(this.#prefix.length + FLOE_HEADER_BYTES + first * SEGMENT_BYTES);
    for (let number = first; number < count; number += 1) {
      const isLast = number === count - 1;
      const segment = await reader.take(isLast ? this.#streamSize - number * SEGMENT_TEXT + SEGMENT_EXTRA : SEGMENT_BYTES);
      const text = floe.openSegment(segment, number, isLast);
      if (text === null) throw damaged('tampered', `an encrypted segment is not authentic (${number} of ${count})`, { path: this.head.path });
      if (isLast) await reader.end();
      yield number === first ? text.subarray(offset - first * SEGMENT_TEXT) : text;
    }
  }

  async #floeOf(reader: StoredReader, key: Uint8Array): Promise<Floe> {
    if (this.#floe !== null) return this.#floe;
    await reader.seek(this.#prefix.length);
    this.#floe = Floe.open(key, bodyContext(this.#opening.vaultId, this.#prefix), await reader.take(FLOE_HEADER_BYTES));
    if (this.#floe === null) throw damaged('tampered', 'the header of an encrypted body is not authentic');
    return this.#floe;
  }
}

/** Leaves out the first `skip` bytes, which lie in the first chunk. */
async function* from(skip: number, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let left = skip;
  for await (const chunk of chunks) {
    yield chunk.subarray(left);
    left = 0;
  }
}

/** The last chunk only once the source has come to a good end. */
async function* heldBack(chunks: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  let held: Uint8Array | null = null;
  for await (const chunk of chunks) {
    throwIfAborted(signal);
    if (held !== null) yield held;
    held = chunk;
  }
  if (held !== null) yield held;
}
