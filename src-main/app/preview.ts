import type { ContentPreview } from '../../src-preload/contract/history.ts';
import type { ConflictPreview, SidePreview } from '../../src-preload/contract/model.ts';
import type { Entry } from '../core/entry.ts';
import { hasCode } from '../core/errors.ts';
import type { Fs } from '../platform/fs.ts';

/** Larger files are not shown: a diff is for reading. */
const MAX_BYTES = 65_536;
/** A picture crosses to the window as a whole. */
const MAX_IMAGE_BYTES = 4 * 1024 * 1024;

/** Both sides of a conflict as text or picture where they are small enough; nothing is changed. */
export async function previewConflict(local: PreviewSide, remote: PreviewSide): Promise<ConflictPreview> {
  return { local: await previewContent(local), remote: await previewContent(remote) };
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

/** A picture that the window can draw, or text; nothing is changed. */
export async function previewContent({ entry, open }: PreviewSide): Promise<ContentPreview> {
  if (entry.kind !== 'file' || entry.size <= MAX_BYTES || entry.size > MAX_IMAGE_BYTES) {
    const small = await previewSide({ entry, open });
    return small.kind === 'none' && small.why === 'not-text' ? picture({ entry, open }, 'not-text') : small;
  }
  return picture({ entry, open }, 'too-large');
}

/** What is no picture is none for the reason given. */
async function picture({ open }: PreviewSide, why: 'not-text' | 'too-large'): Promise<ContentPreview> {
  try {
    const chunks = await open();
    if (chunks === null) return { kind: 'none', why: 'unavailable' };
    const bytes = await readUpTo(chunks, MAX_IMAGE_BYTES + 1, (head) => imageType(head) !== null);
    const type = imageType(bytes);
    if (type === null) return { kind: 'none', why };
    if (bytes.length > MAX_IMAGE_BYTES) return { kind: 'none', why: 'too-large' };
    return { kind: 'image', url: `data:${type};base64,${Buffer.from(bytes).toString('base64')}` };
  } catch (error) {
    if (hasCode(error, 'internal', 'aborted')) throw error;
    return { kind: 'none', why: 'unavailable' };
  }
}

/** By its first bytes, since a name promises nothing; only what Chromium draws and what holds no script. */
function imageType(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (/^GIF8[79]a/.test(head)) return 'image/gif';
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return 'image/webp';
  if (head.slice(4, 12) === 'ftypavif') return 'image/avif';
  return null;
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

/** `wants` looks at the first chunk; what it does not want is read no further. */
async function readUpTo(chunks: AsyncIterable<Uint8Array>, limit: number, wants: (head: Uint8Array) => boolean = () => true): Promise<Uint8Array> {
  const read: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    read.push(chunk);
    length += chunk.length;
    if (length >= limit || !wants(read[0] ?? chunk)) break;
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
