import { damaged } from './damage.ts';

/** Big-endian fields, one after the other. */
export class ByteWriter {
  readonly #parts: Uint8Array[] = [];

  u8(value: number): this {
    return this.bytes(Uint8Array.of(value));
  }

  u16(value: number): this {
    return this.bytes(Uint8Array.of(value >>> 8, value & 0xff));
  }

  u32(value: number): this {
    const field = Buffer.alloc(4);
    field.writeUInt32BE(value);
    return this.bytes(field);
  }

  u64(value: number): this {
    const field = Buffer.alloc(8);
    field.writeBigUInt64BE(BigInt(value));
    return this.bytes(field);
  }

  i64(value: bigint): this {
    const field = Buffer.alloc(8);
    field.writeBigInt64BE(value);
    return this.bytes(field);
  }

  bytes(value: Uint8Array): this {
    this.#parts.push(value);
    return this;
  }

  /** All that was written, in a buffer of its own. */
  done(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

/** Reads what a ByteWriter wrote; going past the end is `malformed`. Views, no copies. */
export class ByteReader {
  readonly #from: Buffer;
  readonly #what: string;
  #at = 0;

  /** `what` is being read, for people. */
  constructor(bytes: Uint8Array, what: string) {
    this.#from = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#what = what;
  }

  get at(): number {
    return this.#at;
  }

  u8(): number {
    return this.bytes(1).readUInt8();
  }

  u16(): number {
    return this.bytes(2).readUInt16BE();
  }

  u32(): number {
    return this.bytes(4).readUInt32BE();
  }

  u32le(): number {
    return this.bytes(4).readUInt32LE();
  }

  /** At most 2^53-1. */
  u64(): number {
    const value = this.bytes(8).readBigUInt64BE();
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged('malformed', `${this.#what}: a number is too large`);
    return Number(value);
  }

  i64(): bigint {
    return this.bytes(8).readBigInt64BE();
  }

  bytes(length: number): Buffer {
    if (this.#at + length > this.#from.length) throw damaged('malformed', `${this.#what} is shorter than its fields`);
    this.#at += length;
    return this.#from.subarray(this.#at - length, this.#at);
  }

  rest(): Buffer {
    return this.bytes(this.#from.length - this.#at);
  }
}
