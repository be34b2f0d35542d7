import type { Readable } from 'node:stream';
import { SyncError } from '../../../core/errors.ts';
import type { Store } from './store.ts';

/** Reconnections in a row that brought nothing. */
const MOST_IN_VAIN = 5;

/** The bytes of one version to its end, in one stream: where the connection breaks, `reopen` goes on. @throws SyncError `unreachable` when that does not help, `busy` when the object is another meanwhile */
export async function* resumed(
  first: Readable,
  range: { readonly at: number; readonly size: number },
  reopen: (at: number) => Promise<Readable>,
  { wire, retries }: Pick<Store, 'wire' | 'retries'>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  let { at } = range;
  let stream = first;
  for (let inVain = 0; ; ) {
    const began = at;
    let broken = new SyncError('unreachable', 'the answer ended too early', { hint: 'It is tried again.' });
    try {
      for await (const chunk of wire.received(stream, signal)) {
        if (at + chunk.length > range.size) throw new SyncError('corrupt', `the answer has more than its ${range.size} bytes`);
        at += chunk.length;
        yield chunk;
      }
    } catch (error) {
      broken = wire.brokenBody(error, signal);
      if (broken.code !== 'unreachable') throw broken;
    }
    if (at === range.size) return;
    inVain = at > began ? 0 : inVain + 1;
    if (inVain === MOST_IN_VAIN) throw broken;
    await retries.pause(inVain, signal);
    stream = await reopen(at);
  }
}
