import type { Head } from '../../codec/head.ts';
import type { Hash } from '../../core/entry.ts';
import type { Meta } from '../backend.ts';
import { isOurs } from './sealed-keys.ts';

/** What a head holds of a backend's metadata. */
export type HeadFacts = Pick<Head, 'kind' | 'mtimeNs' | 'mode' | 'device' | 'op' | 'extra'>;

const MOST_DEVICE_BYTES = 255;
/** In a head's `extra`, of an object that was sealed anew under another key: since when the store had had it, ms by the store's clock. Nobody else's metadata may say so. */
const STORED_AT = 'stored-at';
/** In a head's `extra`, of an object that came into a vault while it was switched: which version of the old form it was made from. */
const SWITCHED_FROM = 'switched-from';
const MOST_EXTRA_BYTES = 2_000;

/** What an object remembers of the old form it was made from (switching.ts). */
export interface SwitchMarks {
  /** `versionMark` of that version. */
  readonly switchedFrom: string;
  /** Since when the store had had it, where the content is still that one; null: it was edited since. */
  readonly storedAtMs: number | null;
}

/** Metadata as a head has it: a value that its field would not give back as it was goes into `extra`. The hash of the content is a fact of the content and stays out. */
export function factsOf(key: string, meta: Meta): HeadFacts {
  const { sha256: _, [STORED_AT]: __, [SWITCHED_FROM]: ___, ...rest } = meta;
  const extra: Record<string, string> = { ...rest };
  const take = <T>(name: string, value: T | null, text: (value: T) => string): T | null => {
    if (value === null || text(value) !== meta[name]) return null;
    delete extra[name];
    return value;
  };
  const kind = take('kind', meta['kind'] === 'symlink' ? ('symlink' as const) : null, String);
  const mtimeNs = take('mtime', numberIn(meta['mtime']), String);
  const mode = take('mode', /^[0-7]{1,3}$/.test(meta['mode'] ?? '') ? Number.parseInt(meta['mode'] ?? '', 8) : null, (value) => value.toString(8));
  const op = take('op', /^[0-9A-Za-z_-]{1,64}$/.test(meta['op'] ?? '') ? (meta['op'] ?? '') : null, String);
  const device = take('device', textIn(meta['device']), encodeURIComponent);
  return { kind: kind ?? (key.endsWith('/') ? 'folder' : isOurs(key) ? 'own' : 'file'), mtimeNs, mode, device, op, extra };
}

/** The same the other way, with what the head knows of the content. */
export function metaOfHead(head: Head): Meta {
  return {
    ...withoutOwn(head).extra,
    ...(head.kind === 'symlink' ? { kind: 'symlink' } : {}),
    sha256: head.sha256,
    ...(head.mtimeNs === null ? {} : { mtime: String(head.mtimeNs) }),
    ...(head.mode === null ? {} : { mode: head.mode.toString(8) }),
    ...(head.op === null ? {} : { op: head.op }),
    ...(head.device === null ? {} : { device: encodeURIComponent(head.device) }),
  };
}

/** The head of the same object, stored anew; it keeps the time when the content came. Without room for it, it is as it was. */
export function withStoredAt(head: Head, storedAtMs: number): Head {
  if (head.extra[STORED_AT] !== undefined || !Number.isFinite(storedAtMs)) return head;
  const extra = { ...head.extra, [STORED_AT]: String(Math.max(0, Math.round(storedAtMs))) };
  return lengthOf(extra) > MOST_EXTRA_BYTES ? head : { ...head, extra };
}

/** The head of an object that takes the place of one of the old form. Where other metadata leave no room, they go. */
export function withMarks(head: Head, { switchedFrom, storedAtMs }: SwitchMarks): Head {
  const own = {
    [SWITCHED_FROM]: switchedFrom,
    ...(storedAtMs === null || !Number.isFinite(storedAtMs) ? {} : { [STORED_AT]: String(Math.max(0, Math.round(storedAtMs))) }),
  };
  const extra = { ...withoutOwn(head).extra, ...own };
  return { ...head, extra: lengthOf(extra) > MOST_EXTRA_BYTES ? own : extra };
}

/** Null for an object that was never of another form. */
export function marksOf(head: Pick<Head, 'extra'>): SwitchMarks | null {
  const switchedFrom = head.extra[SWITCHED_FROM];
  return switchedFrom === undefined ? null : { switchedFrom, storedAtMs: storedAtOf(head) };
}

function lengthOf(extra: Head['extra']): number {
  return Object.entries(extra).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
}

/** As it is for another content, or the same at another place. */
export function withoutOwn<T extends Pick<Head, 'extra'>>(head: T): T {
  const { [STORED_AT]: _, [SWITCHED_FROM]: __, ...extra } = head.extra;
  return { ...head, extra };
}

/** Since when the store has the content; null where that is when it took the object. */
export function storedAtOf({ extra }: Pick<Head, 'extra'>): number | null {
  const text = extra[STORED_AT];
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** The hash that metadata name; null where there is none to rely on. */
export function hashIn(meta: Meta): Hash | null {
  const text = meta['sha256'];
  return text !== undefined && /^[0-9a-f]{64}$/.test(text) ? (text as Hash) : null;
}

function numberIn(text: string | undefined): bigint | null {
  if (text === undefined || !/^-?\d{1,19}$/.test(text)) return null;
  const value = BigInt(text);
  return value < 2n ** 63n && value > -(2n ** 63n) ? value : null;
}

function textIn(text: string | undefined): string | null {
  try {
    const plain = text === undefined ? '' : decodeURIComponent(text);
    return plain === '' || plain.includes('\0') || !plain.isWellFormed() || Buffer.byteLength(plain) > MOST_DEVICE_BYTES ? null : plain;
  } catch {
    return null;
  }
}
