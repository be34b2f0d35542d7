import { createHash } from 'node:crypto';
import { S3Error } from './s3-error.ts';
import type { SignatureChain } from './sigv4.ts';

/** A streamed body taken out of its `aws-chunked` frame. Trailers are there once the chunks have been read to their end. */
export interface Unframed {
  readonly chunks: AsyncIterable<Buffer>;
  readonly trailers: Readonly<Record<string, string>>;
}

/** @param chain null for unsigned chunks */
export function unframe(source: AsyncIterable<Buffer>, chain: SignatureChain | null, hasTrailer: boolean): Unframed {
  const trailers: Record<string, string> = {};
  return { chunks: readChunks(new FrameReader(source), chain, hasTrailer, trailers), trailers };
}

async function* readChunks(reader: FrameReader, chain: SignatureChain | null, hasTrailer: boolean, trailers: Record<string, string>): AsyncGenerator<Buffer> {
  for (;;) {
    const [sizeText = '', extension] = (await reader.line()).split(';');
    if (!/^[\da-f]+$/i.test(sizeText)) throw new S3Error('InvalidRequest', { Message: 'The aws-chunked body is malformed.' });
    const size = Number.parseInt(sizeText, 16);
    const hash = createHash('sha256');
    for await (const piece of reader.bytes(size)) {
      if (chain !== null) hash.update(piece);
      yield piece;
    }
    chain?.checkChunk(/^chunk-signature=([\da-f]+)$/.exec(extension ?? '')?.[1], hash.digest('hex'));
    if (size === 0) break;
    await reader.line();
  }
  if (hasTrailer) await readTrailers(reader, chain, trailers);
  else await reader.line();
}

async function readTrailers(reader: FrameReader, chain: SignatureChain | null, trailers: Record<string, string>): Promise<void> {
  let lines = '';
  let signature: string | undefined;
  for (let line = await reader.line(); line !== ''; line = await reader.line()) {
    const at = line.indexOf(':');
    const name = line.slice(0, at).toLowerCase();
    const value = line.slice(at + 1).trim();
    if (name === 'x-amz-trailer-signature') signature = value;
    else {
      trailers[name] = value;
      lines += `${name}:${value}\n`;
    }
  }
  chain?.checkTrailer(signature, lines);
}

/** Lines and counted bytes out of a stream of buffers. */
class FrameReader {
  readonly #source: AsyncIterator<Buffer>;
  #held = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Up to the next CRLF, without it; the end of the stream ends a line too. */
  async line(): Promise<string> {
    for (;;) {
      const at = this.#held.indexOf('\r\n');
      if (at !== -1)
        return this.#take(at + 2)
          .toString('latin1')
          .slice(0, -2);
      const isLong = this.#held.length > 8192;
      if (isLong || !(await this.#more())) return this.#take(this.#held.length).toString('latin1');
    }
  }

  async *bytes(count: number): AsyncGenerator<Buffer> {
    let left = count;
    while (left > 0) {
      if (this.#held.length === 0 && !(await this.#more())) throw new S3Error('IncompleteBody');
      const piece = this.#take(Math.min(left, this.#held.length));
      left -= piece.length;
      yield piece;
    }
  }

  #take(count: number): Buffer {
    const taken = this.#held.subarray(0, count);
    this.#held = this.#held.subarray(count);
    return taken;
  }

  async #more(): Promise<boolean> {
    const next = await this.#source.next();
    if (next.done === true) return false;
    this.#held = this.#held.length === 0 ? Buffer.from(next.value) : Buffer.concat([this.#held, next.value]);
    return true;
  }
}
