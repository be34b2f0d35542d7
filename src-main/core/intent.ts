import type { Entry, Stamp, Version } from './entry.ts';
import type { RelPath } from './rel-path.ts';

/**
 * What is about to be done at one path, written down before it is done. After a crash or a lost reply it lets us know our own deed when we see it (DESIGN 2). A move is two intents under one
 * operation id: a write at the new path and a removal at the old one.
 */
export type Intent =
  | { readonly kind: 'remote-write'; readonly op: string; readonly path: RelPath; readonly entry: Entry }
  | { readonly kind: 'remote-remove'; readonly op: string; readonly path: RelPath; readonly version: Version }
  | { readonly kind: 'local-write'; readonly op: string; readonly path: RelPath; readonly entry: Entry; readonly version: Version }
  | { readonly kind: 'local-remove'; readonly op: string; readonly path: RelPath; readonly stamp: Stamp };
