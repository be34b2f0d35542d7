import type { Backend } from '../../backends/backend.ts';
import type { BackendStep } from '../../backends/memory/memory-backend.ts';
import type { SealedCodec } from '../../backends/wrap/sealed-ports.ts';
import { openKeyring } from '../../codec/keyring.ts';
import { parseVaultDocument } from '../../codec/read-vault.ts';
import { type CodecSettings, isSealed, type SealedDocument } from '../../codec/vault-document.ts';
import type { VaultSecret } from '../../codec/vault-secret.ts';
import { passingNotes } from '../../compose/store.ts';
import { codecOf, openSwitching, switchObjects } from '../../compose/switch.ts';
import { SyncError } from '../../core/errors.ts';
import { memoryJournal } from '../../migrate/journal.ts';
import { GRACE_MS } from '../../migrate/retire-epochs.ts';
import { beginSwitch, endSwitchOf, switchOf } from '../../migrate/switch-vault.ts';
import { nodeHasher } from '../../platform/node-hash.ts';
import { VAULT_KEY } from '../../remote/keys.ts';
import { readVaultDocument } from '../../remote/vault.ts';
import { keyOf } from '../keyring-kit.ts';
import type { SeededRandom } from '../random.ts';
import type { ShiftingLens } from './lens.ts';
import type { Life, Scheduler } from './scheduler.ts';
import type { SimStore } from './stores.ts';
import type { Place, Watchdog } from './watchdog.ts';

const KEPT = '.file-sync/versions/';

/** What every device has in its keychain. */
export const SWITCH_SECRET: VaultSecret = keyOf('a');

export interface SwitcherPorts {
  readonly scheduler: Scheduler;
  readonly store: SimStore;
  readonly watchdog: Watchdog;
  readonly random: SeededRandom;
  readonly lens: ShiftingLens;
  readonly to: CodecSettings;
  /** May fail just now. */
  readonly fails: () => boolean;
  readonly say: (failure: string) => void;
}

/** The command that switches the vault, run by hand on some machine; killed and run again. */
export class Switcher implements Place {
  readonly name = 'S';
  readonly #ports: SwitcherPorts;
  #life: Life = { name: 'S', alive: true };
  #isRunning = false;
  /** The vault is of the new form only. */
  hasEnded = false;

  constructor(ports: SwitcherPorts) {
    this.#ports = ports;
  }

  visible(): ReadonlyMap<string, string> {
    return new Map();
  }

  *contents(): Iterable<string> {}

  get isRunning(): boolean {
    return this.#isRunning;
  }

  kill(): void {
    this.#ports.scheduler.kill(this.#life);
    this.#life = { name: 'S', alive: true };
    this.#isRunning = false;
  }

  /** With `isLast` nobody else is at work, so that the day need not pass. */
  start({ isLast = false }: { readonly isLast?: boolean } = {}): void {
    if (this.#isRunning || this.hasEnded) return;
    const life = this.#life;
    this.#isRunning = true;
    if (this.#ports.random.below(2) === 0) this.#ports.scheduler.favourite = life;
    this.#run(life, isLast ? 0 : GRACE_MS)
      .catch((error: unknown) => {
        if (!(error instanceof SyncError) || error.code === 'internal' || error.code === 'corrupt')
          this.#ports.say(`the switch failed: ${error instanceof Error ? error.stack : error}`);
      })
      .then(() => {
        if (this.#ports.scheduler.favourite === life) this.#ports.scheduler.favourite = null;
        if (this.#life === life) this.#isRunning = false;
      });
  }

  async #run(life: Life, graceMs: number): Promise<void> {
    const { random } = this.#ports;
    const client = await this.#client(life);
    const context = { chance: random.bytes, nowMs: this.#ports.scheduler.nowMs };
    const stored = await readVaultDocument(client);
    if (stored === null) return;
    const begun = switchOf(stored.document) !== null || isSealed(stored.document);
    const document = begun
      ? stored.document
      : await beginSwitch({ store: this.#telling(client), to: this.#ports.to, first: { secret: SWITCH_SECRET, label: 'first' }, context }, stored);
    const switching = switchOf(document);
    if (!isSealed(document)) throw new SyncError('internal', 'not encrypted');
    if (switching === null) {
      this.hasEnded = true;
      return;
    }
    const keyring = await openKeyring(document, SWITCH_SECRET);
    const report = await switchObjects(openSwitching(client, document, keyring, { newHasher: nodeHasher, random, notes: passingNotes() }), memoryJournal(), {});
    for (const { key, code, message } of report.refused) {
      // RACE, documented: a version that a device copied while it was replaced, and died before it could look. Whoever runs the switch removes it, as he is told.
      const there = code === 'corrupt' && key.startsWith(KEPT) ? await client.stat(key) : null;
      if (there === null) this.#ports.say(`the switch leaves ${key}: ${message}`);
      else await client.delete(key, { version: there.version });
    }
    if (!report.complete) return;
    const open = (sealed: SealedDocument) => openKeyring(sealed, SWITCH_SECRET);
    const end = await endSwitchOf({ store: client, open, context, began: switching.began, graceMs });
    this.hasEnded = end.kind === 'ended';
  }

  async #client(life: Life): Promise<Backend> {
    const { scheduler, store, watchdog, random, fails } = this.#ports;
    const call: BackendStep = async (when, operation, key) => {
      await scheduler.step(life, `${operation} ${when} ${key}`);
      if (fails()) throw new SyncError('unreachable', 'no answer');
    };
    return store.client({ device: this, clock: scheduler.clock(life, 0), random, watchdog, call, disk: () => undefined });
  }

  /** The onlooker knows the keys before the vault is written. */
  #telling(client: Backend): Backend {
    const put: Backend['put'] = async (key, body, options) => {
      if (key === VAULT_KEY) {
        const parts: Uint8Array[] = [];
        for await (const chunk of body.open()) parts.push(chunk);
        const document = parseVaultDocument(Buffer.concat(parts));
        if (isSealed(document)) this.#ports.lens.shift(codecOf(document, await openKeyring(document, SWITCH_SECRET)) satisfies SealedCodec);
      }
      return client.put(key, body, options);
    };
    return new Proxy(client, {
      get: (target, name: keyof Backend) => {
        if (name === 'put') return put;
        const own: unknown = target[name];
        return typeof own === 'function' ? own.bind(target) : own;
      },
    });
  }
}
