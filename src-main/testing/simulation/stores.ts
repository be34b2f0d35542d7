import type { Backend } from '../../backends/backend.ts';
import { openLocalBackend } from '../../backends/local/local-backend.ts';
import { type BackendStep, createMemoryStore, type MemoryStore } from '../../backends/memory/memory-backend.ts';
import type { Clock, Random } from '../../platform/clock.ts';
import { nodeHasher } from '../../platform/node-hash.ts';
import { CONTROL_PREFIX } from '../../remote/keys.ts';
import { FakeFs, type Step } from '../fake-fs.ts';
import type { Ledger } from './ledger.ts';
import { type Lens, newFormLast, PLAIN_LENS } from './lens.ts';
import { Mood, type Moods, moodyClient } from './moody-client.ts';
import { OtherTool } from './other-tool.ts';
import { filesOf } from './sim-device.ts';
import type { SimEvent } from './sim-event.ts';
import { type Users, withoutArrow } from './users.ts';
import type { Place, StorePlace, Watchdog } from './watchdog.ts';

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
export interface SimStore extends StorePlace {
  client(ports: ClientPorts): Promise<Backend>;
  /** Another program at work in the store. */
  foreign(users: Users, event: SimEvent): readonly string[];
  /** Not reachable, as an unplugged drive or a dead server. */
  plug(there: boolean): void;
  powerCut(): void;
  /** From now on it behaves. */
  heal(): Promise<void>;
  /** Permission bits survive. */
  readonly modes: boolean;
}

interface BucketOptions {
  readonly pieceBytes?: number;
  readonly lens?: Lens;
}

export class BucketStore implements SimStore {
  readonly name = 'bucket';
  readonly #store: MemoryStore;
  readonly #mood: Mood | null;
  readonly #otherTool: OtherTool;
  readonly #lens: Lens;
  readonly #pieces: Omit<BucketOptions, 'lens'>;

  constructor(clock: Pick<Clock, 'now'>, ledger: Ledger, moods: Omit<Moods, 'store'> | null, { lens = PLAIN_LENS, ...pieces }: BucketOptions = {}) {
    this.#lens = lens;
    this.#pieces = pieces;
    this.#store = createMemoryStore(clock);
    this.#mood = moods === null ? null : new Mood({ ...moods, store: this.#store });
    const write = (path: string, content: string): void => {
      const key = lens.stored(path);
      const there = this.#store.peek(key);
      this.#store.write(key, there === undefined ? { kind: 'absent' } : { kind: 'match', version: there.version }, Buffer.from(content), {});
    };
    this.#otherTool = new OtherTool(ledger, { write, remove: (path) => this.#store.remove(lens.stored(path)) });
  }

  get modes(): boolean {
    return this.#mood?.traits.modes ?? true;
  }

  async client({ device, watchdog, call }: ClientPorts): Promise<Backend> {
    const step: BackendStep = async (when, operation, key) => {
      if (when === 'after' && (operation === 'put' || operation === 'copy' || operation === 'delete')) watchdog.onStore(device, operation);
      await call(when, operation, key);
    };
    const client = this.#store.client({ step, ...this.#pieces });
    if (this.#mood === null) return client;
    return moodyClient(client, this.#store.client(), this.#mood, this.#store, (operation) => watchdog.onStore(device, operation));
  }

  visible(): ReadonlyMap<string, string> {
    return new Map(this.objects());
  }

  *objects(): Generator<readonly [path: string, content: string]> {
    const keys = this.#store.keys.filter((key) => !key.startsWith(CONTROL_PREFIX) && !key.endsWith('/'));
    for (const [key, path] of newFormLast(keys, this.#lens)) yield [path, this.#text(key)];
  }

  *contents(): Iterable<string> {
    for (const key of this.#store.keys) yield this.#text(key);
  }

  /** A tool that knows nothing of us: no metadata, no conditions. */
  foreign(users: Users, event: SimEvent): readonly string[] {
    return this.#otherTool.act(users, event, this.visible());
  }

  plug(there: boolean): void {
    this.#store.offline = !there;
  }

  powerCut(): void {}

  async heal(): Promise<void> {
    await this.#mood?.heal();
  }

  #text(key: string): string {
    return this.#lens.text(this.#store.peek(key)?.body ?? new Uint8Array(0));
  }
}

const ROOT = '/store';

export class FolderStore implements SimStore {
  readonly name = 'folder';
  readonly modes = true;
  readonly #fs: FakeFs;
  readonly #lens: Lens;
  #volume: ReturnType<FakeFs['disk']['mount']>;

  constructor(clock: Pick<Clock, 'now'>, lens: Lens = PLAIN_LENS) {
    this.#lens = lens;
    this.#fs = new FakeFs({ clock });
    this.#fs.edit.mkdir(ROOT);
    this.#volume = this.#fs.disk.mount(ROOT);
  }

  async client({ device, clock, random, watchdog, disk }: ClientPorts): Promise<Backend> {
    const observe = watchdog.onDisk({ place: this, fs: this.#fs, root: ROOT, lens: this.#lens }, device);
    return openLocalBackend({ fs: this.#fs.view(disk, { observe }), clock, random, newHasher: nodeHasher, root: ROOT, client: device.name });
  }

  visible(): ReadonlyMap<string, string> {
    if (this.#lens === PLAIN_LENS) return filesOf(this.#fs, ROOT);
    return new Map(this.#files(false).map(([path, text]) => [this.#lens.path(path), text]));
  }

  objects(): Iterable<readonly [path: string, content: string]> {
    return this.visible();
  }

  *contents(): Iterable<string> {
    for (const [, text] of this.#files(true)) yield text;
  }

  #files(all: boolean): readonly (readonly [string, string])[] {
    return Object.entries(this.#fs.tree(ROOT, { all })).flatMap(([path, text]) => {
      if (path.endsWith('/')) return [];
      return [[path, text.startsWith('-> ') ? withoutArrow(text) : this.#lens.text(this.#fs.disk.need(`${ROOT}/${path}`).data)]];
    });
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

  async heal(): Promise<void> {}
}
