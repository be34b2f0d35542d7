import { expect, it } from 'vitest';
import { relPath } from '../core/rel-path.ts';
import { memoryStateStore, memoryStorage } from './memory-store.ts';
import { baseOf, describeStateStore, file } from './state-store-contract.ts';

describeStateStore('memory', async () => {
  const storage = memoryStorage();
  return { open: async () => memoryStateStore({ storage }), clean: async () => undefined };
});

it('C48 a crash in a step leaves the change whole or undone', async () => {
  for (const [at, expected] of [
    ['commit:before', 0],
    ['commit:after', 1],
  ] as const) {
    const storage = memoryStorage();
    const store = memoryStateStore({
      storage,
      step: async (step) => {
        if (step === at) throw new Error('crash');
      },
    });
    await expect(store.commit({ put: [[relPath('a'), baseOf(file)]] })).rejects.toThrow('crash');
    expect((await memoryStateStore({ storage }).load()).base.size).toBe(expected);
  }
});
