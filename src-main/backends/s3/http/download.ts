import type { Readable } from 'node:stream';
import { SyncError } from '../../../core/errors.ts';
import type { Store } from './store.ts';

/** Reconnections in a row that brought nothing. */
const MOST_IN_VAIN = 5;

/** Bytes of an object from `from` on. */
export interface Opened {
  readonly stream: Readable;
  /** No later than what was asked for: a server that takes no notice of ranges begins at the beginning. */
  readonly from: number;
}

/** The bytes of one version to its end, in one stream: where the connection breaks, `reopen` goes on. @throws SyncError `unreachable` when that does not help, `busy` when the object is another meanwhile */
export function resumed(
  first: Opened,
  range: { readonly at: number; readonly size: number },
  reopen: (at: number) => Promise<Opened>,
  store: Pick<Store, 'wire' | 'retries'>,
  signal: AbortSignal | undefined,
): AsyncIterable<Uint8Array> {
  const chunks = follow(first, range, reopen, store, signal);
  // A generator that was never begun does not run to its end either.
  const end = (): ReturnType<typeof chunks.return> => {
    first.stream.destroy();
    return chunks.return(undefined);
  };
  return { [Symbol.asyncIterator]: () => ({ next: () => chunks.next(), return: end }) };
}

async function* follow(
  first: Opened,
  range: { readonly at: number; readonly size: number },
  reopen: (at: number) => Promise<Opened>,
  { wire, retries }: Pick<Store, 'wire' | 'retries'>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, undefined> {
  let { at } = range;
  let opened = first;
  for (let inVain = 0; ; ) {
    const began = at;
    let broken = new SyncError('unreachable', 'the answer ended too early', { hint: 'It is tried again.' });
    try {
      let position = opened.from;
      for await (const chunk of wire.received(opened.stream, signal)) {
        const wanted = chunk.subarray(Math.max(0, at - position));
        position += chunk.length;
        if (position > range.size) throw new SyncError('corrupt', `the answer has more than its ${range.size} bytes`);
        if (wanted.length === 0) continue;
        at += wanted.length;
        yield wanted;
      }
    } catch (error) {
      broken = wire.brokenBody(error, signal);
      if (broken.code !== 'unreachable') throw broken;
    }
    if (at === range.size) return undefined;
    inVain = at > began ? 0 : inVain + 1;
    if (inVain === MOST_IN_VAIN) throw broken;
    await retries.pause(inVain, signal);
    opened = await reopen(at);
  }
}
