import { createHash } from 'node:crypto';
import { ahead } from './ahead.ts';
import { ByteReader } from './bytes.ts';
import { ChunkReader } from './chunk-reader.ts';
import { expand, type Method } from './compress.ts';
import { damaged } from './damage.ts';
import { AS_IS, PIECES_AHEAD, pieceSize, piecesOf } from './pieces.ts';

/** Frames and index of a content, readable from anywhere. */
export interface PackedStream {
  readonly method: Method;
  /** Bytes of the content. */
  readonly plainSize: number;
  /** Bytes of frames and index. */
  readonly size: number;
  open(offset: number): AsyncIterable<Uint8Array>;
}

/** The content's pieces from piece `first` on. */
export async function* unpack(packed: PackedStream, first: number): AsyncGenerator<Uint8Array> {
  const { at, index } = first === 0 ? { at: 0, index: null } : await lookUp(packed, first);
  const reader = new ChunkReader(packed.open(at));
  try {
    yield* ahead(frames(reader, packed, first, index), PIECES_AHEAD, async ({ data, asIs, size }) => (asIs ? data : expand(data, packed.method, size)));
  } finally {
    await reader.close();
  }
}

interface Frame {
  readonly data: Uint8Array;
  readonly asIs: boolean;
  /** Of the piece. */
  readonly size: number;
}

/** Reads to the end of the stream, so that all of it is authentic and its index says what the frames said. */
async function* frames(reader: ChunkReader, { plainSize }: PackedStream, first: number, index: Buffer | null): AsyncGenerator<Frame> {
  const seen = createHash('sha256');
  for (let number = first; number < piecesOf(plainSize); number += 1) {
    const field = await exactly(reader, 4);
    const { asIs, length } = parseField(field, pieceSize(plainSize, number));
    seen.update(field);
    yield { data: await exactly(reader, length), asIs, size: pieceSize(plainSize, number) };
  }
  const tail = await exactly(reader, 4 * piecesOf(plainSize));
  const isSame = index === null ? createHash('sha256').update(tail).digest().equals(seen.digest()) : index.equals(tail);
  if (!isSame || !(await reader.ended())) throw damaged('malformed', 'compressed data are followed by what does not belong there');
}

/** Where a piece's frame begins, by the index at the end. */
async function lookUp(packed: PackedStream, piece: number): Promise<{ readonly at: number; readonly index: Buffer }> {
  const count = piecesOf(packed.plainSize);
  const reader = new ChunkReader(packed.open(packed.size - 4 * count));
  const index = Buffer.from(await exactly(reader, 4 * count));
  await reader.close();
  const from = new ByteReader(index, 'the index of compressed data');
  let total = 0;
  let at = 0;
  for (let number = 0; number < count; number += 1) {
    if (number === piece) at = total;
    total += 4 + parseField(from.bytes(4), pieceSize(packed.plainSize, number)).length;
  }
  if (total + index.length !== packed.size) throw damaged('malformed', 'the index of compressed data does not fit them');
  return { at, index };
}

function parseField(field: Uint8Array, size: number): { readonly asIs: boolean; readonly length: number } {
  const value = new ByteReader(field, 'a frame').u32();
  const asIs = value >= AS_IS;
  const length = asIs ? value - AS_IS : value;
  if (asIs ? length !== size : length === 0 || length >= size) throw damaged('malformed', 'a frame of compressed data has a length that it cannot have');
  return { asIs, length };
}

async function exactly(reader: ChunkReader, length: number): Promise<Uint8Array> {
  const bytes = await reader.take(length);
  if (bytes.length < length) throw damaged('malformed', 'compressed data end before their time');
  return bytes;
}
