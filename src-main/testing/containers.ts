import { createHash } from 'node:crypto';
import type { Container, Encoding, Recipe, Spool, Stored } from '../codec/container.ts';
import { ContentKeys, contentIdFor } from '../codec/content-keys.ts';
import { encodeContainer } from '../codec/encode-container.ts';
import type { Head } from '../codec/head.ts';
import { openContainer } from '../codec/open-container.ts';
import type { Hash } from '../core/entry.ts';

export const VAULT = '00112233445566778899aabbccddeeff';
export const testKeys = (epoch = 1, fill = 7, vaultId = VAULT): ContentKeys => new ContentKeys({ vaultId, epoch, root: Buffer.alloc(32, fill) });
export const KEYS = testKeys();
export const find = (epoch: number): ContentKeys | null => (epoch === 1 ? KEYS : null);

export function headOf(content: Uint8Array, more: Partial<Head> = {}): Head {
  return {
    kind: 'file',
    path: 'Notes/today.txt',
    size: content.length,
    sha256: createHash('sha256').update(content).digest('hex') as Hash,
    mtimeNs: 1_700_000_000_123_456_789n,
    mode: 0o644,
    generation: 1,
    previous: null,
    reuse: 0,
    device: 'laptop',
    op: '0123456789abcdef',
    extra: {},
    ...more,
  };
}

/** In chunks of `step` bytes. */
export function recipe(content: Uint8Array, step = 100_000): Recipe {
  return {
    size: content.length,
    async *open() {
      for (let at = 0; at < content.length; at += step) yield content.subarray(at, at + step);
    },
  };
}

export function stored(bytes: Uint8Array, step = 100_000): Stored {
  return { size: bytes.length, open: (offset) => recipe(bytes.subarray(offset), step).open() };
}

export async function gather(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

/** Sealed unless told otherwise. */
export async function encode(content: Uint8Array, more: Partial<Encoding> = {}): Promise<Buffer> {
  const head = more.head ?? headOf(content);
  const encoded = await encodeContainer(recipe(content), {
    vaultId: VAULT,
    keys: KEYS,
    contentId: contentIdFor(more.keys === undefined ? KEYS : more.keys, head.op ?? '', head.path),
    head,
    ...more,
  });
  const bytes = await gather(encoded.open());
  if (bytes.length !== encoded.size) throw new RangeError(`announced ${encoded.size} bytes, gave ${bytes.length}`);
  await encoded.release();
  return bytes;
}

export function open(bytes: Uint8Array, more: Partial<Parameters<typeof openContainer>[1]> = {}, step?: number): Promise<Container> {
  return openContainer(stored(bytes, step), { vaultId: VAULT, find, ...more });
}

/** The content, or the reason why there is none. */
export async function decode(bytes: Uint8Array, more: Partial<Parameters<typeof openContainer>[1]> = {}, offset = 0): Promise<Buffer> {
  return gather((await open(bytes, more)).chunks(offset));
}

/** A spool in memory that counts what it still holds. */
export class MemorySpool implements Spool {
  files = 0;
  made = 0;

  async create() {
    const chunks: Buffer[] = [];
    this.files += 1;
    this.made += 1;
    return {
      write: async (chunk: Uint8Array) => void chunks.push(Buffer.from(chunk)),
      read: () => recipe(Buffer.concat(chunks)).open(),
      discard: async () => {
        this.files -= 1;
      },
    };
  }
}

export { compress, HAS_ZSTD } from '../codec/compress.ts';
export { encodeContainer, openContainer };
