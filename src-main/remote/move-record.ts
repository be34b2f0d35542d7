import { z } from 'zod';
import type { Hash, LeafEntry } from '../core/entry.ts';
import { parseRelPath, type RelPath } from '../core/rel-path.ts';
import { parseJson } from './parse-json.ts';

/** A path, escaped, and a little more; link texts are at most 4,096 bytes. */
export const MAX_MOVE_BYTES = 32 * 1024;

/** What a record of a rename says: what lay under the old name, and under which new one it lives on. */
export interface MoveRecord {
  readonly to: RelPath;
  readonly entry: LeafEntry;
}

/** docs/format.md, "Records". */
export function moveText(to: RelPath, entry: LeafEntry): string {
  const what = entry.kind === 'file' ? { kind: 'file', size: entry.size, sha256: entry.hash, mtime: String(entry.mtimeNs), mode: entry.mode } : entry;
  return JSON.stringify({ format: 1, to, was: what });
}

const record = z.object({
  format: z.literal(1),
  to: z.string(),
  was: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('file'),
      size: z.number().int().min(0),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      mtime: z.string().regex(/^-?\d{1,19}$/),
      mode: z.number().int().min(0).max(0o777).nullable(),
    }),
    z.object({ kind: z.literal('symlink'), target: z.string().min(1).max(4096) }),
  ]),
});

/** Reads untrusted text; null for what is no such record. */
export function readMove(text: string): MoveRecord | null {
  const { data } = record.safeParse(parseJson(text));
  const parsed = data === undefined ? null : parseRelPath(data.to);
  if (data === undefined || parsed === null || !('path' in parsed)) return null;
  const { was } = data;
  const entry: LeafEntry = was.kind === 'symlink' ? was : { kind: 'file', size: was.size, hash: was.sha256 as Hash, mtimeNs: BigInt(was.mtime), mode: was.mode };
  return { to: parsed.path, entry };
}
