import type { ConflictPreview, SidePreview } from '../../src-preload/contract/model.ts';
import type { Entry } from '../core/entry.ts';
import { hasCode } from '../core/errors.ts';
import type { Fs } from '../platform/fs.ts';

/** Larger files are not shown: a diff is for reading. */
const MAX_BYTES = 65_536;

/** Both sides of a conflict as text where they are small text; nothing is changed. Paths are native. */
export async function previewConflict(fs: Fs, local: PreviewSide, remote: PreviewSide): Promise<ConflictPreview> {
  return { local: await previewSide(fs, local), remote: await previewSide(fs, remote) };
}

export interface PreviewSide {
  readonly path: string;
  readonly entry: Entry;
}

async function previewSide(fs: Fs, { path, entry }: PreviewSide): Promise<SidePreview> {
  if (entry.kind !== 'file') return { kind: 'none', why: 'not-a-file' };
  if (entry.size > MAX_BYTES) return { kind: 'none', why: 'too-large' };
  try {
    const bytes = await readUpTo(fs, path, MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) return { kind: 'none', why: 'too-large' };
    const text = asText(bytes);
    return text === null ? { kind: 'none', why: 'not-text' } : { kind: 'text', text };
  } catch (error) {
    if (hasCode(error, 'internal')) throw error;
    return { kind: 'none', why: 'unavailable' };
  }
}

async function readUpTo(fs: Fs, path: string, limit: number): Promise<Uint8Array> {
  const handle = await fs.openRead(path);
  try {
    const buffer = new Uint8Array(limit);
    let length = 0;
    while (length < limit) {
      const count = await handle.read(buffer.subarray(length), length);
      if (count === 0) break;
      length += count;
    }
    return buffer.subarray(0, length);
  } finally {
    await handle.close();
  }
}

/** Null for what is not UTF-8 or holds control characters no text has. */
export function asText(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return /[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(text) ? null : text;
  } catch {
    return null;
  }
}
