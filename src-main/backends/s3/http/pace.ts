import { Readable } from 'node:stream';
import { SyncError } from '../../../core/errors.ts';
import type { Bandwidth } from '../../../platform/bandwidth.ts';
import type { Clock } from '../../../platform/clock.ts';

/** What waits for the bandwidth at a time. */
export const PIECE_BYTES = 64 * 1024;

/** Slower than this on average, after the first minute, counts as a hang that drips. */
const SLOWEST_BYTES_PER_MS = 0.25;
const GRACE_MS = 60_000;

export interface PacePorts {
  readonly clock: Clock;
  readonly bandwidth: Bandwidth;
}

/** Time spent waiting for the other side of a connection, against the bytes that moved; the device's own limits and slow consumers do not count. */
export class Patience {
  readonly #clock: Clock;
  #bytes = 0;
  #waitedMs = 0;
  #since: number | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  begin(): void {
    this.#since = this.#clock.monotonic();
  }

  /** @throws SyncError `unreachable` when it takes longer than this many bytes may */
  end(bytes: number): void {
    if (this.#since !== null) this.#waitedMs += this.#clock.monotonic() - this.#since;
    this.#since = null;
    this.#bytes += bytes;
    if (this.#waitedMs > GRACE_MS + this.#bytes / SLOWEST_BYTES_PER_MS)
      throw new SyncError('unreachable', 'the connection is too slow to be of use', { hint: 'It is tried again.' });
  }
}

/** Bytes to send, as a stream of pieces that each waited for the bandwidth. */
export function paced(bytes: Uint8Array, ports: PacePorts, signal: AbortSignal | undefined, onSent: (bytes: number) => void): Readable {
  return Readable.from(pieces(bytes, ports, signal, onSent), { objectMode: true, highWaterMark: 1 });
}

async function* pieces(bytes: Uint8Array, { clock, bandwidth }: PacePorts, signal: AbortSignal | undefined, onSent: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  const patience = new Patience(clock);
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    const piece = bytes.subarray(at, at + PIECE_BYTES);
    await bandwidth.take('up', piece.length, signal);
    onSent(piece.length);
    patience.begin();
    yield piece;
    patience.end(piece.length);
  }
}

/** Chunks of an answer, in pieces that each waited for the bandwidth. What breaks the stream passes through. */
export async function* received(
  stream: AsyncIterable<Uint8Array>,
  { clock, bandwidth }: PacePorts,
  signal: AbortSignal | undefined,
  onGot: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const patience = new Patience(clock);
  patience.begin();
  for await (const chunk of stream) {
    patience.end(chunk.length);
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      const piece = chunk.subarray(at, at + PIECE_BYTES);
      await bandwidth.take('down', piece.length, signal);
      onGot(piece.length);
      yield piece;
    }
    patience.begin();
  }
}
