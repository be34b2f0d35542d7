import type { TargetChoice } from './storage.ts';

/** How files lie on the other side: in the open, smaller, or sealed. */
export type VaultChoice =
  | { readonly kind: 'plain' }
  | { readonly kind: 'compressed' }
  /** A new encrypted vault, by the token of `vault/prepare`. `withoutSheet`: the user said that nobody can help him, and skipped the question for the words. */
  | { readonly kind: 'new'; readonly token: string; readonly withoutSheet: boolean }
  /** One that is there, by the token of `vault/open`. */
  | { readonly kind: 'join'; readonly token: string };

/** What a vault can be opened with. */
export type OpensWith = 'passphrase' | 'key' | 'recovery';

/** What lies at a place already. `files`: somebody else's, and no vault. */
export type VaultLook =
  | { readonly holds: 'nothing' | 'files' | 'plain' | 'compressed' }
  | {
      readonly holds: 'encrypted';
      readonly vault: string;
      readonly compression: boolean;
      readonly hideNames: boolean;
      /** Each once, in the order they were given to it. */
      readonly wants: readonly OpensWith[];
      /** This computer's keychain opens it, as it did before: the token of the opened vault. */
      readonly kept?: string;
    };

export const TYPED_KINDS = ['passphrase', 'key'] as const;
/** Crosses once, from the window to the main process, and is named by a token from then on. */
export interface NewVault {
  readonly kind: (typeof TYPED_KINDS)[number];
  readonly text: string;
  readonly compression: boolean;
  readonly hideNames: boolean;
}

/** The recovery words of a vault that is to be: the one secret that is shown, since the user is to write it down. */
export interface RecoverySheet {
  readonly token: string;
  readonly words: readonly string[];
  /** Which of them are asked back, counted from 1. */
  readonly asked: readonly number[];
}

export interface OpenRequest {
  readonly target: TargetChoice;
  /** A passphrase, a key or recovery words, as typed. */
  readonly text: string;
}

/** What a window shows of a pair's vault; null for one in the open. */
export interface ProtectionView {
  readonly encrypted: boolean;
  readonly compressed: boolean;
  readonly hidesNames: boolean;
  /** The first digits of its id, to tell vaults apart by; null where it is not known. */
  readonly vault: string | null;
  /** Where the secret is kept; null where there is none. */
  readonly keep: 'keychain' | 'session' | null;
}
