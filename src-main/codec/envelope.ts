import { createHash } from 'node:crypto';
import { ByteReader, ByteWriter } from './bytes.ts';
import { CONTENT_ID_BYTES, type ContentKeys, type FindKeys } from './content-keys.ts';
import { envelopeContext } from './contexts.ts';
import { damaged } from './damage.ts';
import { encodeHead, type Head, parseHead } from './head.ts';
import { SEALED_EXTRA, seal, sealClear, unseal, unsealClear } from './seal.ts';

/** A head as it lies in an object's metadata, with the content it speaks of. */
export interface Envelope {
  readonly head: Head;
  /** 16 bytes. */
  readonly contentId: Uint8Array;
}
/** Where an envelope lies: it is bound to both. */
export interface EnvelopePlace {
  readonly vaultId: string;
  /** The key of the object as the store sees it. A kept version is bound to the stored key of its original. */
  readonly storedKey: string;
}

/** Characters of an envelope; metadata have 2,000 bytes in all. */
export const MAX_ENVELOPE_CHARS = 1_800;
const VERSION = 1;
const PREFIX_BYTES = 1 + 1 + 4 + CONTENT_ID_BYTES;

/** The envelope, base64url without padding; null when it would be longer than MAX_ENVELOPE_CHARS (a path of more than some 1,000 bytes): then the container's own head has to do. Without keys it is in the clear (suite 0). */
export function sealEnvelope(keys: ContentKeys | null, place: EnvelopePlace, { head, contentId }: Envelope): string | null {
  const prefix = new ByteWriter()
    .u8(VERSION)
    .u8(keys === null ? 0 : 1)
    .u32(keys?.epoch ?? 0)
    .bytes(contentId)
    .done();
  if (prefix.length !== PREFIX_BYTES) throw new RangeError('a content id has 16 bytes');
  const context = contextOf(place, prefix);
  const text = encodeHead(head);
  const sealed = keys === null ? sealClear(context, text) : seal(keys.envelope, context, text);
  const encoded = Buffer.concat([prefix, sealed]).toString('base64url');
  return encoded.length > MAX_ENVELOPE_CHARS ? null : encoded;
}

/**
 * `malformed`, `newer-format`, `unknown-epoch`; `not-encrypted` for one in the clear where keys are given, unless `acceptClear`; `wrong-place` when it was not made for this key of this vault, or was changed: the two cannot be told apart.
 */
export function openEnvelope(text: string, place: EnvelopePlace, opening: { readonly find: FindKeys | null; readonly acceptClear?: boolean }): Envelope {
  const bytes = Buffer.from(text, 'base64url');
  // Only the one encoding of these bytes: no other alphabet, padding or left-over bits.
  if (bytes.toString('base64url') !== text || text.length > MAX_ENVELOPE_CHARS) throw damaged('malformed', 'the envelope of an object cannot be read');
  const from = new ByteReader(bytes, 'the envelope of an object');
  const version = from.u8();
  if (version > VERSION) throw damaged('newer-format', `an envelope of a newer format (${version})`);
  const suite = from.u8();
  const epoch = from.u32();
  const contentId = from.bytes(CONTENT_ID_BYTES);
  const context = contextOf(place, bytes.subarray(0, PREFIX_BYTES));
  const head = suite === 0 && epoch === 0 ? openClear(context, from.rest(), opening) : openSealed(context, from.rest(), keysFor(suite, epoch, opening.find));
  if (version !== VERSION) throw damaged('malformed', 'the envelope of an object has no version');
  return { head, contentId };
}

/** The key epoch an envelope says it is under; only of one that `openEnvelope` opened. */
export function envelopeEpoch(envelope: string): number {
  return Buffer.from(envelope.slice(0, 8), 'base64url').readUInt32BE(2);
}

function keysFor(suite: number, epoch: number, find: FindKeys | null): ContentKeys {
  if (suite > 1) throw damaged('newer-format', `an envelope with a cipher suite that is not known here (${suite})`);
  if (suite === 0 || epoch === 0) throw damaged('malformed', 'the envelope of an object is nonsense (epoch)');
  const keys = find?.(epoch) ?? null;
  if (keys === null) throw damaged('unknown-epoch', `an object of key epoch ${epoch}, which is not known here`);
  return keys;
}

function openSealed(context: Uint8Array, sealed: Uint8Array, keys: ContentKeys): Head {
  if (sealed.length <= SEALED_EXTRA) throw damaged('truncated', 'the envelope of an object is cut off');
  return placed(unseal(keys.envelope, context, sealed));
}

function openClear(context: Uint8Array, sealed: Uint8Array, { find, acceptClear = find === null }: { readonly find: FindKeys | null; readonly acceptClear?: boolean }): Head {
  if (!acceptClear) throw damaged('not-encrypted', 'an object that is not encrypted, in an encrypted vault');
  return placed(unsealClear(context, sealed));
}

function placed(text: Buffer | null): Head {
  if (text === null) throw damaged('wrong-place', 'the envelope of an object was made for another place, or was changed');
  return parseHead(text);
}

function contextOf({ vaultId, storedKey }: EnvelopePlace, prefix: Uint8Array): Buffer {
  return envelopeContext(vaultId, createHash('sha256').update(storedKey, 'utf8').digest(), prefix);
}
