import type { LeafEntry, Version } from '../../core/entry.ts';
import type { RelPath } from '../../core/rel-path.ts';

/**
 * What a vault held at any instant, told by the store's own clock (docs/history.md). Read from what is there now, from kept versions and from records beside them; nothing is written. What cannot be known is said
 * (`lost`, or a leaf that is not `sure`), never guessed.
 */
export interface Past {
  /** Every path that existed at that instant, folders that only held something included only where they had a marker; each once, in the order of keys where the store lists in order. What changes meanwhile does not
   * disturb it. */
  treeAt(atMs: number, request?: PastRequest): AsyncIterable<PastItem>;
  /** The contents of every path, each path once and its contents oldest first, as listings alone tell them: where nothing more is known of what was before the live one, that is `unknown`. */
  lives(request?: Omit<PastRequest, 'onProgress'>): AsyncIterable<readonly Life[]>;
  /** All contents a path had, oldest first. */
  livesOf(path: RelPath, signal?: AbortSignal): Promise<readonly Life[]>;
  /** What a leaf held and where its bytes are; null when it is no longer kept. */
  resolve(leaf: PastLeaf, signal?: AbortSignal): Promise<Resolved | null>;
  /** The same of one life. */
  resolveLife(life: Life, signal?: AbortSignal): Promise<Resolved | null>;
  /** The bytes of a file from `offset` on; null when they are no longer there. */
  open(source: BytesAt, options: { readonly offset: number; readonly signal?: AbortSignal }): Promise<AsyncIterable<Uint8Array> | null>;
}

export interface PastRequest {
  /** Only this path and what lies below it. */
  readonly scope?: RelPath | null;
  readonly signal?: AbortSignal;
  readonly onProgress?: (seen: { readonly paths: number }) => void;
}

export type PastItem = { readonly kind: 'folder'; readonly path: RelPath } | PastLeaf | PastLost;

/** A file or a link. */
export interface PastLeaf {
  readonly kind: 'leaf';
  readonly path: RelPath;
  readonly atMs: number;
  readonly life: Life;
  /** False: another program changed things there, so that it is not known whether this was it. */
  readonly sure: boolean;
}

export interface PastLost {
  readonly kind: 'lost';
  readonly path: RelPath;
  readonly why: LostReason;
}
/** Something was or may have been there, and retention removed it. */
export type LostReason = 'expired';

/** Bytes as they lie on the store. */
export interface BytesAt {
  readonly key: string;
  readonly version: Version;
}
export interface Resolved {
  readonly entry: LeafEntry;
  /** Null for a link, whose text is in the entry. */
  readonly bytes: BytesAt | null;
  readonly device: string | null;
}

/** One content of a path, from when to when. */
export interface Life {
  readonly path: RelPath;
  /** `live`: it is there now; `content`: kept as a version; `moved`: a record says under which name it lives on. */
  readonly kind: 'live' | 'content' | 'moved';
  readonly at: BytesAt;
  readonly size: number | null;
  readonly fromMs: number;
  /** Exclusive; null while it is there. */
  readonly untilMs: number | null;
  readonly ended: 'is-there' | 'replaced' | 'removed' | 'moved' | 'unknown';
  /** What was there right before it: nothing; the life before it in the list; something that is no longer kept; not known. */
  readonly before: 'nothing' | 'life' | 'expired' | 'unknown';
  /** The store itself keeps it, under the file's own key. */
  readonly isNative?: boolean;
  /** Names this version to people and to `--version`. */
  readonly id: string;
}
