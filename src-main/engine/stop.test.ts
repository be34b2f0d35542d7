import { expect, it } from 'vitest';
import { SyncError } from '../core/errors.ts';
import { BenchWorld } from '../testing/bench-pair.ts';
import { overBackend } from '../testing/over-backend.ts';

it('a stop does not wait for old versions to be cleared away', async () => {
  const world = new BenchWorld();
  const a = world.device('a');
  const own = world.store.client();
  let asked: () => void = () => undefined;
  const sweeping = new Promise<void>((resolve) => {
    asked = resolve;
  });
  // Silent until nobody waits any more.
  const backend = overBackend(own, {
    list: (prefix, options) => (prefix.includes('versions') ? silent(options?.signal) : own.list(prefix, options)),
  });
  async function* silent(signal: AbortSignal | undefined): AsyncGenerator<never> {
    asked();
    await new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new SyncError('aborted', 'interrupted'))));
  }
  const engine = await a.open(backend);
  const synced = engine.syncAll();
  await sweeping;
  const stopped = engine.stop();
  await expect(synced).rejects.toMatchObject({ code: 'aborted' });
  await stopped;
});

it('a stop does not wait for a store that says nothing at all', async () => {
  const world = new BenchWorld();
  const own = world.store.client();
  let asked: () => void = () => undefined;
  const asking = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const backend = overBackend(own, {
    get: (_key, options) => {
      asked();
      return new Promise((_resolve, reject) => options?.signal?.addEventListener('abort', () => reject(new SyncError('aborted', 'interrupted'))));
    },
  });
  const engine = await world.device('a').open(backend);
  const synced = engine.syncAll();
  await asking;
  const stopped = engine.stop();
  await expect(synced).rejects.toMatchObject({ code: 'aborted' });
  await stopped;
});
