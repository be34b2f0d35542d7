import type { ErrorView } from './model.ts';

/** How a bucket is signed in to. A typed secret crosses once, in `storage/hold`; from then on it is named by the token of that answer. */
export type SignIn =
  /** A named profile of ~/.aws. */
  { readonly kind: 'profile'; readonly name: string } | { readonly kind: 'held'; readonly token: string };

export interface TypedKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | null;
}

/** Keys that the main process holds until they are used or forgotten. */
export interface HeldKeys {
  readonly token: string;
  /** The last characters of the access key's id, to tell keys apart by. */
  readonly ending: string;
}

/** Where an S3 service is reached. */
export interface S3Access {
  /** The provider it was set up as; for words only. */
  readonly provider: string;
  /** Null: Amazon S3 of `region`. */
  readonly endpoint: string | null;
  readonly region: string | null;
  readonly forcePathStyle: boolean | null;
  readonly proxy: string | null;
  /** Token of a file that was chosen in the system's dialog. */
  readonly caFile: string | null;
  readonly signIn: SignIn;
}

export interface S3Place extends S3Access {
  readonly bucket: string;
  /** Folder in the bucket: empty, or ending in `/`. */
  readonly prefix: string;
}

/** The other side of a pair that is to be: a folder by the token of the dialog, or a place in a bucket. */
export type TargetChoice = { readonly kind: 'folder'; readonly folder: string } | ({ readonly kind: 's3' } & S3Place);

/** Where typed keys stay: in the system's keychain, or in memory until the app ends. */
export const KEEP_PLACES = ['keychain', 'session'] as const;
export type KeepPlace = (typeof KEEP_PLACES)[number];

/** `no-keychain`: nothing was changed, because the keychain could not take the keys. */
export type AddAnswer = { readonly kind: 'added'; readonly pair: string } | NoKeychain;
export type ChangeAnswer = { readonly kind: 'changed' } | NoKeychain;
/** `untried`: nothing was changed, because the store does not answer, so that nobody knows whether it takes the sign-in. */
export type SignInAnswer = ChangeAnswer | { readonly kind: 'untried'; readonly error: ErrorView };
export interface NoKeychain {
  readonly kind: 'no-keychain';
  readonly error: ErrorView;
}

/** `not-listed`: these keys may not see the list; a bucket can still be named. */
export type BucketsAnswer = { readonly kind: 'listed'; readonly buckets: readonly string[] } | { readonly kind: 'not-listed' };

export type Protection = 'atomic' | 'afterwards' | 'best-effort';
export interface TestAnswer {
  /** What happens when two devices save one file at once; see StoreReport. Null when something is missing, so that it could not be found out. */
  readonly protection: Protection | null;
  readonly findings: readonly FindingView[];
  /** What lies there already. `vault`: another device syncs with it. */
  readonly holds: 'nothing' | 'files' | 'vault';
  /** Whether the bucket itself gives up unfinished uploads; null when that is not known. */
  readonly cleansUp: boolean | null;
}
export interface FindingView {
  readonly check: string;
  readonly verdict: 'good' | 'note' | 'warning' | 'bad';
  readonly text: string;
  readonly fix: string | null;
}

/** What was read from a settings file of the user's choice. Its secrets stay in the main process. */
export interface ImportedStorage {
  readonly file: string;
  readonly endpoint: string | null;
  readonly region: string | null;
  readonly bucket: string | null;
  readonly prefix: string | null;
  readonly keys: HeldKeys | null;
  /** A profile of ~/.aws that it names. */
  readonly profile: string | null;
}

/** The other side of a pair, as a window shows it. */
export type StorageView =
  /** A native path, for display only. */
  { readonly kind: 'folder'; readonly path: string } | S3View;

export interface S3View {
  readonly kind: 's3';
  readonly provider: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly endpoint: string | null;
  readonly region: string | null;
  readonly signIn: { readonly kind: 'profile'; readonly name: string } | { readonly kind: 'chain' } | { readonly kind: KeepPlace };
}
