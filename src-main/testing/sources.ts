import type { Version } from '../core/entry.ts';
import type { Source } from '../local/local-tree.ts';

/** These texts, a chunk each, from any offset. */
export function sourceOf(...texts: readonly string[]): Source {
  return sourceFrom((offset) => after(offset, texts));
}

export function sourceFrom(open: (offset: number) => AsyncIterable<Uint8Array>, version = 'v1'): Source {
  return { version: version as Version, open: async (offset) => open(offset) };
}

async function* after(offset: number, texts: readonly string[]): AsyncGenerator<Uint8Array> {
  let skip = offset;
  for (const text of texts) {
    const bytes = Buffer.from(text);
    if (skip < bytes.length) yield bytes.subarray(skip);
    skip = Math.max(0, skip - bytes.length);
  }
}
