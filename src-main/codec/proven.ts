import { createHash } from 'node:crypto';
import { throwIfAborted } from '../core/errors.ts';
import type { Head } from './head.ts';

/** Passes chunks on, holding back the last one until all of them together are what was recorded; throws what `otherwise` makes of it before. */
export async function* proven(
  chunks: AsyncIterable<Uint8Array>,
  head: Pick<Head, 'size' | 'sha256'>,
  otherwise: (what: string) => Error,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let size = 0;
  let held: Uint8Array | null = null;
  for await (const chunk of chunks) {
    throwIfAborted(signal);
    size += chunk.length;
    if (size > head.size) throw otherwise('it has more bytes than recorded');
    hash.update(chunk);
    if (held !== null) yield held;
    held = chunk;
  }
  if (size < head.size) throw otherwise('it has fewer bytes than recorded');
  if (hash.digest('hex') !== head.sha256) throw otherwise('its bytes are not those recorded');
  if (held !== null) yield held;
}
