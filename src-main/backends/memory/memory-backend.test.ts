import { describeBackend } from '../conformance.ts';
import { createMemoryStore } from './memory-backend.ts';

describeBackend('memory', async () => {
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
});
