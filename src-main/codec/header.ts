import { ByteReader, ByteWriter } from './bytes.ts';
import { damaged } from './damage.ts';
import { HEAD_STEP, MAX_HEAD_BYTES } from './head.ts';

/** `none`: the bytes as they are. `zstd`: RFC 8878. `deflate`: RFC 1951. The last two in frames (FORMAT.md, "Frames"). */
export type Compression = 'none' | 'zstd' | 'deflate';
/** `clear`: not encrypted. `floe`: AES-256-GCM in FLOE segments. */
export type Suite = 'clear' | 'floe';

/** The first bytes of a container, in the clear. */
export interface Header {
  readonly suite: Suite;
  readonly compression: Compression;
  /** 0 with suite `clear`. */
  readonly epoch: number;
  /** 16 bytes. */
  readonly contentId: Uint8Array;
  /** 8 bytes: which vault. */
  readonly vaultTag: Uint8Array;
  /** 8 bytes: which key; zeros with suite `clear`. */
  readonly keyCheck: Uint8Array;
  /** Bytes of the head's plaintext, a multiple of HEAD_STEP. */
  readonly headBytes: number;
}

export const HEADER_BYTES = 48;
/** What the body is bound to: the header without the length of the head, which may differ between two versions of one content id. */
export const BOUND_BYTES = 44;
/** What sealing adds to a head: check, tag. */
const SEAL_BYTES: Record<Suite, number> = { clear: 32, floe: 48 };

const MAGIC = Buffer.from('FSC1', 'ascii');
const FORMAT = 1;
const SUITES: readonly Suite[] = ['clear', 'floe'];
const COMPRESSIONS: readonly Compression[] = ['none', 'zstd', 'deflate'];
const ZEROS = Buffer.alloc(8);

/** Whether bytes begin like a container; every other object is a foreign one. */
export function looksLikeContainer(prefix: Uint8Array): boolean {
  return prefix.length >= MAGIC.length && MAGIC.equals(prefix.subarray(0, MAGIC.length));
}

/** Bytes of header and sealed head together: where the body begins. */
export function bodyOffset(header: Pick<Header, 'suite' | 'headBytes'>): number {
  return HEADER_BYTES + SEAL_BYTES[header.suite] + header.headBytes;
}

/** What a reader that wants everything but the body has to read at most. */
export const MAX_BODY_OFFSET = HEADER_BYTES + SEAL_BYTES.floe + MAX_HEAD_BYTES;

export function encodeHeader(header: Header): Buffer {
  const bytes = new ByteWriter()
    .bytes(MAGIC)
    .u8(FORMAT)
    .u8(SUITES.indexOf(header.suite))
    .u8(COMPRESSIONS.indexOf(header.compression))
    .u8(0)
    .u32(header.epoch)
    .bytes(header.contentId)
    .bytes(header.vaultTag)
    .bytes(header.keyCheck)
    .u32(header.headBytes)
    .done();
  if (bytes.length !== HEADER_BYTES) throw new RangeError('a header with a field of a wrong length');
  return bytes;
}

/** Exactly what encodeHeader wrote: `not-a-container`, `truncated`, `newer-format` or `malformed` otherwise. */
export function parseHeader(prefix: Uint8Array): Header {
  if (!looksLikeContainer(prefix)) throw damaged('not-a-container', 'this is no File Sync container');
  if (prefix.length < HEADER_BYTES) throw damaged('truncated', 'a container ends within its header');
  const from = new ByteReader(prefix.subarray(0, HEADER_BYTES), 'the header of a container');
  from.bytes(MAGIC.length);
  const format = from.u8();
  if (format > FORMAT) throw damaged('newer-format', `a container of a newer format (${format})`);
  must(format === FORMAT, 'format');
  const suite = known(SUITES, from.u8(), 'cipher suite');
  const compression = known(COMPRESSIONS, from.u8(), 'compression');
  if (from.u8() !== 0) throw damaged('newer-format', 'a container with flags of a newer format');
  const epoch = from.u32();
  const contentId = from.bytes(16);
  const vaultTag = from.bytes(8);
  const keyCheck = from.bytes(8);
  const headBytes = from.u32();
  must((epoch === 0) === (suite === 'clear'), 'epoch');
  must(suite === 'floe' || keyCheck.equals(ZEROS), 'key check');
  must(headBytes > 0 && headBytes % HEAD_STEP === 0 && headBytes <= MAX_HEAD_BYTES, 'length of the head');
  return { suite, compression, epoch, contentId, vaultTag, keyCheck, headBytes };
}

function known<T>(list: readonly T[], index: number, field: string): T {
  const found = list[index];
  if (found === undefined) throw damaged('newer-format', `a container with a ${field} that is not known here (${index})`);
  return found;
}

function must(holds: boolean, field: string): void {
  if (!holds) throw damaged('malformed', `the header of a container is nonsense (${field})`);
}
