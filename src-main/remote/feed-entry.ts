import type { Version } from '../core/entry.ts';
import { parseRelPath, type RelPath } from '../core/rel-path.ts';
import { FEED_PREFIX } from './keys.ts';
import { parseJson } from './parse-json.ts';
import type { RemoteChange } from './remote-tree.ts';

const FORMAT = 1;
/** An entry names at most so many paths in so many bytes; more is told as "everything". */
export const MAX_ENTRY_PATHS = 500;
export const MAX_ENTRY_BYTES = 64 * 1024;
const MAX_DEVICE_CHARS = 100;

/** Where an entry lies: entries sort by the store's time at which they were written. */
export function entryKey(atMs: number, writer: string, n: number): string {
  return `${keyAt(atMs)}-${writer}-${n}`;
}

/** What the keys of all entries written from that time on come after. */
export function keyAt(atMs: number): string {
  return `${FEED_PREFIX}${String(Math.max(0, Math.floor(atMs))).padStart(13, '0')}`;
}

export function isEntryKey(key: string): boolean {
  return key.startsWith(FEED_PREFIX) && /^\d{13}-[0-9a-zA-Z]{1,64}-\d{1,15}$/.test(key.slice(FEED_PREFIX.length));
}

/** docs/format.md, "The feed". Null stands for everything. */
export function entryText(changes: readonly RemoteChange[] | null, device: string): string {
  const common = { format: FORMAT, device: device.slice(0, MAX_DEVICE_CHARS).toWellFormed() };
  if (changes !== null && changes.length <= MAX_ENTRY_PATHS) {
    const text = JSON.stringify({ ...common, paths: changes.map(({ path, version }) => (version === undefined ? [path] : [path, version])) });
    if (Buffer.byteLength(text) <= MAX_ENTRY_BYTES) return text;
  }
  return JSON.stringify({ ...common, paths: [], everything: true });
}

/** Reads untrusted text; null: look at everything. So does what a newer version wrote, or nobody of us. */
export function readEntry(text: string): readonly RemoteChange[] | null {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || !('format' in value) || value.format !== FORMAT) return null;
  if ('everything' in value && value.everything !== false) return null;
  if (!('paths' in value) || !Array.isArray(value.paths) || value.paths.length > MAX_ENTRY_PATHS) return null;
  const changes = value.paths.map(readChange);
  return changes.every((change) => change !== null) ? changes : null;
}

function readChange(value: unknown): RemoteChange | null {
  if (!Array.isArray(value) || value.length < 1 || value.length > 2) return null;
  const [text, version]: readonly unknown[] = value;
  const path = typeof text === 'string' ? pathIn(text) : null;
  if (path === null) return null;
  if (value.length === 1) return { path };
  return version === null || typeof version === 'string' ? { path, version: version as Version | null } : null;
}

function pathIn(text: string): RelPath | null {
  const parsed = parseRelPath(text);
  return 'path' in parsed ? parsed.path : null;
}
