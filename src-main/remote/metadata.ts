import type { Meta, ObjectDetail } from '../backends/backend.ts';
import type { FileEntry, Hash, LeafEntry } from '../core/entry.ts';

/** What an object says of itself; every field may be missing or nonsense in one a foreign tool wrote. */
export interface Described {
  readonly hash: Hash | null;
  readonly mtimeNs: bigint;
  readonly mode: number | null;
  readonly isLink: boolean;
  readonly op: string | null;
  readonly device: string | null;
  /** When what it replaced had been stored, by the store's clock; 0: nothing was there; null: not known. */
  readonly afterMs: number | null;
}

/** A device name is cut to so many characters: percent-encoded it then stays well inside the 2,000 bytes of metadata. */
const MAX_DEVICE_CHARS = 100;
/** What file systems and drivers keep times in: 64 bits of nanoseconds, the years 1677 to 2262. */
const MAX_TIME_NS = 2n ** 63n - 1n;

/** docs/format.md, "Metadata". Text is percent-encoded: headers are ASCII. */
export function metaOf(entry: LeafEntry, op: string, device: string, afterMs: number | null = null): Meta {
  const common = { op, device: encodeText(device), ...(afterMs === null ? {} : { after: String(Math.max(0, Math.round(afterMs))) }) };
  if (entry.kind === 'symlink') return { ...common, kind: 'symlink' };
  return { ...common, sha256: entry.hash, mtime: String(entry.mtimeNs), ...(entry.mode === null ? {} : { mode: entry.mode.toString(8) }) };
}

export function readMeta(info: Pick<ObjectDetail, 'meta' | 'storedAtMs'>): Described {
  const { meta } = info;
  const sha256 = meta['sha256'];
  const mode = meta['mode'];
  const op = meta['op'];
  return {
    hash: sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256) ? (sha256 as Hash) : null,
    mtimeNs: readTime(meta['mtime']) ?? BigInt(Number.isFinite(info.storedAtMs) ? Math.round(info.storedAtMs) : 0) * 1_000_000n,
    mode: mode !== undefined && /^[0-7]{1,4}$/.test(mode) ? Number.parseInt(mode, 8) & 0o777 : null,
    isLink: meta['kind'] === 'symlink',
    op: op !== undefined && /^[0-9A-Za-z_-]{1,64}$/.test(op) ? op : null,
    device: decodeText(meta['device']),
    afterMs: /^\d{1,13}$/.test(meta['after'] ?? '') ? Number(meta['after']) : null,
  };
}

export function fileEntry(size: number, described: Described, hash: Hash): FileEntry {
  return { kind: 'file', size, hash, mtimeNs: described.mtimeNs, mode: described.mode };
}

function readTime(text: string | undefined): bigint | null {
  if (text === undefined || !/^-?\d{1,19}$/.test(text)) return null;
  const ns = BigInt(text);
  return ns > MAX_TIME_NS || ns < -MAX_TIME_NS ? null : ns;
}

function encodeText(text: string): string {
  // A cut may leave half a surrogate pair, which cannot be encoded.
  return encodeURIComponent(text.slice(0, MAX_DEVICE_CHARS).toWellFormed());
}

/** Text for people, without what would upset a terminal or a line of a log. */
function decodeText(text: string | undefined): string | null {
  if (text === undefined) return null;
  try {
    const plain = decodeURIComponent(text).replace(/\p{C}/gu, '');
    return plain === '' ? null : plain.slice(0, MAX_DEVICE_CHARS).toWellFormed();
  } catch {
    return null;
  }
}
