import { openContainer } from '../../codec/open-container.ts';
import { hasCode } from '../../core/errors.ts';
import type { Backend, ObjectDetail } from '../backend.ts';
import { Gone } from './gone.ts';
import { checkUnmixed, inPlace, type Opened, type SealedHeads, withSignal } from './sealed-heads.ts';

/** The plain bytes of objects whose heads are open. */
export class SealedReading {
  readonly #backend: Backend;
  readonly #heads: SealedHeads;

  constructor(backend: Backend, heads: SealedHeads) {
    this.#backend = backend;
    this.#heads = heads;
  }

  /** From `offset` on. `begun`: the whole object, which may have been read already. @throws SyncError `corrupt`; `busy` where it was replaced meanwhile */
  async *plainBytes(opened: Opened, offset: number, signal: AbortSignal | undefined, begun: Once): AsyncGenerator<Uint8Array> {
    const { key, stored } = opened;
    try {
      const source = { size: stored.size, open: (at: number) => (at === 0 ? begun.take() : null) ?? this.#storedBytes(key, stored, at, signal) };
      const container = await openContainer(source, { ...this.#heads.opening, ...withSignal(signal) });
      try {
        checkUnmixed(opened, container);
        yield* container.chunks(offset);
      } finally {
        await container.close();
      }
    } catch (error) {
      throw hasCode(error, 'corrupt') && (error.path === undefined || error.hint === undefined) ? inPlace(error, key) : error;
    }
  }

  async *#storedBytes(key: string, { key: storedKey, version }: ObjectDetail, offset: number, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
    const object = await this.#backend.get(storedKey, { ifMatch: version, offset, ...withSignal(signal) });
    if (object === null) throw new Gone(key);
    yield* object.chunks;
  }
}

/** A stream for whoever comes first. */
export interface Once {
  take(): AsyncIterable<Uint8Array> | null;
}

export function onceOnly(chunks: AsyncIterable<Uint8Array>): Once {
  let left: AsyncIterable<Uint8Array> | null = chunks;
  return {
    take: () => {
      const taken = left;
      left = null;
      return taken;
    },
  };
}

export async function* nothing(): AsyncGenerator<Uint8Array> {}
