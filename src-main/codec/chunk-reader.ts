/** Takes exact lengths out of chunks as they come. Holds at most what was asked for and the rest of one chunk. */
export class ChunkReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #held: Uint8Array = new Uint8Array(0);
  #ended = false;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** `length` bytes, fewer only at the end. */
  async take(length: number): Promise<Uint8Array> {
    if (this.#held.length >= length) return this.#cut(length);
    const parts = [this.#held];
    let size = this.#held.length;
    while (size < length) {
      const chunk = await this.#next();
      if (chunk === null) break;
      parts.push(chunk);
      size += chunk.length;
    }
    this.#held = Buffer.concat(parts, size);
    return this.#cut(Math.min(length, size));
  }

  /** Whether there is nothing more. */
  async ended(): Promise<boolean> {
    while (this.#held.length === 0) {
      const chunk = await this.#next();
      if (chunk === null) return true;
      this.#held = chunk;
    }
    return false;
  }

  async close(): Promise<void> {
    this.#held = new Uint8Array(0);
    if (this.#ended) return;
    this.#ended = true;
    await this.#chunks.return?.();
  }

  #cut(length: number): Uint8Array {
    const cut = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    return cut;
  }

  async #next(): Promise<Uint8Array | null> {
    if (this.#ended) return null;
    const { done, value } = await this.#chunks.next();
    if (done === true) {
      this.#ended = true;
      return null;
    }
    return value;
  }
}
