import { SyncError } from '../core/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { BackendSetup } from './engine-protocol.ts';
import type { PairKeys } from './pair-keys.ts';
import { openSetup, type PairVaults } from './pair-vaults.ts';
import type { PairSetting } from './settings-schema.ts';
import type { VaultSetup } from './vault-setup.ts';

/** Asking a locked keychain may show its prompt, so a user who said no is asked ever more rarely. */
const FIRST_WAIT_MS = 15_000;
const LONGEST_WAIT_MS = 900_000;

export interface OpenerPorts {
  readonly keys: PairKeys;
  readonly vaults: PairVaults;
  readonly clock: Clock;
  /** Hands a pair to the engine thread. */
  readonly send: (pair: string, backend: BackendSetup, vault: VaultSetup) => Promise<void>;
  /** Why a pair has to wait, and whether it is for what opens its vault. */
  readonly onWaiting: (pair: string, why: SyncError, wantsSecret: boolean) => void;
}

interface Try {
  isOver: boolean;
  /** The engine thread is being given the pair: what is said of it from here on reaches it there. */
  isHanded: boolean;
  /** Ends the wait for the next attempt. */
  wake: AbortController;
}

/** Opens pairs in the engine thread. One whose keys or secret cannot be had waits here, says why, and is tried again: by itself, on request, after sleep (C74). */
export class PairOpener {
  readonly #ports: OpenerPorts;
  readonly #waiting = new Map<string, Try>();

  constructor(ports: OpenerPorts) {
    this.#ports = ports;
  }

  /** Resolves when the engine thread has the pair, or when it is known that it has to wait. */
  async open(pair: PairSetting): Promise<void> {
    this.forget(pair.id);
    if (pair.backend.kind === 'local' && pair.protection?.kind !== 'encrypted') return this.#ports.send(pair.id, pair.backend, openSetup(pair.protection));
    const mine: Try = { isOver: false, isHanded: false, wake: new AbortController() };
    this.#waiting.set(pair.id, mine);
    await this.#attempt(pair, mine);
    if (!mine.isOver) void this.#keepTrying(pair, mine);
  }

  /** Whether the engine thread does not know of the pair yet. */
  isWaiting(pair: string): boolean {
    return this.#waiting.get(pair)?.isHanded === false;
  }

  retry(pair: string): void {
    this.#waiting.get(pair)?.wake.abort();
  }

  forget(pair: string): void {
    const mine = this.#waiting.get(pair);
    this.#waiting.delete(pair);
    if (mine === undefined) return;
    mine.isOver = true;
    mine.wake.abort();
  }

  async #keepTrying(pair: PairSetting, mine: Try): Promise<void> {
    for (let wait = FIRST_WAIT_MS; !mine.isOver; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
      mine.wake = new AbortController();
      await this.#ports.clock.sleep(wait, mine.wake.signal).catch(() => undefined);
      if (!mine.isOver) await this.#attempt(pair, mine);
    }
  }

  async #attempt(pair: PairSetting, mine: Try): Promise<void> {
    const { id, backend: storage, protection } = pair;
    const { keys, vaults, send, onWaiting } = this.#ports;
    let asksVault = false;
    try {
      const backend = await keys.setup(id, storage);
      asksVault = true;
      const vault = await vaults.setup(id, protection);
      asksVault = false;
      // Removed or opened anew while the keychain was asked.
      if (mine.isOver) return;
      mine.isHanded = true;
      await send(id, backend, vault);
      if (this.#waiting.get(id) === mine) this.forget(id);
    } catch (error) {
      mine.isHanded = false;
      if (!mine.isOver)
        onWaiting(id, error instanceof SyncError ? error : new SyncError('internal', error instanceof Error ? error.message : String(error), { cause: error }), asksVault);
    }
  }
}
