import type { SealedDocument } from './vault-document.ts';

/** What everything of one epoch is derived from. */
export interface EpochRoot {
  readonly vaultId: string;
  /** 1 to 2^32 - 1. */
  readonly epoch: number;
  /** 32 bytes. Not the caller's to change. */
  readonly root: Uint8Array;
}

/** An opened keyring. Holds secrets: it shows nothing of them when it is printed or serialised. Changing one gives another (keyring-changes.ts). */
export interface Keyring {
  readonly vaultId: string;
  /** What it was opened from, or what is to be written. */
  readonly document: SealedDocument;
  /** The epoch of new writes. */
  readonly currentEpoch: number;
  /** `corrupt` for an epoch that this keyring does not have: it is retired, or the keyring on the store is newer. */
  keysOf(epoch: number): EpochRoot;
  /** 32 bytes from which names are sealed. */
  namesRoot(): Uint8Array;
  /** Overwrites what it holds; no call may follow. */
  wipe(): void;
}
