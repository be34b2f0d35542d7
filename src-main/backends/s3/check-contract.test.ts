import { describe, expect, it } from 'vitest';
import { httpStores } from '../../testing/http-store.ts';
import { PROFILES, type Profile } from '../../testing/s3-server/quirks.ts';
import type { Backend } from '../backend.ts';
import { type ContractResult, checkContract } from '../check-contract.ts';

/** What `verify-backend` says of each kind of store; nothing of its own may be left for a listing to show. */
describe.each(Object.keys(PROFILES) as Profile[])('the contract on a bucket as %s', (profile) => {
  it(`is kept by ${profile}, and nothing is left`, async () => {
    const { backend, second, dispose } = await httpStores(profile)();
    try {
      const results: ContractResult[] = [];
      for await (const result of checkContract(backend, second, { prefix: '.file-sync/check-1/', quick: true })) results.push(result);
      expect(results.filter(({ verdict }) => verdict === 'failed')).toEqual([]);
      if (backend.capabilities.atomicConditions) expect(results.filter(({ verdict }) => verdict === 'weak')).toEqual([]);
      expect(await keysOf(backend)).toEqual([]);
    } finally {
      await backend.close();
      await second.close();
      await dispose?.();
    }
  });
});

async function keysOf(backend: Backend): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of backend.list('')) keys.push(key);
  return keys.filter((key) => key.includes('check-1'));
}
