import { S3Backend } from '../../backends/s3/s3-backend.ts';
import type { Ways } from '../../backends/s3/ways.ts';
import { nodeHasher } from '../../platform/node-hash.ts';
import { SeededRandom } from '../random.ts';
import { HastyClock } from './hasty-clock.ts';
import { SimS3, type SimS3Options } from './sim-s3.ts';
import type { SimClientOptions } from './sim-s3-api.ts';
import { waysOf } from './ways-of.ts';

/** A simulated bucket and S3 backends of it, each a device; the clock is the store's and everybody's. */
export class SimStore {
  readonly clock = new HastyClock();
  readonly s3: SimS3;
  #devices = 0;

  constructor(options: Omit<SimS3Options, 'now'> = {}) {
    this.s3 = new SimS3({ ...options, now: () => this.clock.now() });
  }

  backend(options: SimClientOptions = {}, changes: Partial<Ways> = {}): S3Backend {
    const ways = { ...waysOf(this.s3.quirks, this.clock.now()), ...changes };
    const api = this.s3.client(options);
    api.speak(ways.dialect);
    const device = ++this.#devices;
    return new S3Backend({
      api,
      clock: this.clock,
      random: new SeededRandom(device),
      newHasher: nodeHasher,
      client: `device-${device}`,
      knownWays: () => ways,
      ways: async () => ways,
    });
  }
}
