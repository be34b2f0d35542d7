import { createCipheriv, createDecipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto';

const IV_BYTES = 32;
const HEADER_TAG_BYTES = 32;
const SEGMENT_IV_BYTES = 12;
const TAG_BYTES = 16;
/** A segment's length, IV and tag. */
export const SEGMENT_EXTRA = 4 + SEGMENT_IV_BYTES + TAG_BYTES;
export const FLOE_HEADER_BYTES = 74;
/** What a segment that is not the last bears instead of its length. */
const NOT_LAST = 0xffff_ffff;

/** `segmentBytes`: ENC_SEG_LEN. `rotationBits`: AEAD_ROTATION_MASK, 20 in the specification; its published vectors have smaller ones too. */
export interface FloeParams {
  readonly segmentBytes: number;
  readonly rotationBits: number;
}
export const FLOE_64K: FloeParams = { segmentBytes: 65_536, rotationBits: 20 };

/**
 * FLOE (c2sp.org/FLOE) with AES-256-GCM and HKDF-Expand-SHA-384, for random access: the caller knows how many segments there are and which is the last. Segment IVs are synthetic (FORMAT.md, "Body"), so that equal segments at one place are equal
 * bytes and different ones never share a nonce; a reader takes any IV.
 */
export class Floe {
  /** 74 bytes. */
  readonly header: Buffer;
  readonly #params: FloeParams;
  readonly #bound: (purpose: string) => Buffer;
  readonly #messageKey: Buffer;
  #ivKey: Buffer | null = null;
  #dek: { readonly block: bigint; readonly key: Buffer } | null = null;

  private constructor(key: Uint8Array, aad: Uint8Array, iv: Uint8Array, params: FloeParams) {
    const encoded = encodeParams(params);
    this.#params = params;
    this.#bound = (purpose) => Buffer.concat([encoded, iv, Buffer.from(purpose, 'latin1'), aad]);
    this.header = Buffer.concat([encoded, iv, expand(key, this.#bound('HEADER_TAG:'), HEADER_TAG_BYTES)]);
    this.#messageKey = expand(key, this.#bound('MESSAGE_KEY:'), 48);
  }

  /** For writing. `iv`: 32 bytes; the same key, AAD and IV again are the same message again. */
  static start(key: Uint8Array, aad: Uint8Array, iv: Uint8Array, params: FloeParams = FLOE_64K): Floe {
    if (key.length !== 32 || iv.length !== IV_BYTES) throw new RangeError('FLOE takes a key and an IV of 32 bytes');
    return new Floe(key, aad, iv, params);
  }

  /** For reading; null when the header was made with another key or AAD, or changed. */
  static open(key: Uint8Array, aad: Uint8Array, header: Uint8Array, params: FloeParams = FLOE_64K): Floe | null {
    const at = encodeParams(params).length;
    if (header.length !== at + IV_BYTES + HEADER_TAG_BYTES) return null;
    const floe = new Floe(key, aad, Buffer.from(header.subarray(at, at + IV_BYTES)), params);
    return timingSafeEqual(floe.header, header) ? floe : null;
  }

  /** Writes the segment of a text to `into` from `at` on and returns where it ends. The text has exactly segmentBytes - 32 bytes, or, the last, at most so many. */
  sealSegment(text: Uint8Array, number: number, last: boolean, into: Buffer, at: number): number {
    const room = this.#params.segmentBytes - SEGMENT_EXTRA;
    if (last ? text.length > room : text.length !== room) throw new RangeError('a segment of a wrong length');
    const place = placeOf(number, last);
    const iv = this.#syntheticIv(place, text);
    const cipher = createCipheriv('aes-256-gcm', this.#keyOf(number), iv);
    cipher.setAAD(place);
    const body = cipher.update(text);
    cipher.final();
    into.writeUInt32BE(last ? body.length + SEGMENT_EXTRA : NOT_LAST, at);
    into.set(iv, at + 4);
    into.set(body, at + 4 + SEGMENT_IV_BYTES);
    into.set(cipher.getAuthTag(), at + 4 + SEGMENT_IV_BYTES + body.length);
    return at + SEGMENT_EXTRA + body.length;
  }

  /** The text; null when the segment is not authentic for this place. */
  openSegment(segment: Uint8Array, number: number, last: boolean): Buffer | null {
    const { segmentBytes } = this.#params;
    const says = segment.length < SEGMENT_EXTRA ? -1 : Buffer.from(segment.buffer, segment.byteOffset, 4).readUInt32BE();
    if (last ? says !== segment.length || says > segmentBytes : says !== NOT_LAST || segment.length !== segmentBytes) return null;
    const decipher = createDecipheriv('aes-256-gcm', this.#keyOf(number), segment.subarray(4, 4 + SEGMENT_IV_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(placeOf(number, last));
    decipher.setAuthTag(segment.subarray(-TAG_BYTES));
    const text = decipher.update(segment.subarray(4 + SEGMENT_IV_BYTES, -TAG_BYTES));
    try {
      decipher.final();
    } catch {
      return null;
    }
    return text;
  }

  #syntheticIv(place: Uint8Array, text: Uint8Array): Buffer {
    this.#ivKey ??= expand(this.#messageKey, this.#bound('SYNTHETIC_IV:'), 32);
    return createHmac('sha256', this.#ivKey).update(place).update(createHash('sha256').update(text).digest()).digest().subarray(0, SEGMENT_IV_BYTES);
  }

  #keyOf(number: number): Buffer {
    const bits = BigInt(this.#params.rotationBits);
    const block = (BigInt(number) >> bits) << bits;
    if (this.#dek?.block !== block) {
      const at = Buffer.alloc(8);
      at.writeBigUInt64BE(block);
      this.#dek = { block, key: expand(this.#messageKey, this.#bound(`DEK:${at.toString('latin1')}`), 32) };
    }
    return this.#dek.key;
  }
}

function encodeParams({ segmentBytes }: FloeParams): Buffer {
  const bytes = Buffer.alloc(10);
  bytes.writeUInt32BE(segmentBytes, 2);
  bytes.writeUInt32BE(IV_BYTES, 6);
  return bytes;
}

function placeOf(number: number, last: boolean): Buffer {
  const place = Buffer.alloc(9);
  place.writeBigUInt64BE(BigInt(number));
  place[8] = last ? 1 : 0;
  return place;
}

/** HKDF-Expand-SHA-384 (RFC 5869) of at most one block. */
function expand(key: Uint8Array, info: Uint8Array, length: number): Buffer {
  return createHmac('sha384', key).update(info).update(Uint8Array.of(1)).digest().subarray(0, length);
}
