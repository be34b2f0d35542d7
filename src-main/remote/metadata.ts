import type { Meta, ObjectDetail } from '../backends/backend.ts';
import type { Entry, Hash, LeafEntry } from '../core/entry.ts';

/** What an object says of itself; every field may be missing or nonsense in one a foreign tool wrote. */
export interface Described {
  readonly hash: Hash | null;
  readonly mtimeNs: bigint;
  readonly mode: number | null;
  readonly isLink: boolean;
  readonly op: string | null;
  readonly device: string | null;
}

/** docs/format.md, "Metadata". Text is percent-encoded: headers are ASCII. */
export function metaOf(entry: LeafEntry, op: string, device: string): Meta {
  const common = { op, device: encodeURIComponent(device) };
  if (entry.kind === 'symlink') return { ...common, kind: 'symlink' };
  return { ...common, sha256: entry.hash, mtime: String(entry.mtimeNs), ...(entry.mode === null ? {} : { mode: entry.mode.toString(8) }) };
}

export function readMeta(info: Pick<ObjectDetail, 'meta' | 'storedAtMs'>): Described {
  const { meta } = info;
  const sha256 = meta['sha256'];
  const mtime = meta['mtime'];
  const mode = meta['mode'];
  return {
    hash: sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256) ? (sha256 as Hash) : null,
    mtimeNs: mtime !== undefined && /^-?\d{1,19}$/.test(mtime) ? BigInt(mtime) : BigInt(Math.round(info.storedAtMs)) * 1_000_000n,
    mode: mode !== undefined && /^[0-7]{1,4}$/.test(mode) ? Number.parseInt(mode, 8) & 0o777 : null,
    isLink: meta['kind'] === 'symlink',
    op: meta['op'] ?? null,
    device: decodeText(meta['device']),
  };
}

function decodeText(text: string | undefined): string | null {
  if (text === undefined) return null;
  try {
    return decodeURIComponent(text).slice(0, 100);
  } catch {
    return null;
  }
}

export function fileEntry(size: number, described: Described, hash: Hash): Entry {
  return { kind: 'file', size, hash, mtimeNs: described.mtimeNs, mode: described.mode };
}
