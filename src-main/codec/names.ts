/**
 * How keys of the Backend port lie on the store. Pure, deterministic and injective: one key has one stored key, on every device, for the life of the vault (epochs do not change names).
 * Keys below `.file-sync/` are taken too: paths in `versions/` and `versions-long/` are sealed, everything else there stays as it is.
 */
export interface NameCodec {
  /** The stored key of a plain key; a folder marker (`a/b/`) too. It fits the limits of every store. */
  sealKey(key: string): string;
  openKey(stored: string): OpenedKey;
  /** What to list on the store for all keys that start with a plain prefix: below `own` (null: nothing can be) and `others`. Not everything there belongs to it: compare the keys. */
  sealPrefix(prefix: string): { readonly own: string | null; readonly others: readonly string[] };
}

export type OpenedKey =
  /** Authentic: `sealKey(key)` gives the stored key. */
  | { readonly kind: 'key'; readonly key: string }
  /** Too long for a store: the name stands in the object's head. `keyOf` takes the key that the head says it was stored for and gives the plain key; null when it does not belong here. */
  | { readonly kind: 'in-head'; readonly keyOf: (headKey: string) => string | null }
  /** A folder of ours that stands for nothing (`.l/`). */
  | { readonly kind: 'nothing' }
  /** No name of this vault: put there by somebody else, damaged, or moved. */
  | { readonly kind: 'foreign' };

/** Names as they are: of vaults that do not hide them. */
export const plainNames: NameCodec = {
  sealKey: (key) => key,
  openKey: (stored) => ({ kind: 'key', key: stored }),
  sealPrefix: (prefix) => ({ own: prefix, others: [] }),
};
