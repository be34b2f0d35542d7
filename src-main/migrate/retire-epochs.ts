import type { Backend, CallOptions } from '../backends/backend.ts';
import type { Keyring } from '../codec/keyring.ts';
import { type ChangeContext, retireEpoch } from '../codec/keyring-changes.ts';
import { isSealed, type SealedDocument } from '../codec/vault-document.ts';
import { hasCode, SyncError } from '../core/errors.ts';
import { VAULT_KEY } from '../remote/keys.ts';
import { readVaultDocument, replaceVaultDocument } from '../remote/vault.ts';

/** A device may have read the keyring before the newest epoch began and still be sending under the old one: of a large object, whose key is looked at again before its last bytes go, no more than those; of others, all. */
export const GRACE_MS = 86_400_000;
const TRIES = 4;

export type Retired =
  | { readonly kind: 'retired'; readonly epochs: readonly number[]; readonly document: SealedDocument }
  /** There is none but the current one. */
  | { readonly kind: 'none' }
  /** Not before this moment by the store's clock. */
  | { readonly kind: 'too-early'; readonly atMs: number; readonly epochs: readonly number[] }
  /** Somebody began another epoch: what was found does not speak of it. */
  | { readonly kind: 'newer-epoch' };

export interface RetirePorts {
  /** As it lies there. */
  readonly store: Backend;
  readonly open: (document: SealedDocument) => Promise<Keyring>;
  readonly context: ChangeContext;
  /** The epoch that everything is known to be under. */
  readonly current: number;
  readonly graceMs: number;
}

/**
 * Takes the roots of all epochs before `current` out of `vault.json`. Only after a whole listing found nothing under them.
 * RACE: a device that needs longer than the grace for the last bytes of an object leaves one that nobody can read; its own file is what it was.
 */
export async function retireOldEpochs({ store, open, context, current, graceMs }: RetirePorts, options: CallOptions = {}): Promise<Retired> {
  for (let turn = 1; ; turn++) {
    const stored = await readVaultDocument(store, options);
    if (stored === null || !isSealed(stored.document)) throw new SyncError('remote-replaced', 'the vault is not there any more, or not encrypted any more');
    const ids = stored.document.keyring.epochs.map(({ id }) => id);
    if (ids.at(-1) !== current) return { kind: 'newer-epoch' };
    const old = ids.slice(0, -1);
    if (old.length === 0) return { kind: 'none' };
    const atMs = (await changedAt(store, options)) + graceMs;
    const nowMs = (await store.now?.(options)) ?? context.nowMs;
    if (graceMs > 0 && nowMs < atMs) return { kind: 'too-early', atMs, epochs: old };
    const keyring = await open(stored.document);
    let changed = keyring;
    try {
      for (const id of old) {
        const next = retireEpoch(changed, id, context);
        if (changed !== keyring) changed.wipe();
        changed = next;
      }
      await replaceVaultDocument(store, changed.document, stored.version, options);
      return { kind: 'retired', epochs: old, document: changed.document };
    } catch (error) {
      if (turn === TRIES || !hasCode(error, 'busy')) throw error;
    } finally {
      changed.wipe();
      keyring.wipe();
    }
  }
}

/** The newest epoch is no younger than the file, by the store's own clock. */
async function changedAt(store: Backend, options: CallOptions): Promise<number> {
  return (await store.stat(VAULT_KEY, options))?.storedAtMs ?? 0;
}
