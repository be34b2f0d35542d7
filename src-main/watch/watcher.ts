import type { RelPath } from '../core/rel-path.ts';

/** Tells which paths are worth a look. Events may be lost, doubled or late: they cost time, never data; scans are truth. */
export interface Watcher {
  /** Resolves once changes from now on are noticed (or polling has begun). */
  start(root: string, onHint: (hint: WatchHint) => void): Promise<void>;
  /** How it works now, for the status. */
  mode(): WatchMode;
  stop(): Promise<void>;
}

/** `everything`: something may have been missed; scan the whole tree. */
export type WatchHint = { readonly kind: 'paths'; readonly paths: ReadonlySet<RelPath> } | { readonly kind: 'everything'; readonly why: string };

export type WatchMode = { readonly kind: 'events' } | { readonly kind: 'polling'; readonly why: string; readonly everyMs: number };
