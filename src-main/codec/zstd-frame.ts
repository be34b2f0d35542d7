import { ByteReader } from './bytes.ts';
import { damaged } from './damage.ts';

const MAGIC = 0xfd2fb528;
const MAX_WINDOW = 8 * 1_048_576;

/** Checks, before anything is unpacked, that data is exactly one zstd frame (RFC 8878, 3.1.1) of `size` bytes, without a dictionary, whose window is small. What the blocks hold is for the decompressor. */
export function checkZstdFrame(data: Uint8Array, size: number): void {
  const from = new ByteReader(data, 'a zstd frame');
  must(from.u32le() === MAGIC, 'magic');
  const descriptor = from.u8();
  const single = (descriptor & 0x20) !== 0;
  must((descriptor & 0x0b) === 0, 'dictionary');
  const window = single ? 0 : windowOf(from.u8());
  must(window <= MAX_WINDOW, 'window');
  const says = contentSize(from, descriptor >> 6, single);
  if (says > size) throw damaged('bomb', 'compressed data that would grow beyond its recorded size');
  must(says === size, 'content size');
  walkBlocks(from);
  if ((descriptor & 0x04) !== 0) from.bytes(4);
  must(from.at === data.length, 'end');
}

function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function contentSize(from: ByteReader, flag: number, single: boolean): number {
  switch (flag) {
    case 0:
      must(single, 'no content size');
      return from.u8();
    case 1:
      return from.u8() + from.u8() * 256 + 256;
    case 2:
      return from.u32le();
    default:
      return from.u32le() + from.u32le() * 2 ** 32;
  }
}

function walkBlocks(from: ByteReader): void {
  for (;;) {
    const header = from.u8() + from.u8() * 256 + from.u8() * 65_536;
    const type = (header >> 1) & 3;
    must(type !== 3, 'block type');
    from.bytes(type === 1 ? 1 : header >> 3);
    if ((header & 1) === 1) return;
  }
}

function must(holds: boolean, what: string): void {
  if (!holds) throw damaged('malformed', `compressed data are nonsense (zstd: ${what})`);
}
