import { join, nameOf, parentOf, type RelPath } from './rel-path.ts';

/** The longest component that common file systems hold, in bytes (ext4, APFS, NTFS: 255). */
const MAX_COMPONENT_BYTES = 255;
const encoder = new TextEncoder();

/**
 * `report.docx` -> `report.conflict-<device>-<YYYYMMDD-HHMMSS>.docx`, in UTC; a name that is taken gets `-2`, `-3`, ... A long stem is cut at a code point so that the name fits (C36).
 */
export function conflictName(path: RelPath, device: string, nowMs: number, taken: (path: RelPath) => boolean): RelPath {
  const name = nameOf(path);
  const dot = name.lastIndexOf('.');
  const stem = dot > 0 ? name.slice(0, dot) : name;
  const extension = dot > 0 ? name.slice(dot) : '';
  for (let n = 1; ; n++) {
    const mark = `.conflict-${safeDevice(device)}-${utcStamp(nowMs)}${n === 1 ? '' : `-${n}`}`;
    const candidate = join(parentOf(path), shorten(stem, mark, extension));
    if (!taken(candidate)) return candidate;
  }
}

function shorten(stem: string, mark: string, extension: string): string {
  const tail = byteLength(extension) <= 32 ? extension : '';
  const room = MAX_COMPONENT_BYTES - byteLength(mark) - byteLength(tail);
  const points = [...(tail === '' ? stem + extension : stem)];
  let kept = '';
  let used = 0;
  for (const point of points) {
    used += byteLength(point);
    if (used > room) break;
    kept += point;
  }
  return `${kept}${mark}${tail}`;
}

/** A device name may be anything; in a file name only letters, digits, `_` and `-` of it remain, 24 at most. */
function safeDevice(device: string): string {
  const safe = device
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}_-]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  return [...safe].slice(0, 24).join('') || 'device';
}

/** `YYYYMMDD-HHMMSS` of a time in ms since the epoch, in UTC. */
export function utcStamp(ms: number): string {
  const iso = new Date(ms).toISOString();
  return `${iso.slice(0, 10).replaceAll('-', '')}-${iso.slice(11, 19).replaceAll(':', '')}`;
}

function byteLength(text: string): number {
  return encoder.encode(text).length;
}
