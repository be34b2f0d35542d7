import { expect, it } from 'vitest';
import { Crash, type Step } from '../../testing/fake-fs.ts';
import { FakeStore, STORE } from '../../testing/local-store.ts';
import { match, putText, textBody } from '../conformance/kit.ts';

/** A replacement that dies with the lock in its hands; what another start of a client then waits for the same key, ms. */
async function waitedAfterDeath(client: string): Promise<number> {
  const store = new FakeStore();
  const version = await putText(await store.open('one'), 'a', 'old');
  let dead = false;
  const step: Step = (label, path) => {
    // The lock is held from its making to the rename that puts the file in place.
    dead ||= label === 'rename' && (path === `${STORE}/a` || path.includes('/local/tmp/'));
    if (dead) throw new Crash('dead');
  };
  await expect((await store.open('dying', step)).put('a', textBody('new'), { condition: match(version), meta: {} })).rejects.toBeInstanceOf(Crash);
  expect(Object.keys(store.fs.tree(STORE, { all: true })).filter((path) => path.startsWith('.file-sync/local/locks/') && !path.endsWith('/'))).toHaveLength(1);
  const began = store.clock.monotonic();
  const again = await store.open(client);
  const there = await again.stat('a');
  expect(await again.put('a', textBody('newer'), { condition: match(there?.version ?? version), meta: {} })).toMatchObject({ kind: 'done' });
  return store.clock.monotonic() - began;
}

it('C48 a device started again does not wait for its own lock of before; another one waits until it is sure', async () => {
  expect(await waitedAfterDeath('dying')).toBeLessThan(5_000);
  expect(await waitedAfterDeath('other')).toBeGreaterThan(10_000);
});
