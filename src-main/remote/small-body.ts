import type { Body } from '../backends/backend.ts';
import { SyncError } from '../core/errors.ts';

export function bodyOf(bytes: Uint8Array): Body {
  return {
    size: bytes.length,
    async *open() {
      if (bytes.length > 0) yield bytes;
    },
  };
}

/** Reads a small object whole; one that goes on past `limit` bytes is `corrupt`, whatever size it claimed (C66). */
export async function readSmall(chunks: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > limit) throw new SyncError('corrupt', `an object is longer than the ${limit} bytes it may have`);
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}
