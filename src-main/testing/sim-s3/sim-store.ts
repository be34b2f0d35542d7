import { type LargeUploadOptions, LargeUploads } from '../../backends/s3/multipart/large-uploads.ts';
import { probe } from '../../backends/s3/probe/probe.ts';
import type { S3Api } from '../../backends/s3/s3-api.ts';
import { S3Backend, type WaysSource } from '../../backends/s3/s3-backend.ts';
import type { Ways } from '../../backends/s3/ways.ts';
import { md5Hasher, nodeHasher } from '../../platform/node-hash.ts';
import { memoryStateStore } from '../../state/memory-store.ts';
import { SeededRandom } from '../random.ts';
import { HastyClock } from './hasty-clock.ts';
import { SimS3, type SimS3Options } from './sim-s3.ts';
import type { SimClientOptions } from './sim-s3-api.ts';
import { waysOf } from './ways-of.ts';

/** A simulated bucket and S3 backends of it, each a device; the clock is the store's and everybody's. */
export class SimStore {
  readonly clock = new HastyClock();
  readonly s3: SimS3;
  readonly #large: LargeUploadOptions;
  #devices = 0;

  constructor({ large = {}, ...options }: Omit<SimS3Options, 'now'> & { readonly large?: LargeUploadOptions } = {}) {
    this.#large = large;
    this.s3 = new SimS3({ ...options, now: () => this.clock.now() });
  }

  /** `wrap` may stand between the backend and the store. */
  backend(options: SimClientOptions & { readonly wrap?: (api: S3Api) => S3Api } = {}, changes: Partial<Ways> = {}): S3Backend {
    const ways = { ...waysOf(this.s3.quirks, this.clock.now()), ...changes };
    const client = this.s3.client(options);
    const api = options.wrap?.(client) ?? client;
    api.speak(ways.dialect);
    const device = ++this.#devices;
    const { clock } = this;
    const random = new SeededRandom(device);
    const large = new LargeUploads({ api, notes: memoryStateStore().notes, clock, random, newHasher: nodeHasher, newMd5: md5Hasher }, this.#large);
    const source: WaysSource = { known: ways, forWriting: async () => ways, look: (signal) => probe({ api, clock, random }, signal) };
    return new S3Backend({ api, clock, random, newHasher: nodeHasher, client: `device-${device}`, ways: source, large });
  }
}
