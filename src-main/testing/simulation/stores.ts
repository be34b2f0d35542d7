import type { Backend } from '../../backends/backend.ts';
import { openLocalBackend } from '../../backends/local/local-backend.ts';
import { type BackendStep, createMemoryStore, type MemoryStore } from '../../backends/memory/memory-backend.ts';
import type { Clock, Random } from '../../platform/clock.ts';
import { nodeHasher } from '../../platform/node-hash.ts';
import { CONTROL_PREFIX } from '../../remote/keys.ts';
import { FakeFs, type Step } from '../fake-fs.ts';
import type { Ledger } from './ledger.ts';
import { filesOf } from './sim-device.ts';
import type { SimEvent } from './sim-event.ts';
import { type Users, withoutArrow } from './users.ts';
import type { Place, Watchdog } from './watchdog.ts';

export interface ClientPorts {
  readonly device: Place;
  readonly clock: Clock;
  readonly random: Random;
  readonly watchdog: Watchdog;
  /** Before and after each call of a bucket. */
  readonly call: BackendStep;
  /** Before each call on a folder store's disk. */
  readonly disk: Step;
}

/** Where the devices meet. */
export interface SimStore extends Place {
  client(ports: ClientPorts): Promise<Backend>;
  /** Another program at work in the store. */
  foreign(users: Users, event: SimEvent): readonly string[];
  /** Not reachable, as an unplugged drive or a dead server. */
  plug(there: boolean): void;
  powerCut(): void;
}

export class BucketStore implements SimStore {
  readonly name = 'bucket';
  readonly #store: MemoryStore;
  readonly #ledger: Ledger;
  #foreign = 0;

  constructor(clock: Pick<Clock, 'now'>, ledger: Ledger) {
    this.#store = createMemoryStore(clock);
    this.#ledger = ledger;
  }

  async client({ device, watchdog, call }: ClientPorts): Promise<Backend> {
    const step: BackendStep = async (when, operation, key) => {
      if (when === 'after' && (operation === 'put' || operation === 'copy' || operation === 'delete')) watchdog.onStore(device, operation);
      await call(when, operation, key);
    };
    return this.#store.client({ step });
  }

  visible(): ReadonlyMap<string, string> {
    const files = new Map<string, string>();
    for (const key of this.#store.keys) if (!key.startsWith(CONTROL_PREFIX) && !key.endsWith('/')) files.set(key, this.#text(key));
    return files;
  }

  *contents(): Iterable<string> {
    for (const key of this.#store.keys) yield this.#text(key);
  }

  /** A tool that knows nothing of us: no metadata, no conditions. */
  foreign(users: Users, { a, b }: SimEvent): readonly string[] {
    const keys = [...this.visible().keys()];
    const key = keys[a % Math.max(1, keys.length)];
    const old = key === undefined ? undefined : this.#store.peek(key);
    if (key !== undefined && old !== undefined && b % 3 === 0) {
      this.#ledger.letGo(key, this.#text(key));
      this.#store.remove(key);
      users.acts.push(`another tool removes ${key}`);
      return [key];
    }
    const target = key !== undefined && old !== undefined && b % 3 === 1 ? key : `from elsewhere ${a % 3}`;
    const content = `X${++this.#foreign}`;
    const there = this.#store.peek(target);
    if (there !== undefined) this.#ledger.letGo(target, this.#text(target));
    this.#ledger.wrote(content);
    this.#store.write(target, there === undefined ? { kind: 'absent' } : { kind: 'match', version: there.version }, Buffer.from(content), {});
    users.acts.push(`another tool writes ${content} to ${target}`);
    return [target];
  }

  plug(there: boolean): void {
    this.#store.offline = !there;
  }

  powerCut(): void {}

  #text(key: string): string {
    return Buffer.from(this.#store.peek(key)?.body ?? []).toString();
  }
}

const ROOT = '/store';

export class FolderStore implements SimStore {
  readonly name = 'folder';
  readonly #fs: FakeFs;
  #volume: ReturnType<FakeFs['disk']['mount']>;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#fs = new FakeFs({ clock });
    this.#fs.edit.mkdir(ROOT);
    this.#volume = this.#fs.disk.mount(ROOT);
  }

  async client({ device, clock, random, watchdog, disk }: ClientPorts): Promise<Backend> {
    const observe = watchdog.onDisk({ place: this, fs: this.#fs, root: ROOT }, device);
    return openLocalBackend({ fs: this.#fs.view(disk, { observe }), clock, random, newHasher: nodeHasher, root: ROOT, client: device.name });
  }

  visible(): ReadonlyMap<string, string> {
    return filesOf(this.#fs, ROOT);
  }

  *contents(): Iterable<string> {
    for (const [path, text] of Object.entries(this.#fs.tree(ROOT, { all: true }))) if (!path.endsWith('/')) yield withoutArrow(text);
  }

  foreign(users: Users, event: SimEvent): readonly string[] {
    const act = (['write', 'overwrite', 'remove', 'rename'] as const)[event.b % 4] ?? 'write';
    return users.act({ who: 'X', fs: this.#fs, root: ROOT, area: '' }, { act, a: event.a, b: event.b });
  }

  plug(there: boolean): void {
    if (there) this.#fs.disk.mount(ROOT, this.#volume);
    else this.#fs.disk.unmount(ROOT);
  }

  powerCut(): void {
    this.#fs.powerCut();
  }
}
