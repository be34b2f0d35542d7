import type { Backend } from '../../backends/backend.ts';
import { LargeUploads } from '../../backends/s3/multipart/large-uploads.ts';
import { probe } from '../../backends/s3/probe/probe.ts';
import { S3Backend, type WaysSource } from '../../backends/s3/s3-backend.ts';
import { isTombstone } from '../../backends/s3/tombstone.ts';
import { levelOf, type Ways } from '../../backends/s3/ways.ts';
import type { Clock } from '../../platform/clock.ts';
import { md5Hasher, nodeHasher } from '../../platform/node-hash.ts';
import { CONTROL_PREFIX } from '../../remote/keys.ts';
import { memoryStateStore } from '../../state/memory-store.ts';
import type { SeededRandom } from '../random.ts';
import type { StoredObject } from '../s3-server/bucket.ts';
import type { Profile } from '../s3-server/quirks.ts';
import { SimS3 } from '../sim-s3/sim-s3.ts';
import type { S3Step } from '../sim-s3/sim-s3-api.ts';
import { waysOf } from '../sim-s3/ways-of.ts';
import type { Ledger } from './ledger.ts';
import { type Lens, newFormLast, PLAIN_LENS } from './lens.ts';
import { OtherTool } from './other-tool.ts';
import type { SimEvent } from './sim-event.ts';
import type { ClientPorts, SimStore } from './stores.ts';
import type { Users } from './users.ts';

/** Few keys to a page, so that listings have pages here too. */
const PAGE_KEYS = 5;
/** Of the requests that get no answer, so many take effect later. */
const LATE = 0.25;

export interface S3StoreOptions {
  readonly servers: readonly Profile[];
  readonly random: SeededRandom;
  /** Requests that were given up may still come through. */
  readonly late: () => boolean;
  readonly lens?: Lens;
}

/** The S3 backend on a simulated server: each request is a step. */
export class S3Store implements SimStore {
  readonly name = 'bucket';
  readonly modes = true;
  readonly #s3: SimS3;
  readonly #ways: Ways;
  readonly #options: S3StoreOptions;
  readonly #lens: Lens;
  readonly #otherTool: OtherTool;

  constructor(clock: Pick<Clock, 'now'>, ledger: Ledger, options: S3StoreOptions) {
    this.#options = options;
    this.#lens = options.lens ?? PLAIN_LENS;
    const { random, servers } = options;
    const etag = random.below(4) === 0 ? 'opaque' : 'md5';
    this.#s3 = new SimS3({ profile: random.pick(servers), quirks: { etag }, now: () => clock.now(), pageKeys: PAGE_KEYS });
    this.#ways = waysOf(this.#s3.quirks, clock.now());
    this.#otherTool = new OtherTool(ledger, {
      write: (path, content) => void this.#s3.foreign(this.#lens.stored(path), content),
      remove: (path) => void this.#s3.hide(this.#lens.stored(path)),
    });
  }

  async client({ device, clock, random, watchdog, call }: ClientPorts): Promise<Backend> {
    const step: S3Step = async (when, operation, key) => {
      if (when === 'after' && operation === 'head') watchdog.looked(device, key);
      if (when === 'after' && WRITES.includes(operation))
        watchdog.onStore(this.#judgesEach ? device : null, operation, { isBlind: operation === 'delete' && this.#ways.delete !== 'enforced' });
      try {
        await call(when, operation, key);
        return undefined;
      } catch {
        return when === 'before' && this.#options.late() && this.#options.random.fraction() < LATE ? 'late' : 'lost';
      }
    };
    const api = this.#s3.client({ step });
    api.speak(this.#ways.dialect);
    const ways: WaysSource = { known: this.#ways, forWriting: async () => this.#ways, look: (signal) => probe({ api, clock, random }, signal) };
    const large = new LargeUploads({ api, notes: memoryStateStore().notes, clock, random, newHasher: nodeHasher, newMd5: md5Hasher });
    return new S3Backend({ api, clock, random, newHasher: nodeHasher, client: device.name, ways, large });
  }

  /** Where writes are judged after the fact, something may be out of sight for a moment. */
  get #judgesEach(): boolean {
    return levelOf(this.#ways) === 'conditional';
  }

  visible(): ReadonlyMap<string, string> {
    return new Map(this.objects());
  }

  *objects(): Generator<readonly [path: string, content: string]> {
    for (const [key, path] of newFormLast(this.#s3.keys(), this.#lens)) {
      const object = this.#s3.bucket.current(key);
      if (object === undefined || key.startsWith(CONTROL_PREFIX) || key.endsWith('/') || isTombstone({ size: object.content.size, meta: object.meta })) continue;
      yield [path, this.#text(object)];
    }
  }

  *contents(): Iterable<string> {
    for (const key of this.#s3.bucket.keys()) for (const version of this.#s3.bucket.versionsOf(key)) if (version.kind === 'object') yield this.#text(version);
  }

  #text({ content }: StoredObject): string {
    return this.#lens.text(content.bytes?.() ?? new Uint8Array(0));
  }

  foreign(users: Users, event: SimEvent): readonly string[] {
    return this.#otherTool.act(users, event, this.visible());
  }

  plug(there: boolean): void {
    this.#s3.offline = !there;
  }

  powerCut(): void {}

  /** What was given up comes through after all. */
  async heal(): Promise<void> {
    this.#s3.landLate();
  }
}

const WRITES = ['put', 'copy', 'delete', 'complete'];
