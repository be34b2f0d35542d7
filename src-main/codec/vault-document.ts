import { SyncError } from '../core/errors.ts';
import type { SecretKind } from './vault-secret.ts';

/** How the objects of a vault lie on its store; the same for every device. */
export interface CodecSettings {
  readonly encryption: boolean;
  /** Contents are compressed where that shrinks them. */
  readonly compression: boolean;
  readonly names: NameForm;
}
/** `plain`: under their own names. Else encrypted, written in base64url (stores that keep case) or in base32 (folders, stores that do not). */
export const NAME_FORMS = ['plain', 'base64url', 'base32'] as const;
export type NameForm = (typeof NAME_FORMS)[number];

/** `vault.json`, read and checked in form. Format 1 is a plain vault; 2 has a codec, and a keyring where it encrypts; it is written as format 3 while it is being switched. */
export type VaultDocument = PlainDocument | CodedDocument;
export interface PlainDocument {
  readonly format: 1;
  readonly vault: string;
}
export interface CodedDocument {
  readonly format: 2;
  /** 16 to 64 lower-case hex digits. */
  readonly vault: string;
  readonly codec: CodecSettings;
  /** Objects may still lie there in an older form; left out: none does. */
  readonly switch?: SwitchRecord;
  /** Null exactly where nothing is encrypted. */
  readonly keyring: KeyringRecord | null;
}
/** A vault on its way from one form to another: FORMAT.md, "A vault that is switched". */
export interface SwitchRecord {
  /** How objects lay there before: in the open, or compressed only. */
  readonly from: CodecSettings & { readonly encryption: false; readonly names: 'plain' };
  /** When it began, by the store's clock, ms. */
  readonly began: number;
}
/** One that encrypts. */
export type SealedDocument = CodedDocument & { readonly keyring: KeyringRecord };

/** The keyring as it lies on the store: nothing in it is secret without one of the slots' secrets. Bytes are lower-case hex. */
export interface KeyringRecord {
  /** Rises with every change. */
  readonly revision: number;
  readonly slots: readonly SlotRecord[];
  /** By rising id; the last one is for new writes. */
  readonly epochs: readonly EpochRecord[];
  readonly names: SealedRoot;
  /** HMAC over the whole document. */
  readonly mac: string;
}
export interface SlotRecord {
  /** 8 hex digits. */
  readonly id: string;
  readonly kind: SecretKind;
  /** For people. */
  readonly label: string;
  /** By the clock of the device that made it, ms; shown only. */
  readonly made: number;
  /** Null for secrets that need no stretching. */
  readonly kdf: KdfCost | null;
  readonly salt: string;
  readonly commitment: string;
  readonly wrapped: string;
}
/** Of argon2id. */
export interface KdfCost {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
}
export interface SealedRoot {
  readonly salt: string;
  readonly sealed: string;
}
export interface EpochRecord extends SealedRoot {
  readonly id: number;
  readonly made: number;
}

/** The most a `vault.json` may have, in bytes. */
export const MAX_VAULT_BYTES = 64 * 1024;
/** The newest format that is understood. */
export const NEWEST_FORMAT = 3;
const ABOUT = {
  1: 'File Sync keeps files here. Please leave this folder alone.',
  2: 'File Sync keeps files here, not as they are: docs/format.md. Please leave this folder alone.',
};

export function isSealed(document: VaultDocument | null): document is SealedDocument {
  return document?.format === 2 && document.keyring !== null;
}

/** The one encoding of a document (FORMAT.md, "Keyring"). */
export function encodeVaultDocument(document: VaultDocument): Buffer {
  const value = document.format === 1 ? { format: 1, vault: document.vault, about: ABOUT[1] } : codedValue(document);
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
}

/** What the file itself says of its format. */
export function formatOf(document: VaultDocument): number {
  return document.format === 2 && document.switch !== undefined ? 3 : document.format;
}

function codedValue(document: CodedDocument): object {
  const { vault, codec, keyring, switch: switching } = document;
  return {
    format: formatOf(document),
    vault,
    about: ABOUT[2],
    codec: codecValue(codec),
    ...(switching === undefined ? {} : { switch: { from: codecValue(switching.from), began: switching.began } }),
    keyring: keyring === null ? null : keyringValue(keyring),
  };
}

function codecValue({ encryption, compression, names }: CodecSettings): object {
  return { encryption, compression, names };
}

function keyringValue({ revision, slots, epochs, names, mac }: KeyringRecord): object {
  return {
    revision,
    slots: slots.map(({ id, kind, label, made, kdf, salt, commitment, wrapped }) => ({
      id,
      kind,
      label,
      made,
      kdf: kdf === null ? null : kdfValue(kdf),
      salt,
      commitment,
      wrapped,
    })),
    epochs: epochs.map(({ id, made, salt, sealed }) => ({ id, made, salt, sealed })),
    names: { salt: names.salt, sealed: names.sealed },
    mac,
  };
}

function kdfValue({ memoryKiB, passes, lanes }: KdfCost): object {
  return { memoryKiB, passes, lanes };
}

/** What a file says that is no vault of ours. Nothing is concluded from it, and it is never overwritten. */
export function unreadable(what: string): SyncError {
  return new SyncError('corrupt', `.file-sync/vault.json cannot be read: ${what}`, {
    hint: 'Nothing was changed. Put a good copy of that small file back: file-sync keys restore COPY, or from a backup of the store.',
  });
}
