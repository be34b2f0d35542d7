import zlib from 'node:zlib';
import { damaged } from './damage.ts';
import type { Compression } from './header.ts';
import { UnzstdThreads } from './unzstd-thread.ts';
import { checkZstdFrame } from './zstd-frame.ts';

export type Method = Exclude<Compression, 'none'>;

/** zlib's own level for zstd at ours: 3 is its default, 19 its last one of bounded memory. */
const ZSTD_LEVELS = [1, 1, 2, 3, 5, 7, 9, 12, 15, 19];

/** Node 22.15 and newer. */
export const HAS_ZSTD = typeof zlib.zstdCompress === 'function';

/** Of a runtime without zstd; as of zlib, there is one pool for the process. */
const threads = new UnzstdThreads();

/** Compresses a piece off this thread. Equal input gives equal output within one version of the runtime. */
export function compress(piece: Uint8Array, method: Method, level: number): Promise<Uint8Array> {
  const chunkSize = chunkFor(piece.length);
  if (method === 'deflate') return run((done) => zlib.deflateRaw(piece, { level, chunkSize }, done)).then(({ bytes }) => bytes);
  const params = { [zlib.constants.ZSTD_c_compressionLevel]: ZSTD_LEVELS[level] ?? 3 };
  // Without the size announced the frame would not say it.
  return run((done) => zlib.zstdCompress(piece, { params, chunkSize, pledgedSrcSize: piece.length }, done)).then(({ bytes }) => bytes);
}

/** Unpacks what has to give exactly `size` bytes, and nothing after them: `bomb` or `malformed` otherwise. Never holds more than `size`. */
export async function expand(data: Uint8Array, method: Method, size: number): Promise<Uint8Array> {
  const options = { chunkSize: chunkFor(size), maxOutputLength: Math.max(1, size), info: true };
  if (method === 'deflate') return exactly(size, data, await reading(run((done) => zlib.inflateRaw(data, options, done))));
  checkZstdFrame(data, size);
  if (HAS_ZSTD) return exactly(size, data, await reading(run((done) => zlib.zstdDecompress(data, options, done))));
  return exactly(size, data, { bytes: await threads.unpack(data, size), consumed: data.length });
}

/** Room for all of it: one trip to the other thread. */
function chunkFor(size: number): number {
  return Math.max(64, size + 64);
}

interface Result {
  readonly bytes: Uint8Array;
  /** Of the input; only with `info`. */
  readonly consumed: number;
}

function run(start: (done: (error: Error | null, result: unknown) => void) => void): Promise<Result> {
  return new Promise((resolve, reject) => {
    start((error, result) => {
      if (error !== null) reject(error);
      else if (result instanceof Uint8Array) resolve({ bytes: result, consumed: 0 });
      else {
        const { buffer, engine } = result as { readonly buffer: Uint8Array; readonly engine: { readonly bytesWritten: number } };
        resolve({ bytes: buffer, consumed: engine.bytesWritten });
      }
    });
  });
}

async function reading(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE')
      throw damaged('bomb', 'compressed data that would grow beyond its recorded size', { cause });
    throw damaged('malformed', 'compressed data cannot be unpacked', { cause });
  }
}

/** Node gives back what it has of data that were cut, and says nothing of what follows them. */
function exactly(size: number, data: Uint8Array, { bytes, consumed }: Result): Uint8Array {
  if (bytes.length > size) throw damaged('bomb', 'compressed data that would grow beyond its recorded size');
  if (bytes.length !== size || consumed !== data.length) throw damaged('malformed', 'compressed data cannot be unpacked');
  return bytes;
}
