import { ChunkReader } from './chunk-reader.ts';
import type { Stored } from './container.ts';
import { damaged } from './damage.ts';

/** So far it is cheaper to read on than to begin another request. */
const SKIP_BYTES = 262_144;

/** Reads a stored container from anywhere; going on where it stands costs nothing. */
export class StoredReader {
  readonly #stored: Stored;
  #reader: ChunkReader;
  #at = 0;

  constructor(stored: Stored) {
    this.#stored = stored;
    this.#reader = new ChunkReader(stored.open(0));
  }

  async seek(offset: number): Promise<void> {
    const ahead = offset - this.#at;
    if (ahead >= 0 && ahead <= SKIP_BYTES) {
      await this.take(ahead);
    } else {
      await this.#reader.close();
      this.#reader = new ChunkReader(this.#stored.open(offset));
      this.#at = offset;
    }
  }

  /** Exactly so many bytes, or `truncated`. */
  async take(length: number): Promise<Uint8Array> {
    const bytes = await this.#reader.take(length);
    this.#at += bytes.length;
    if (bytes.length < length) throw damaged('truncated', 'a container ends before its time');
    return bytes;
  }

  /** At its end, or `over-long`. */
  async end(): Promise<void> {
    if (this.#at !== this.#stored.size || !(await this.#reader.ended())) throw damaged('over-long', 'a container goes on behind its end');
  }

  async close(): Promise<void> {
    await this.#reader.close();
  }
}
