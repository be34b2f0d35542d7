import type { ConflictPreview, SidePreview } from '../../src-preload/contract/model.ts';
import type { Entry } from '../core/entry.ts';
import { hasCode } from '../core/errors.ts';
import type { Fs } from '../platform/fs.ts';

/** Larger files are not shown: a diff is for reading. */
const MAX_BYTES = 65_536;

/** Both sides of a conflict as text where they are small text; nothing is changed. */
export async function previewConflict(local: PreviewSide, remote: PreviewSide): Promise<ConflictPreview> {
  return { local: await previewSide(local), remote: await previewSide(remote) };
}

export interface PreviewSide {
  readonly entry: Entry;
  /** Null when it is no longer there. */
  readonly open: () => Promise<AsyncIterable<Uint8Array> | null>;
}

async function previewSide({ entry, open }: PreviewSide): Promise<SidePreview> {
  if (entry.kind !== 'file') return { kind: 'none', why: 'not-a-file' };
  if (entry.size > MAX_BYTES) return { kind: 'none', why: 'too-large' };
  try {
    const chunks = await open();
    if (chunks === null) return { kind: 'none', why: 'unavailable' };
    const bytes = await readUpTo(chunks, MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) return { kind: 'none', why: 'too-large' };
    const text = asText(bytes);
    return text === null ? { kind: 'none', why: 'not-text' } : { kind: 'text', text };
  } catch (error) {
    if (hasCode(error, 'internal')) throw error;
    return { kind: 'none', why: 'unavailable' };
  }
}

/** A file of this computer, by its native path. */
export async function* readFile(fs: Fs, path: string): AsyncGenerator<Uint8Array> {
  const handle = await fs.openRead(path);
  try {
    for (let at = 0; ; ) {
      const buffer = new Uint8Array(MAX_BYTES);
      const count = await handle.read(buffer, at);
      if (count === 0) return;
      yield buffer.subarray(0, count);
      at += count;
    }
  } finally {
    await handle.close();
  }
}

async function readUpTo(chunks: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array> {
  const read: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    read.push(chunk);
    length += chunk.length;
    if (length >= limit) break;
  }
  return Buffer.concat(read);
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
