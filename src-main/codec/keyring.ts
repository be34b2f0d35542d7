import { timingSafeEqual } from 'node:crypto';
import { SyncError } from '../core/errors.ts';
import { derive, hmac, wipe } from './derive.ts';
import { secretBytes } from './kdf.ts';
import { openRoot } from './root-seal.ts';
import { encodeVaultDocument, type SealedDocument, type SealedRoot, type SlotRecord, unreadable } from './vault-document.ts';
import type { SecretKind, VaultSecret } from './vault-secret.ts';

/** What everything of one epoch is derived from. */
export interface EpochRoot {
  readonly vaultId: string;
  /** 1 to 2^32 - 1. */
  readonly epoch: number;
  /** 32 bytes. Not the caller's to change. */
  readonly root: Uint8Array;
}

/** An opened keyring. Holds secrets, and shows nothing of them when it is printed or serialised. Changing one gives another (keyring-changes.ts). */
export class Keyring {
  /** What it was opened from, or what is to be written. */
  readonly document: SealedDocument;
  /** The slot that opened it. */
  readonly slot: string;
  readonly #vaultKey: Uint8Array;
  readonly #roots: ReadonlyMap<number, Uint8Array>;
  readonly #names: Uint8Array;

  /** The buffers are its own from now on. */
  constructor(document: SealedDocument, slot: string, { vaultKey, roots, names }: KeyringSecrets) {
    this.document = document;
    this.slot = slot;
    this.#vaultKey = vaultKey;
    this.#roots = roots;
    this.#names = names;
  }

  get vaultId(): string {
    return this.document.vault;
  }

  /** The epoch of new writes. */
  get currentEpoch(): number {
    return this.document.keyring.epochs.at(-1)?.id ?? 0;
  }

  hasEpoch(epoch: number): boolean {
    return this.#roots.has(epoch);
  }

  /** `corrupt` for an epoch that this keyring does not have: it is retired, or the keyring on the store is newer. */
  keysOf(epoch: number): EpochRoot {
    const root = this.#roots.get(epoch);
    if (root === undefined) throw new SyncError('corrupt', `written under epoch ${epoch}, whose key the vault does not have any more, or not yet`);
    return { vaultId: this.vaultId, epoch, root };
  }

  /** 32 bytes from which names are sealed; the same for the life of the vault. Not the caller's to change. */
  namesRoot(): Uint8Array {
    return this.#names;
  }

