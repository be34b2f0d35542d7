import type { TestStore } from '../backends/conformance.ts';
import { createMemoryStore } from '../backends/memory/memory-backend.ts';
import type { Profile } from './s3-server/quirks.ts';
import { SimStore } from './sim-s3/sim-store.ts';

/** Two clients of one store in memory, for the contract of backends. */
export async function memoryTestStore(): Promise<TestStore> {
  let now = 1_700_000_000_000;
  const store = createMemoryStore({ now: () => now++ });
  return { backend: store.client(), second: store.client(), ...switchOf(store) };
}

/** Two clients of one simulated bucket. */
export async function bucketTestStore(profile: Profile): Promise<TestStore> {
  const store = new SimStore({ profile, pageKeys: 100, large: { largeFrom: 150_000, partBytes: 100_000 } });
  return { backend: store.backend(), second: store.backend(), ...switchOf(store.s3) };
}

/** As if its drive were pulled out, or its network gone, and there again. */
function switchOf(store: { offline: boolean }): Pick<TestStore, 'vanish' | 'comeBack'> {
  return {
    vanish: () => {
      store.offline = true;
    },
    comeBack: () => {
      store.offline = false;
    },
  };
}
