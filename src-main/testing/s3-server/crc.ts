import { crc32 } from 'node:zlib';

/** A checksum fed piece by piece, given in base64 of its big-endian bytes as S3 writes it. */
export interface Running {
  update(bytes: Uint8Array): void;
  digest(): string;
}

export function runningCrc32(): Running {
  let value = 0;
  return {
    update: (bytes) => {
      value = crc32(bytes, value);
    },
    digest: () => base64(value),
  };
}

const CASTAGNOLI = tableOf32(0x82f63b78);

export function runningCrc32c(): Running {
  let value = 0xffffffff;
  return {
    update: (bytes) => {
      for (let i = 0; i < bytes.length; i++) value = (CASTAGNOLI[(value ^ (bytes[i] ?? 0)) & 0xff] ?? 0) ^ (value >>> 8);
    },
    digest: () => base64(~value >>> 0),
  };
}

/** CRC-64/NVME in two halves of 32 bits, since BigInt is far too slow for bodies. */
const NVME = tableOf64(0x9a6c9329, 0xac4bc9b5);

export function runningCrc64Nvme(): Running {
  let high = 0xffffffff;
  let low = 0xffffffff;
  return {
    update: (bytes) => {
      for (let i = 0; i < bytes.length; i++) {
        const index = (low ^ (bytes[i] ?? 0)) & 0xff;
        low = ((low >>> 8) | (high << 24)) ^ (NVME.low[index] ?? 0);
        high = (high >>> 8) ^ (NVME.high[index] ?? 0);
      }
    },
    digest: () => base64(~high >>> 0, ~low >>> 0),
  };
}

function base64(...words: readonly number[]): string {
  const bytes = Buffer.alloc(words.length * 4);
  for (const [index, word] of words.entries()) bytes.writeUInt32BE(word, index * 4);
  return bytes.toString('base64');
}

function tableOf32(polynomial: number): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = (value & 1) === 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    return value;
  });
}

function tableOf64(polyHigh: number, polyLow: number): { readonly high: Int32Array; readonly low: Int32Array } {
  const table = { high: new Int32Array(256), low: new Int32Array(256) };
  for (let byte = 0; byte < 256; byte++) {
    let high = 0;
    let low = byte;
    for (let bit = 0; bit < 8; bit++) {
      const isOdd = (low & 1) === 1;
      low = ((low >>> 1) | (high << 31)) ^ (isOdd ? polyLow : 0);
      high = (high >>> 1) ^ (isOdd ? polyHigh : 0);
    }
    table.high[byte] = high;
    table.low[byte] = low;
  }
  return table;
}
