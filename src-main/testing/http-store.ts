import type { TestStore } from '../backends/conformance.ts';
import { KnownWays } from '../backends/s3/known-ways.ts';
import { type LargeUploadOptions, LargeUploads } from '../backends/s3/multipart/large-uploads.ts';
import { S3Backend } from '../backends/s3/s3-backend.ts';
import type { S3Config } from '../backends/s3/s3-config.ts';
import type { Ways } from '../backends/s3/ways.ts';
import type { Notes } from '../core/notes.ts';
import type { Clock } from '../platform/clock.ts';
import { md5Hasher, nodeHasher } from '../platform/node-hash.ts';
import { nodeRandom } from '../platform/node-random.ts';
import { memoryStateStore } from '../state/memory-store.ts';
import { openTestApi, testConfig } from './http-api-kit.ts';
import type { Profile } from './s3-server/quirks.ts';
import { S3Server } from './s3-server/s3-server.ts';
import { BUCKET } from './s3-server/server-per-test.ts';
import { ShiftingClock } from './shifting-clock.ts';

export interface OpenOptions {
  readonly clock: Clock;
  /** What a probe found before; left out: probed before the first write. */
  readonly ways?: Ways;
  readonly large?: LargeUploadOptions;
  /** What outlives a run; left out: nothing. */
  readonly notes?: Notes;
}

/** One device's backend over HTTP. */
export async function openHttpBackend(config: S3Config, { clock, ways, large, notes = memoryStateStore().notes }: OpenOptions): Promise<S3Backend> {
  const api = await openTestApi(config, { clock });
  if (ways !== undefined) await notes.put('store', 'ways', JSON.stringify({ store: api.id, ways }));
  const ports = { api, clock, random: nodeRandom, newHasher: nodeHasher, notes };
  return new S3Backend({ ...ports, client: nodeRandom.id(), ways: await KnownWays.load(ports), large: new LargeUploads({ ...ports, newMd5: md5Hasher }, large) });
}

/** A fresh server that behaves like `profile`, and two devices. The first of all probes; the others are told what it found. */
export function httpStores(profile: Profile): () => Promise<TestStore> {
  let found: Ways | null = null;
  return async () => {
    const clock = new ShiftingClock();
    const server = await S3Server.start({ profile, buckets: [BUCKET], nowMs: () => clock.now() });
    const open = (): Promise<S3Backend> =>
      openHttpBackend(testConfig(server, { prefix: '' }), { clock, ...(found === null ? {} : { ways: { ...found, probedAtMs: clock.now() } }) });
    if (found === null) {
      const first = await open();
      found = await first.ways();
      await first.close();
    }
    return {
      backend: await open(),
      second: await open(),
      vanish: () => server.setReachable(false),
      comeBack: () => server.setReachable(true),
      dispose: () => server.close(),
    };
  };
}
