import { createHash, createHmac, hkdfSync } from 'node:crypto';

/** Bytes of a content id. */
export const CONTENT_ID_BYTES = 16;

/**
 * What one epoch of a vault's keyring gives for sealing: sub-keys of its root by HKDF-SHA-256 with salt = the vault id and info = label | epoch (FORMAT.md, "Keys of an epoch").
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

  /** `root`: 32 bytes, uniformly random. */
  constructor(vaultId: string, epoch: number, root: Uint8Array) {
    if (!/^[0-9a-f]{16,64}$/.test(vaultId)) throw new RangeError('a vault id is 16 to 64 hex digits');
    if (!Number.isInteger(epoch) || epoch < 1 || epoch > 0xffff_ffff) throw new RangeError('an epoch is 1 to 2^32-1');
    if (root.length !== 32) throw new RangeError('the root of an epoch has 32 bytes');
    const sub = (label: string, length: number): Buffer => {
      const number = Buffer.alloc(4);
      number.writeUInt32BE(epoch);
      return Buffer.from(hkdfSync('sha256', root, Buffer.from(vaultId, 'ascii'), Buffer.concat([Buffer.from(label, 'ascii'), number]), length));
    };
    this.vaultId = vaultId;
    this.epoch = epoch;
    this.content = sub('file-sync/1/content', 32);
    this.head = sub('file-sync/1/head', 64);
    this.envelope = sub('file-sync/1/envelope', 64);
    this.id = sub('file-sync/1/id', 32);
  }

  destroy(): void {
    for (const key of [this.content, this.head, this.envelope, this.id]) key.fill(0);
  }
}

/** The epochs this device knows; null for one it does not. */
export type FindKeys = (epoch: number) => ContentKeys | null;

/** The id of the content that operation `op` stores for `path`: the same on a resumed try, another for every other operation. Without keys (suite 0) it is a plain hash. */
export function contentIdFor(keys: ContentKeys | null, op: string, path: string): Buffer {
  const text = Buffer.from(`content\0${op}\0${path}`, 'utf8');
  const digest = keys === null ? createHash('sha256').update('file-sync/1/id').update(text).digest() : createHmac('sha256', keys.id).update(text).digest();
  return digest.subarray(0, CONTENT_ID_BYTES);
}

/** Eight bytes that tell a container of another key from one that was changed, and tell nobody without the key anything. */
export function keyCheck(keys: ContentKeys, contentId: Uint8Array): Buffer {
  return createHmac('sha256', keys.id).update('check\0').update(contentId).digest().subarray(0, 8);
}

/** The 32-byte IV of a content's FLOE header. */
export function floeIv(keys: ContentKeys, contentId: Uint8Array): Buffer {
  return createHmac('sha256', keys.id).update('floe\0').update(contentId).digest();
}

/** Which vault, in the clear: eight bytes of the hash of its id. */
export function vaultTag(vaultId: string): Buffer {
  return createHash('sha256').update('file-sync/1/vault').update(vaultId, 'ascii').digest().subarray(0, 8);
}
