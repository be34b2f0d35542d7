/**
 * Small things a pair remembers beside the base, each a text under a kind and a key: unfinished uploads, block hashes, what a store honours. Any of them may be lost at the price of work, never of data.
 * A change is durable when its call returns.
 */
export interface Notes {
  get(kind: NoteKind, key: string): Promise<string | null>;
  /** All of one kind, by key. */
  all(kind: NoteKind): Promise<ReadonlyMap<string, string>>;
  put(kind: NoteKind, key: string, text: string): Promise<void>;
  drop(kind: NoteKind, key: string): Promise<void>;
}

/**
 * `upload`: a multipart upload under way, by object key. `blocks`: hashes of a large object's blocks, by object key. `store`: facts about the store itself. `usage`: requests and bytes, by month. `undo`: what the last runs changed, by run. `undoing`: what was there before the run under way.
 * Of a sealed vault: `sealing`: under which head a large object is being sent, by key; `seen`: the highest generation met at each path, by the first digits of its hash.
 */
export type NoteKind = 'upload' | 'blocks' | 'store' | 'usage' | 'undo' | 'undoing' | 'sealing' | 'seen';
