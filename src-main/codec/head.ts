import type { Hash } from '../core/entry.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { damaged } from './damage.ts';

/** `own`: one of our objects (a feed entry), no entry of the tree. */
export type HeadKind = 'file' | 'symlink' | 'folder' | 'own';

/** What an object says of itself under seal: FORMAT.md, "Head". */
export interface Head {
  readonly kind: HeadKind;
  /** The plaintext path it was stored for, at most 4,096 bytes of UTF-8, no NUL; kept versions bear the path of the original. */
  readonly path: string;
  /** Bytes of the content. */
  readonly size: number;
  /** Of the content (of a link: of its text). */
  readonly sha256: Hash;
  /** Nanoseconds since 1970, more than -2^63; null: not known. */
  readonly mtimeNs: bigint | null;
  /** Permission bits, 0o777 at most; null: not known. */
  readonly mode: number | null;
  /** Counts the writes at this path: one more than what it replaced. */
  readonly generation: number;
  /** The content this one replaced, 32 lower-case hex digits; null: nothing. */
  readonly previous: string | null;
  /** How often this content id was taken over from the content before it, at most MAX_REUSE; 0: a fresh one. */
  readonly reuse: number;
  /** At most 255 bytes of UTF-8; null: not known. */
  readonly device: string | null;
  /** Operation id, at most 64 letters, digits, `-`, `_`; null: nobody's. */
  readonly op: string | null;
  /** Other metadata, as a backend's Meta: printable ASCII, at most 2,000 bytes of names and values. */
  readonly extra: Readonly<Record<string, string>>;
}

/** Where a content id was taken over so often, the next content gets a fresh one: FORMAT.md, "Nonces". */
export const MAX_REUSE = 1_023;
/** A head's length is a multiple of this. */
export const HEAD_STEP = 256;
export const MAX_HEAD_BYTES = 8_192;
export const MAX_PATH_BYTES = 4_096;
const MAX_EXTRA_BYTES = 2_000;

const VERSION = 1;
const KINDS: readonly HeadKind[] = ['file', 'symlink', 'folder', 'own'];
const NO_MODE = 0xffff;
const NO_TIME = -(2n ** 63n);
const NO_ID = '0'.repeat(32);
const OP = /^[0-9A-Za-z_-]{0,64}$/;
const NAME = /^[!-~]{1,255}$/;
const VALUE = /^[ -~]*$/;

/** The one encoding of a head, zeros up to a multiple of HEAD_STEP. A head that breaks a limit is a RangeError. */
export function encodeHead(head: Head): Buffer {
  const device = Buffer.from(head.device ?? '', 'utf8');
  const op = Buffer.from(head.op ?? '', 'ascii');
  const path = Buffer.from(head.path, 'utf8');
  const extra = encodeExtra(head.extra);
  const bytes = new ByteWriter()
    .u8(VERSION)
    .u8(KINDS.indexOf(head.kind))
    .u16(head.mode ?? NO_MODE)
    .u64(head.size)
    .bytes(Buffer.from(head.sha256, 'hex'))
    .i64(head.mtimeNs ?? NO_TIME)
    .u64(head.generation)
    .bytes(Buffer.from(head.previous ?? NO_ID, 'hex'))
    .u16(head.reuse)
    .u8(op.length & 0xff)
    .bytes(op)
    .u8(device.length & 0xff)
    .bytes(device)
    .u16(path.length & 0xffff)
    .bytes(path)
    .u16(extra.length)
    .bytes(extra)
    .done();
  const padded = Buffer.concat([bytes], Math.ceil(bytes.length / HEAD_STEP) * HEAD_STEP);
  if (!readsAs(padded, head)) throw new RangeError(`a head that breaks a limit: ${head.path}`);
  return padded;
}

function readsAs(bytes: Uint8Array, head: Head): boolean {
  try {
    return isSame(parseHead(bytes), head);
  } catch {
    return false;
  }
}

/** Exactly what encodeHead wrote, or `malformed` (`newer-format` where the first byte says so). */
export function parseHead(bytes: Uint8Array): Head {
  const from = new ByteReader(bytes, 'the head of an object');
  const version = from.u8();
  if (version > VERSION) throw damaged('newer-format', `an object has a head of a newer format (${version})`);
  must(version === VERSION, 'version');
  const kind = KINDS[from.u8()];
  if (kind === undefined) throw bad('kind');
  const mode = from.u16();
  must(mode <= 0o777 || mode === NO_MODE, 'mode');
  const size = from.u64();
  const sha256 = from.bytes(32).toString('hex') as Hash;
  const mtimeNs = from.i64();
  const generation = from.u64();
  const previous = from.bytes(16).toString('hex');
  const reuse = from.u16();
  must(reuse <= MAX_REUSE, 'reuse');
  const op = from.bytes(from.u8()).toString('latin1');
  must(OP.test(op), 'operation');
  const device = text(from.bytes(from.u8()), 'device');
  const path = text(from.bytes(from.u16()), 'path');
  must(path !== '' && Buffer.byteLength(path) <= MAX_PATH_BYTES, 'path');
  const extra = parseExtra(from.bytes(from.u16()));
  const used = from.at;
  must(bytes.length === Math.ceil(used / HEAD_STEP) * HEAD_STEP && from.rest().every((byte) => byte === 0), 'padding');
  return {
    kind,
    path,
    size,
    sha256,
    mtimeNs: mtimeNs === NO_TIME ? null : mtimeNs,
    mode: mode === NO_MODE ? null : mode,
    generation,
    previous: previous === NO_ID ? null : previous,
    reuse,
    device: device === '' ? null : device,
    op: op === '' ? null : op,
    extra,
  };
}

function encodeExtra(extra: Head['extra']): Buffer {
  const out = new ByteWriter();
  for (const name of Object.keys(extra).sort()) {
    const value = extra[name] ?? '';
    out
      .u8(name.length & 0xff)
      .bytes(Buffer.from(name, 'latin1'))
      .u16(value.length & 0xffff)
      .bytes(Buffer.from(value, 'latin1'));
  }
  return out.done();
}

function parseExtra(bytes: Buffer): Head['extra'] {
  const from = new ByteReader(bytes, 'the metadata of an object');
  const extra: [string, string][] = [];
  let last = '';
  let total = 0;
  while (from.at < bytes.length) {
    const name = from.bytes(from.u8()).toString('latin1');
    const value = from.bytes(from.u16()).toString('latin1');
    // Rising names: one order, and none twice.
    must(NAME.test(name) && VALUE.test(value) && name > last, 'metadata');
    extra.push([name, value]);
    last = name;
    total += name.length + value.length;
  }
  must(total <= MAX_EXTRA_BYTES, 'metadata');
  return Object.fromEntries(extra);
}

function text(bytes: Buffer, field: string): string {
  const read = bytes.toString('utf8');
  // Only UTF-8 comes back as the same bytes.
  must(Buffer.from(read, 'utf8').equals(bytes) && !read.includes('\0'), field);
  return read;
}

function isSame(a: Head, b: Head): boolean {
  const { extra: extraA, ...restA } = a;
  const { extra: extraB, ...restB } = b;
  const names = Object.keys(extraA);
  return (
    (Object.keys(restA) as (keyof typeof restA)[]).every((field) => restA[field] === restB[field]) &&
    names.length === Object.keys(extraB).length &&
    names.every((name) => extraA[name] === extraB[name])
  );
}

function must(holds: boolean, field: string): void {
  if (!holds) throw bad(field);
}

function bad(field: string): Error {
  return damaged('malformed', `the head of an object is nonsense (${field})`);
}
