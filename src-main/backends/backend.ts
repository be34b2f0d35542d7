import type { ProblemReason, Version } from '../core/entry.ts';

/**
 * The storage port: a flat space of objects, each a body with a little metadata, changed only under preconditions. `describeBackend` (conformance.ts) is this contract as a
 * test suite; a backend is done when it is green. Every failure is a SyncError: `unreachable` (network, unplugged drive: worth a retry), `refused` (credentials, permission),
 * `throttled`, `quota`, `disk-full`, `read-only`, `name-not-allowed`, `name-too-long`, `corrupt`, `aborted`. A lost precondition is no error but the result `stale`:
 * then this call changed nothing, by no attempt of it, answered or not.
 *
 * Keys: non-empty text of at most 1,024 bytes of UTF-8, components joined by `/`. A key ending in `/` is a folder marker with an empty body. Keys under `.file-sync/` belong
 * to us and obey the same rules.
 */
export interface Backend {
  /** For people and for telling pairs apart; holds no secret. Example: `local:/mnt/backup`. */
  readonly id: string;
  readonly capabilities: Capabilities;

  /** Every object whose key starts with `prefix`, each once, in no promised order, leaving out keys under `skip`. It is complete or it throws; a store that is not there throws, it never
   * looks empty (I8). Objects written or deleted while it runs may or may not be seen. */
  list(prefix: string, options?: ListOptions): AsyncIterable<ObjectInfo>;

  /** Null only when the store says that there is no such object; with `past`, that it does not keep that version any more. */
  stat(key: string, options?: StatOptions): Promise<ObjectDetail | null>;

  /** Opens an object. Null when it is absent, or when `ifMatch` is given and it is another version; of a version that `listPast` named, that very one. Bytes are those of the one version named in the result, or the stream throws. */
  get(key: string, options?: GetOptions): Promise<ObjectBody | null>;

  /** Stores a whole object or nothing: a reader sees the old or the new one. The body is read to its end before anything becomes visible; a body that throws stores nothing and the error
   * passes through. A body may be opened again for a retry. */
  put(key: string, body: Body, options: PutOptions): Promise<WriteResult>;

  /** Copies within the store, without the bytes passing through here. `stale` when the source is not `from.version` or the target breaks its condition. */
  copy(from: { readonly key: string; readonly version: Version }, to: string, options: CopyOptions): Promise<WriteResult>;

  /** Removes an object that is still `version`. `done` too when it is already absent. A folder marker that still has objects below it in a real file system answers `stale`. */
  delete(key: string, options: DeleteOptions): Promise<DeleteResult>;

  /** Optional: renames within the store where that is one step; the same conditions and results as a copy to an absent key followed by a deletion. */
  move?(from: { readonly key: string; readonly version: Version }, to: string, options: { readonly meta: Meta } & CallOptions): Promise<WriteResult>;

  /** Optional: what the store itself keeps of the keys with this prefix: every version by its own name, also one that is there now, each key's together and the newest first, keys as `list` gives them. Nothing where the
   * store keeps none, or does not let us see them. */
  listPast?(prefix: string, options?: ListOptions): AsyncIterable<PastObject>;

  /** Optional: removes one version that `listPast` named, for good; one that is current is left alone. */
  forget?(key: string, version: Version, options?: CallOptions): Promise<void>;

  /** Optional: whether two keys are at this moment names of one file of the store, so that either may go without a byte being lost. */
  isSame?(key: string, other: string, options?: CallOptions): Promise<boolean>;

  /** Optional: the store's own time, ms since the epoch, by the clock that `storedAtMs` comes from. May be learned once and reckoned on from there. */
  now?(options?: CallOptions): Promise<number>;

  /** Optional: calls back with keys that may have changed, or with null for "anything may have". Hints only; resolves to a stop function. */
  watch?(onHint: (keys: readonly string[] | null) => void): Promise<() => Promise<void>>;

  /** Optional: what this client asked of the store since it was opened. */
  usage?(): BackendUsage;

  /** Optional: finds out how the store behaves and what is wrong with it, with throw-away objects that are gone afterwards. For set-up and `doctor`. */
  inspect?(options?: CallOptions): Promise<StoreReport>;

  /** Optional: takes away what lies beside the objects as a hint and may name keys that are gone. What is there is found again at the price of reading. */
  forgetHints?(): Promise<void>;

  /** Releases what it holds; no call may follow. */
  close(): Promise<void>;
}

/** Requests by kind, and bytes of bodies both ways. */
export interface BackendUsage {
  readonly requests: Readonly<Record<string, number>>;
  readonly bytesUp: number;
  readonly bytesDown: number;
}

