import type { Opening } from './container.ts';
import { type ContentKeys, keyCheck, vaultTag } from './content-keys.ts';
import { headContext } from './contexts.ts';
import { damaged } from './damage.ts';
import { type Head, parseHead } from './head.ts';
import { bodyOffset, HEADER_BYTES, type Header, parseHeader } from './header.ts';
import { pieceSize, piecesOf } from './pieces.ts';
import { unseal, unsealClear } from './seal.ts';
import { bodySize, streamSize } from './sizes.ts';

/** Header and head of a container, authentic, with a length that fits. */
export interface Start {
  readonly header: Header;
  readonly head: Head;
  /** Null with suite `clear`. */
  readonly keys: ContentKeys | null;
}

/**
 * Looks at a container without its body: `prefix` holds its first bytes, MAX_BODY_OFFSET always suffices; `storedSize` is the length of the whole, which is checked. SyncError `corrupt` with a reason, in the order of FORMAT.md, "Container".
 */
export function readContainerHead(prefix: Uint8Array, storedSize: number, opening: Opening): Start {
  const header = parseHeader(prefix);
  const keys = keysFor(header, opening);
  const end = bodyOffset(header);
  if (storedSize < end || prefix.length < end) throw damaged('truncated', 'a container ends within its head');
  const context = headContext(opening.vaultId, prefix.subarray(0, HEADER_BYTES));
  const sealed = prefix.subarray(HEADER_BYTES, end);
  const text = keys === null ? unsealClear(context, sealed) : unseal(keys.head, context, sealed);
  if (text === null) throw damaged('tampered', 'the head of a container is not authentic');
  const head = parseHead(text);
  checkLength(header, head, storedSize);
  return { header, head, keys };
}

/** Null with suite `clear`. */
function keysFor(header: Header, { vaultId, find, acceptClear = find === null }: Opening): ContentKeys | null {
  if (header.suite === 'clear' && !acceptClear) throw damaged('not-encrypted', 'an object that is not encrypted, in an encrypted vault');
  if (!vaultTag(vaultId).equals(header.vaultTag)) throw damaged('other-vault', 'a container of another vault');
  if (header.suite === 'clear') return null;
  if (find === null) throw damaged('wrong-key', 'a container is encrypted, and there is no key');
  const keys = find(header.epoch);
  if (keys === null) throw damaged('unknown-epoch', `a container of key epoch ${header.epoch}, which is not known here`);
  if (!keyCheck(keys, header.contentId).equals(header.keyCheck)) throw damaged('wrong-key', 'a container was made with another key, or its first bytes were changed');
  return keys;
}

function checkLength(header: Header, head: Head, storedSize: number): void {
  const [least, most] = header.compression === 'none' ? [head.size, head.size] : packedBounds(head.size);
  const at = bodyOffset(header);
  if (storedSize < at + bodySize(header.suite, least)) throw damaged('truncated', 'a container is shorter than its content');
  if (storedSize > at + bodySize(header.suite, most)) throw damaged('over-long', 'a container is longer than its content');
  // A length between two segments.
  streamSize(header, storedSize);
}

/** The shortest and longest that frames and index can be. */
function packedBounds(size: number): readonly [number, number] {
  const count = piecesOf(size);
  if (count === 0) throw damaged('malformed', 'an empty content is not compressed');
  return [count * 9, count * 8 + (count - 1) * pieceSize(size, 0) + pieceSize(size, count - 1)];
}
