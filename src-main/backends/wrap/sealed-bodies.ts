import type { Recipe } from '../../codec/container.ts';
import type { Hash } from '../../core/entry.ts';
import { SyncError, throwIfAborted } from '../../core/errors.ts';
import type { NewHasher } from '../../platform/clock.ts';
import type { CallOptions } from '../backend.ts';

/** A body without a hash is held in memory up to this size, and read twice beyond it. */
const HELD_BYTES = 1_048_576;

/** A body with its hash, which goes into the head and so has to be known before the first byte is sent. @throws SyncError `corrupt` when the body is not as long as it said */
export async function withHash(body: Recipe, newHasher: NewHasher, { signal }: CallOptions): Promise<{ readonly body: Recipe; readonly sha256: Hash }> {
  const hasher = newHasher();
  const held: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body.open()) {
    throwIfAborted(signal);
    hasher.update(chunk);
    length += chunk.length;
    if (body.size <= HELD_BYTES && length <= body.size) held.push(Uint8Array.from(chunk));
  }
  throwIfAborted(signal);
  if (length !== body.size) throw new SyncError('corrupt', `the body has ${length} bytes, not ${body.size}`);
  return { body: body.size <= HELD_BYTES ? again(held, length) : body, sha256: hasher.digest() as Hash };
}

function again(chunks: readonly Uint8Array[], size: number): Recipe {
  return {
    size,
    async *open() {
      yield* chunks;
    },
  };
}