export interface StoreReport {
  /** What happens when two devices save one file at once. `atomic`: the store lets one win. `afterwards`: both are kept, found right after the write. `best-effort`: a short window stays open. */
  readonly protection: 'atomic' | 'afterwards' | 'best-effort';
  readonly findings: readonly StoreFinding[];
}
export interface StoreFinding {
  /** What was looked at, in a few words: `conditional writes`. */
  readonly check: string;
  readonly verdict: 'good' | 'note' | 'warning' | 'bad';
  /** What was found, for people. */
  readonly text: string;
  /** What to do about it. */
  readonly fix: string | null;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
}
export interface ListOptions extends CallOptions {
  /** A prefix to leave out, such as `.file-sync/`. */
  readonly skip?: string;
  /** Only what comes after this key, or after this `place`, in the order of listings. A backend that cannot begin there may give all. */
  readonly after?: string;
  /** Hears of what lies in the store but has no key: a name in invalid UTF-8, a special file, a folder that cannot be read. Nothing below such a name is listed, and nothing may be concluded from that. */
  readonly unlisted?: (name: string, reason: ProblemReason) => void;
}
export interface StatOptions extends CallOptions {
  /** A version that `listPast` named, instead of the current one. */
  readonly past?: Version;
}
export interface GetOptions extends CallOptions {
  readonly ifMatch?: Version;
  /** From this byte to the end, for resuming. */
  readonly offset?: number;
}
export interface PutOptions extends CallOptions {
  readonly condition: Condition;
  readonly meta: Meta;
  /** Only with `capabilities.keepsReplaced`: what is replaced stays under this key. */
  readonly keepAs?: string;
}
export interface DeleteOptions extends CallOptions {
  readonly version: Version;
  /** Only with `capabilities.keepsReplaced`: what is removed stays under this key. */
  readonly keepAs?: string;
}
export interface CopyOptions extends CallOptions {
  readonly condition: Condition;
  /** The target's metadata; left out: as the source's. */
  readonly meta?: Meta;
}

/** What must hold at the target for a write to happen, judged atomically with the write wherever `capabilities.atomicConditions` says so. */
export type Condition = { readonly kind: 'absent' } | { readonly kind: 'match'; readonly version: Version };

export type WriteResult = { readonly kind: 'done'; readonly version: Version } | { readonly kind: 'stale' };
export type DeleteResult = { readonly kind: 'done' } | { readonly kind: 'stale' };

/**
 * Metadata: at most 2,000 bytes of printable ASCII names (lower case) and values, kept as given; a copy keeps it. A name the backend cannot keep may be lost when a foreign tool
 * rewrites the object, never changed. These names have a meaning that a backend may hold natively (a local folder sets the file's times and bits, and makes a real link):
 * `kind` = `symlink` (the body is the link text; absent for a file), `mtime` = ns since the epoch in decimal, `mode` = permission bits in octal.
 */
export type Meta = Readonly<Record<string, string>>;

export interface ObjectInfo {
  readonly key: string;
  /** Bytes of the body; null in a listing where only `stat` can tell. */
  readonly size: number | null;
  readonly version: Version;
  /** The store's own clock, ms since the epoch. */
  readonly storedAtMs: number;
  /** Given by a listing that is in the order of other names than its keys: which one stands here. Versions of an object lie below the same name. Empty: it may come anywhere. */
  readonly place?: string;
  /** Given by a listing without `size`: what lies in the store, as it bills it. */
  readonly storedBytes?: number;
  /** Given by a listing only where it costs nothing. */
  readonly meta?: Meta;
}
export interface ObjectDetail extends ObjectInfo {
  readonly size: number;
  readonly meta: Meta;
  /** The store itself keeps this very object when it is replaced or removed, and `listPast` will show it: no copy has to be made. */
  readonly isKept?: boolean;
  /** An older version, asked for by its name. */
  readonly isPast?: boolean;
}
/** A version that the store keeps. */
export interface PastObject extends ObjectInfo {
  /** As the store bills it. */
  readonly storedBytes: number;
  /** As it was called while it was current. */
  readonly was: Version;
  /** When another took its place or it was removed, by the store's clock; null while it is current. */
  readonly untilMs: number | null;
  /** When what it replaced had been stored; 0: nothing was there; null: the store keeps nothing older of this key. */
  readonly afterMs: number | null;
}
export interface ObjectBody {
  readonly info: ObjectDetail;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** A recipe for bytes: `open` may be called again, so that a retry asks nothing of its caller. */
export interface Body {
  readonly size: number;
  open(): AsyncIterable<Uint8Array>;
  /** Hears, from a backend that reads ahead of what it sends, how many of the bytes are on their way by now: first 0, and less than before where they are sent anew. A backend that sends as it reads leaves it alone. */
  readonly onSent?: (bytes: number) => void;
}

export interface Capabilities {
  /** Conditions are judged by the store in one step with the write. False: a lock and a re-check stand in, with a small window that stays open. */
  readonly atomicConditions: boolean;
  /** Permission bits survive. */
  readonly modes: boolean;
  /** Symlinks can be held. */
  readonly symlinks: boolean;
  /** Names equal but for case are one object. */
  readonly caseInsensitive: boolean;
  /** `keepAs` works: replacing and removing keep the old object by a rename. Where it is false, a copy goes first. */
  readonly keepsReplaced: boolean;
  /** Metadata lie with the object for certain: whoever has it has them, and a copy within the store gets those it is given. False: they are hints, beside it. */
  readonly keepsMeta: boolean;
  /** A full listing costs money or much time, so devices tell each other what they changed (remote/feed.ts) and list in full now and then. Needs `now`. */
  readonly dearListing: boolean;
  /** Listings come in the order of their keys' UTF-8 bytes, or of what they name as `place`, and begin right `after` one: a long one can be read in pieces. `whole`: only those of everything, and of all versions. */
  readonly listsInOrder?: boolean | 'whole';
}
