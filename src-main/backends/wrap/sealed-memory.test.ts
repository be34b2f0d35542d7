import { FORMS, sealedStores } from '../../testing/sealed-kit.ts';
import type { TestStore } from '../conformance.ts';
import { describeBackend } from '../conformance.ts';
import { createMemoryStore } from '../memory/memory-backend.ts';

async function memoryStore(): Promise<TestStore> {
  let now = 1_700_000_000_000;
  const store = createMemoryStore({ now: () => now++ });
  return {
    backend: store.client(),
    second: store.client(),
    vanish: () => {
      store.offline = true;
    },
    comeBack: () => {
      store.offline = false;
    },
  };
}

for (const [name, form] of Object.entries(FORMS)) describeBackend(`sealed memory, ${name}`, sealedStores(memoryStore, form), { bigBytes: 300_000, rounds: 2, manyKeys: 120 });
