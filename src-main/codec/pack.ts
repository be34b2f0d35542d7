import { hasCode, SyncError } from '../core/errors.ts';
import { ahead } from './ahead.ts';
import { ChunkReader } from './chunk-reader.ts';
import { compress, HAS_ZSTD, type Method } from './compress.ts';
import type { CompressionSettings, Recipe, Spool, SpoolFile } from './container.ts';
import { isPackedType } from './packed-types.ts';
import { AS_IS, PIECE_BYTES, PIECES_AHEAD, pieceSize, piecesOf } from './pieces.ts';

/** Encoding.memoryBytes. */
export const MEMORY_BYTES = 8 * PIECE_BYTES;
/** What does not get smaller than this part of itself stays as it is. */
const WORTHWHILE = 0.95;
const SAMPLE_PIECES = 8;
const SAMPLE_BYTES = 65_536;
/** Below this a frame cannot win anything worth a second look. */
const MIN_BYTES = 128;

/** A content as frames and index. */
export interface Packed extends Recipe {
  readonly method: Method;
  release(): Promise<void>;
}

export interface Packing {
  readonly path: string;
  readonly settings: CompressionSettings;
  /** The same bytes, not proven: to try out. */
  readonly samples: Recipe;
  readonly memoryBytes: number;
  readonly spool: Spool | null;
}

/** Compresses a content; null where it would not get smaller. `plain` proves itself each time it is opened. */
export async function pack(plain: Recipe, { path, settings, samples, memoryBytes, spool }: Packing): Promise<Packed | null> {
  const method = methodOf(settings);
  if (method === null || plain.size < MIN_BYTES || isPackedType(path) || !(await samplesShrink(samples, method))) return null;
  const frames = (): AsyncGenerator<Frame> => framesOf(plain, method, settings.level);
  if (plain.size <= memoryBytes) return inMemory(plain, method, frames());
  const file = (await spool?.create(plain.size + 8 * piecesOf(plain.size))) ?? null;
  const packed = file === null ? 'no room' : await spooled(plain, method, frames(), file);
  return packed === 'no room' ? twice(plain, method, frames) : packed;
}

interface Frame {
  /** As in the format: length and bit. */
  readonly field: Buffer;
  readonly data: Uint8Array;
}

function methodOf({ method }: CompressionSettings): Method | null {
  if (method === 'auto') return HAS_ZSTD ? 'zstd' : 'deflate';
  if (method === 'zstd' && !HAS_ZSTD) throw new SyncError('not-supported', 'this runtime cannot write zstd', { hint: 'Leave the choice of the compression to the program.' });
  return method === 'none' ? null : method;
}

/** Of large contents a few places are tried at the fastest level; small ones are compressed at once. */
async function samplesShrink(plain: Recipe, method: Method): Promise<boolean> {
  if (plain.size <= PIECE_BYTES) return true;
  const reader = new ChunkReader(plain.open());
  let [before, after] = [0, 0];
  try {
    for (let index = 0; index < Math.min(SAMPLE_PIECES, piecesOf(plain.size)); index += 1) {
      const piece = await reader.take(pieceSize(plain.size, index));
      const sample = piece.subarray(piece.length / 2, piece.length / 2 + SAMPLE_BYTES);
      before += sample.length;
      after += (await compress(sample, method, 1)).length;
    }
  } finally {
    await reader.close();
  }
  return after < before * WORTHWHILE;
}

async function* framesOf(plain: Recipe, method: Method, level: number): AsyncGenerator<Frame> {
  yield* ahead(pieces(plain), PIECES_AHEAD, async (piece) => {
    const data = await compress(piece, method, level);
    const asIs = data.length >= piece.length;
    const field = Buffer.alloc(4);
    field.writeUInt32BE(asIs ? (AS_IS | piece.length) >>> 0 : data.length);
    return { field, data: asIs ? piece : data };
  });
}

async function* pieces(plain: Recipe): AsyncGenerator<Uint8Array> {
  const reader = new ChunkReader(plain.open());
  try {
    for (let index = 0; index < piecesOf(plain.size); index += 1) yield await reader.take(pieceSize(plain.size, index));
    // Has to see the end: only there the content is proven.
    await reader.ended();
  } finally {
    await reader.close();
  }
}

function isWorthwhile(plain: Recipe, size: number): boolean {
  return size < plain.size * WORTHWHILE;
}

async function inMemory(plain: Recipe, method: Method, frames: AsyncIterable<Frame>): Promise<Packed | null> {
  const all: Frame[] = [];
  // A copy: what the compressor gives keeps room for a whole piece.
  for await (const { field, data } of frames) all.push({ field, data: Uint8Array.from(data) });
  const chunks = [...all.flatMap(({ field, data }) => [field, data]), ...all.map(({ field }) => field)];
  const size = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  if (!isWorthwhile(plain, size)) return null;
  return {
    size,
    method,
    async *open() {
      yield* chunks;
    },
    async release() {
      chunks.length = 0;
    },
  };
}

/** `no room`: the disk is full, which is no reason not to send. */
async function spooled(plain: Recipe, method: Method, frames: AsyncIterable<Frame>, file: SpoolFile): Promise<Packed | null | 'no room'> {
  try {
    const index: Buffer[] = [];
    let size = 0;
    for await (const { field, data } of frames) {
      await file.write(Buffer.concat([field, data]));
      index.push(field);
      size += field.length + data.length;
    }
    const tail = Buffer.concat(index);
    await file.write(tail);
    size += tail.length;
    if (isWorthwhile(plain, size)) return { size, method, open: () => file.read(), release: () => file.discard() };
  } catch (error) {
    await file.discard();
    if (hasCode(error, 'disk-full')) return 'no room';
    throw error;
  }
  await file.discard();
  return null;
}

/** Once for the length, and again each time it is sent. The second time has to come to the same: other bytes would not fit what was announced. */
async function twice(plain: Recipe, method: Method, frames: () => AsyncIterable<Frame>): Promise<Packed | null> {
  const fields: Buffer[] = [];
  let size = 0;
  for await (const { field, data } of frames()) {
    fields.push(field);
    size += 2 * field.length + data.length;
  }
  if (!isWorthwhile(plain, size)) return null;
  const index = Buffer.concat(fields);
  return { size, method, open: () => again(frames(), index), release: async () => undefined };
}

async function* again(frames: AsyncIterable<Frame>, index: Buffer): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const { field, data } of frames) {
    if (!field.equals(index.subarray(at, at + field.length))) throw new SyncError('busy', 'a file changed while it was read');
    at += field.length;
    yield field;
    yield data;
  }
  yield index;
}
