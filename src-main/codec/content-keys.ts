import { createHash } from 'node:crypto';
import { derive, hmac, wipe } from './derive.ts';
import type { EpochRoot } from './keyring.ts';

/** Bytes of a content id. */
export const CONTENT_ID_BYTES = 16;

/**
 * What one epoch of a vault's keyring gives for sealing: sub-keys of its root by HKDF-SHA-256 (FORMAT.md, "Keys of an epoch").
 * The root is not kept. `destroy` overwrites the sub-keys; using them afterwards is an error of the caller.
 */
export class ContentKeys {
  readonly vaultId: string;
  /** u32; 0 is never an epoch. */
  readonly epoch: number;
  /** FLOE key, 32 bytes. */
  readonly content: Buffer;
  /** 64 bytes: MAC key, encryption key. */
  readonly head: Buffer;
  /** 64 bytes: MAC key, encryption key. */
  readonly envelope: Buffer;
  /** For content ids, FLOE IVs and the key check, 32 bytes. */
  readonly id: Buffer;

  /** The root is uniformly random. */
  constructor({ vaultId, epoch, root }: EpochRoot) {
    if (!/^[0-9a-f]{16,64}$/.test(vaultId)) throw new RangeError('a vault id is 16 to 64 hex digits');
    if (!Number.isInteger(epoch) || epoch < 1 || epoch > 0xffff_ffff) throw new RangeError('an epoch is 1 to 2^32-1');
    if (root.length !== 32) throw new RangeError('the root of an epoch has 32 bytes');
    const sub = (label: string, length: number): Buffer => derive({ secret: root, label, context: [vaultId, String(epoch)], length });
    this.vaultId = vaultId;
    this.epoch = epoch;
    this.content = sub('content', 32);
    this.head = sub('head', 64);
    this.envelope = sub('envelope', 64);
    this.id = sub('id', 32);
  }

  destroy(): void {
    wipe(this.content, this.head, this.envelope, this.id);
  }
}

/** The epochs this device knows; null for one it does not. */
export type FindKeys = (epoch: number) => ContentKeys | null;

/** The id of the content that operation `op` stores for `path`: the same on a resumed try, another for every other operation. Without keys (suite 0) it is a plain hash. */
export function contentIdFor(keys: ContentKeys | null, op: string, path: string): Buffer {
  const text = Buffer.from(`content\0${op}\0${path}`, 'utf8');
  const digest = keys === null ? createHash('sha256').update('file-sync/1/id\0').update(text).digest() : hmac(keys.id, text);
  return digest.subarray(0, CONTENT_ID_BYTES);
}

/** Eight bytes that tell a container of another key from one that was changed, and tell nobody without the key anything. */
export function keyCheck(keys: ContentKeys, contentId: Uint8Array): Buffer {
  return hmac(keys.id, 'check\0', contentId).subarray(0, 8);
}

/** The 32-byte IV of a content's FLOE header. */
export function floeIv(keys: ContentKeys, contentId: Uint8Array): Buffer {
  return hmac(keys.id, 'floe\0', contentId);
}

/** Which vault, in the clear: eight bytes of the hash of its id. */
export function vaultTag(vaultId: string): Buffer {
  return createHash('sha256').update('file-sync/1/vault\0').update(vaultId, 'ascii').digest().subarray(0, 8);
}
