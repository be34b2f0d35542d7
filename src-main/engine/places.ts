import { SyncError } from '../core/errors.ts';
import type { LocalTree } from '../local/local-tree.ts';
import type { Random } from '../platform/clock.ts';
import type { RemoteTree } from '../remote/remote-tree.ts';
import type { StateStore } from '../state/state-store.ts';

/** The state's value that names the vault this pair belongs to. */
export const VAULT_VALUE = 'vault';

/**
 * Makes sure that both places are the ones this pair was set up with, before anything is concluded from what they hold. The local root carries a marker with the vault's id, the remote side its vault.json; the state
 * remembers the id. A missing, emptied or exchanged place stops the folder and deletes nothing (C26-C28).
 */
export class Places {
  readonly #local: LocalTree;
  readonly #remote: RemoteTree;
  readonly #state: StateStore;
  #vault: string | null;

  constructor(local: LocalTree, remote: RemoteTree, state: StateStore, vault: string | null) {
    this.#local = local;
    this.#remote = remote;
    this.#state = state;
    this.#vault = vault;
  }

  /** Before a cycle. On the very first one it marks both places; without `random` (a dry run) it only looks. */
  async check(random: Random | null, signal: AbortSignal): Promise<void> {
    const marker = await this.#localMarker();
    const known = this.#vault ?? marker;
    const there = await this.#remote.vault(signal);
    if (known !== null) {
      this.#compareRemote(known, there);
      if (marker === null) this.#refuseUnmarked();
      if (marker !== known) throw replaced(this.#local.root, 'it belongs to another pair');
      if (this.#vault === null && random !== null) await this.#remember(known);
      return;
    }
    if (random === null) return;
    const vault = there ?? (await this.#remote.createVault(random.id() + random.id(), signal));
    // The marker goes first: a state that knows the vault while the root has no marker would be read as an exchanged root.
    await this.#local.mark(vault);
    await this.#remember(vault);
  }

  /** In the middle of a cycle, before deletions: nothing is created here. */
  async recheck(signal: AbortSignal): Promise<void> {
    const marker = await this.#localMarker();
    if (marker === null || marker !== this.#vault) throw replaced(this.#local.root, 'its marker .file-sync/identity.json is gone');
    this.#compareRemote(marker, await this.#remote.vault(signal));
  }

  async #remember(vault: string): Promise<void> {
    await this.#state.commit({ values: { [VAULT_VALUE]: vault } });
    this.#vault = vault;
  }

  async #localMarker(): Promise<string | null> {
    const identity = await this.#local.identity();
    switch (identity.kind) {
      case 'missing':
        throw new SyncError('root-missing', `the folder ${this.#local.root} is not there`, {
          path: this.#local.root,
          hint: 'Reconnect the drive or put the folder back; nothing is deleted meanwhile.',
        });
      case 'not-a-folder':
        throw replaced(this.#local.root, 'it is not a folder');
      case 'unmarked':
        return null;
      case 'marked':
        return identity.pairId;
    }
  }

  #refuseUnmarked(): never {
    throw replaced(this.#local.root, 'its marker .file-sync/identity.json is gone');
  }

  #compareRemote(known: string, there: string | null): void {
    if (there === null) {
      throw new SyncError('remote-missing', `${this.#remote.id} does not hold the vault this folder was set up with`, {
        hint: 'It was emptied, or it is another place. Nothing is deleted here. Bring it back (of an encrypted vault: file-sync keys restore COPY), or set the pair up anew.',
      });
    }
    if (there !== known) {
      throw new SyncError('remote-replaced', `${this.#remote.id} is another vault than the one this folder was set up with`, {
        hint: 'Check the target. To sync with this one, set up a new pair.',
      });
    }
  }
}

function replaced(root: string, why: string): SyncError {
  return new SyncError('root-replaced', `the folder ${root} is not the one that was set up: ${why}`, {
    path: root,
    hint: 'An unmounted drive looks like this. Put the right folder back; or, if this is meant to be it, set the pair up anew: that merges both sides and deletes nothing.',
  });
}
