import type { Secret } from '../core/secret.ts';

/** How a vault is opened; each is a kind of slot. */
export const SECRET_KINDS = ['passphrase', 'key', 'recovery'] as const;
export type SecretKind = (typeof SECRET_KINDS)[number];

/** What the user holds. Its text is canonical: a passphrase in NFC; a key or a recovery key as 64 lower-case hex digits. */
export interface VaultSecret {
  readonly kind: SecretKind;
  readonly secret: Secret;
}