  /** Copies of all it holds, for a change of it; the caller's to wipe or to hand on. */
  secrets(): KeyringSecrets {
    const copy = (bytes: Uint8Array): Uint8Array => Uint8Array.from(bytes);
    return { vaultKey: copy(this.#vaultKey), roots: new Map([...this.#roots].map(([id, root]) => [id, copy(root)])), names: copy(this.#names) };
  }

  /** Overwrites what it holds; no call may follow. */
  wipe(): void {
    wipe(this.#vaultKey, this.#names, ...this.#roots.values());
  }
}

export interface KeyringSecrets {
  readonly vaultKey: Uint8Array;
  readonly roots: ReadonlyMap<number, Uint8Array>;
  readonly names: Uint8Array;
}

/**
 * Opens the keyring with the first of the secrets that fits a slot. `config` when none does: nothing was decrypted then. `corrupt` when one does and the file was changed by somebody without it. A passphrase costs about half a second
 * for each slot that has one.
 */
export async function openKeyring(document: SealedDocument, ...secrets: readonly VaultSecret[]): Promise<Keyring> {
  for (const secret of secrets) {
    for (const slot of document.keyring.slots) {
      if (slot.kind !== secret.kind) continue;
      const vaultKey = await unwrap(document.vault, slot, secret);
      if (vaultKey !== null) return new Keyring(document, slot.id, openSecrets(document, vaultKey));
    }
  }
  throw wrongSecret(document, secrets);
}

/** Null when the secret is not this slot's: told by its commitment, before anything is decrypted. */
async function unwrap(vault: string, slot: SlotRecord, secret: VaultSecret): Promise<Uint8Array | null> {
  const keys = await slotKeys(vault, slot, secret);
  if (!timingSafeEqual(keys.commitment, Buffer.from(slot.commitment, 'hex'))) return null;
  const vaultKey = openRoot(Buffer.from(slot.wrapped, 'hex'), keys.once);
  wipe(keys.once);
  if (vaultKey === null) throw unreadable(`the slot ${slot.id} was changed`);
  return vaultKey;
}

/** Key and nonce of a slot, 44 bytes, and what commits it to its secret. */
export async function slotKeys(
  vault: string,
  slot: Pick<SlotRecord, 'id' | 'kind' | 'kdf' | 'salt'>,
  secret: VaultSecret,
): Promise<{ readonly once: Buffer; readonly commitment: Buffer }> {
  const salt = Buffer.from(slot.salt, 'hex');
  const bytes = await secretBytes(secret, slot.kdf, salt);
  const all = derive({ secret: bytes, salt, label: 'slot', context: [vault, slot.id, slot.kind], length: 76 });
  wipe(bytes);
  return { once: all.subarray(0, 44), commitment: all.subarray(44) };
}

function openSecrets(document: SealedDocument, vaultKey: Uint8Array): KeyringSecrets {
  const { vault, keyring } = document;
  if (!timingSafeEqual(Buffer.from(macOf(document, vaultKey), 'hex'), Buffer.from(keyring.mac, 'hex'))) {
    wipe(vaultKey);
    throw unreadable('it was changed by somebody without a key (its MAC does not fit)');
  }
  const open = (record: SealedRoot, once: Buffer): Uint8Array => {
    const root = openRoot(Buffer.from(record.sealed, 'hex'), once);
    wipe(once);
    if (root === null) throw unreadable('a sealed key in it is damaged');
    return root;
  };
  const roots = new Map(keyring.epochs.map((epoch) => [epoch.id, open(epoch, epochSeal(vault, vaultKey, epoch))]));
  return { vaultKey, roots, names: open(keyring.names, namesSeal(vault, vaultKey, keyring.names)) };
}

/** Key and nonce that seal the root of one epoch. */
export function epochSeal(vault: string, vaultKey: Uint8Array, { id, salt }: { readonly id: number; readonly salt: string }): Buffer {
  return derive({ secret: vaultKey, salt: Buffer.from(salt, 'hex'), label: 'epoch', context: [vault, String(id)], length: 44 });
}

/** Key and nonce that seal the names' root. */
export function namesSeal(vault: string, vaultKey: Uint8Array, { salt }: { readonly salt: string }): Buffer {
  return derive({ secret: vaultKey, salt: Buffer.from(salt, 'hex'), label: 'names-root', context: [vault], length: 44 });
}

/** The MAC of a document, whatever its own `mac` says. */
export function macOf(document: SealedDocument, vaultKey: Uint8Array): string {
  const key = derive({ secret: vaultKey, label: 'vault-mac', context: [document.vault], length: 32 });
  const mac = hmac(key, encodeVaultDocument({ ...document, keyring: { ...document.keyring, mac: '0'.repeat(64) } } as SealedDocument));
  wipe(key);
  return mac.toString('hex');
}

const KIND_WORDS: Readonly<Record<SecretKind, string>> = { passphrase: 'passphrase', key: 'key', recovery: 'recovery words' };

/** What the vault can be opened with, each kind once. */
export function kindsWanted({ keyring }: SealedDocument): readonly SecretKind[] {
  return [...new Set(keyring.slots.map(({ kind }) => kind))];
}

/** The same in words: `passphrase or recovery words`. */
export function secretsWanted(document: SealedDocument): string {
  return kindsWanted(document)
    .map((kind) => KIND_WORDS[kind])
    .join(' or ');
}

/** C69. Says which kind was tried, so that a key given for a passphrase is seen. */
function wrongSecret(document: SealedDocument, secrets: readonly VaultSecret[]): SyncError {
  const tried = [...new Set(secrets.map(({ kind }) => KIND_WORDS[kind]))].join(' or ') || 'secret';
  return new SyncError('config', `wrong ${tried}: it does not open this vault`, {
    reason: 'secret',
    hint: `The vault opens with its ${secretsWanted(document)}. Nothing was written.`,
  });
}
