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

/** `vault.json`, read and checked in form. Format 1 is a plain vault; 2 has a codec, and a keyring where it encrypts. */
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
  /** Null exactly where nothing is encrypted. */
  readonly keyring: KeyringRecord | null;
}
/** One that encrypts. */
export type SealedDocument = CodedDocument & { readonly keyring: KeyringRecord };

/** The keyring as it lies on the store: nothing in it is secret without one of the slots' secrets. Bytes are lower-case hex. */
export interface KeyringRecord {
  /** Rises with every change. */
  readonly revision: number;
  /** The epoch of new writes. */
  readonly epoch: number;
  readonly slots: readonly SlotRecord[];
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
