import { SyncError } from '../core/errors.ts';
import { ChunkReader } from './chunk-reader.ts';
import type { Encoded, Encoding, Recipe } from './container.ts';
import { CONTENT_ID_BYTES, type ContentKeys, floeIv, keyCheck, vaultTag } from './content-keys.ts';
import { bodyContext, headContext } from './contexts.ts';
import { Floe } from './floe.ts';
import { encodeHead } from './head.ts';
import { bodyOffset, encodeHeader, type Header } from './header.ts';
import { MEMORY_BYTES, pack } from './pack.ts';
import { proven } from './proven.ts';
import { seal, sealClear } from './seal.ts';
import { bodySize, SEGMENT_BYTES, SEGMENT_TEXT, segmentsOf } from './sizes.ts';

/** Segments that leave together. */
const GROUP = 4;

/** Makes a container of plain bytes. Its size is exact before anything of it is read, for which a compressed content is packed first. */
export async function encodeContainer(plain: Recipe, encoding: Encoding): Promise<Encoded> {
  const { head, keys, contentId, vaultId, compression } = encoding;
  if (plain.size !== head.size || contentId.length !== CONTENT_ID_BYTES) throw new RangeError('a head that is not of this content');
  const text = encodeHead(head);
  const source: Recipe = {
    size: plain.size,
    open: () => proven(plain.open(), head, (what) => new SyncError('busy', `${head.path} cannot be sent now: ${what}`, { path: head.path }), encoding.signal),
  };
  const packed =
    compression === undefined || head.reuse > 0
      ? null
      : await pack(source, { path: head.path, settings: compression, samples: plain, memoryBytes: encoding.memoryBytes ?? MEMORY_BYTES, spool: encoding.spool ?? null });
  const header: Header = {
    suite: keys === null ? 'clear' : 'floe',
    compression: packed?.method ?? 'none',
    epoch: keys?.epoch ?? 0,
    contentId,
    vaultTag: vaultTag(vaultId),
    keyCheck: keys === null ? Buffer.alloc(8) : keyCheck(keys, contentId),
    headBytes: text.length,
  };
  const start = startOf(header, vaultId, keys, text);
  const stream = packed ?? source;
  return {
    header,
    size: bodyOffset(header) + bodySize(header.suite, stream.size),
    open: () => (keys === null ? clearBytes(start, stream) : sealedBytes(start, stream, Floe.start(keys.content, bodyContext(vaultId, start), floeIv(keys, contentId)))),
    release: async () => packed?.release(),
  };
}

function startOf(header: Header, vaultId: string, keys: ContentKeys | null, text: Uint8Array): Buffer {
  const bytes = encodeHeader(header);
  const about = headContext(vaultId, bytes);
  return Buffer.concat([bytes, keys === null ? sealClear(about, text) : seal(keys.head, about, text)]);
}

async function* clearBytes(start: Uint8Array, stream: Recipe): AsyncGenerator<Uint8Array> {
  yield start;
  yield* stream.open();
}

async function* sealedBytes(start: Uint8Array, stream: Recipe, floe: Floe): AsyncGenerator<Uint8Array> {
  yield Buffer.concat([start, floe.header]);
  const reader = new ChunkReader(stream.open());
  const count = segmentsOf(stream.size);
  try {
    for (let number = 0; number < count; number += GROUP) {
      const due = Math.min(GROUP * SEGMENT_TEXT, stream.size - number * SEGMENT_TEXT);
      const text = await reader.take(due);
      // The source comes to its end, where it is proven, before the last segment is made.
      const isLast = number + GROUP >= count;
      if (text.length < due || (isLast && !(await reader.ended()))) throw new SyncError('io', 'what is to be sent is not as long as it was');
      yield sealGroup(floe, text, number, count);
    }
  } finally {
    await reader.close();
  }
}

function sealGroup(floe: Floe, text: Uint8Array, first: number, count: number): Buffer {
  const out = Buffer.allocUnsafe(GROUP * SEGMENT_BYTES);
  let end = 0;
  for (let number = first; number < Math.min(first + GROUP, count); number += 1) {
    const at = (number - first) * SEGMENT_TEXT;
    end = floe.sealSegment(text.subarray(at, at + SEGMENT_TEXT), number, number === count - 1, out, end);
  }
  return out.subarray(0, end);
}
