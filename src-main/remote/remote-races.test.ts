import { describe, expect, it } from 'vitest';
import { SyncError } from '../core/errors.ts';
import { relPath } from '../core/rel-path.ts';
import { nodeHasher } from '../platform/node-hash.ts';
import { bodyWith, fileOf, foreignPut, keysUnder, MemoryWorld, scanAll, textOf, writeText } from '../testing/remote-kit.ts';
import { scanRemote } from './scan-remote.ts';

const DAY = 86_400_000;

describe('others at work between two calls', () => {
  it('C40 between keeping and writing: stale, and nothing is lost', async () => {
    const world = new MemoryWorld();
    const b = world.tree('B');
    const one = await writeText(b, 'a', 'one');
    let met = false;
    const a = world.tree('A', {
      step: async (when, operation, key) => {
        if (met || when !== 'before' || operation !== 'put' || key !== 'a') return;
        met = true;
        await writeText(b, 'a', 'theirs', one);
      },
    });
    expect(await a.write(relPath('a'), fileOf('mine'), bodyWith('mine'), { op: 'a', expect: one })).toEqual({ kind: 'stale' });
    expect(await textOf(world.client(), 'a')).toBe('theirs');
    const kept = await keysUnder(world.client(), '.file-sync/versions/');
    expect(await Promise.all(kept.map((key) => textOf(world.client(), key)))).toContain('one');
  });

  it('C41 a source that is edited after it was copied stays', async () => {
    const world = new MemoryWorld();
    const b = world.tree('B');
    const one = await writeText(b, 'a', 'one');
    const a = world.tree('A', {
      step: async (when, operation, key) => {
        if (when === 'before' && operation === 'delete' && key === 'a') await writeText(b, 'a', 'edited', one);
      },
    });
    expect(await a.move(relPath('a'), relPath('b'), fileOf('one'), one, { op: 'm' })).toMatchObject({ kind: 'done' });
    expect([await textOf(world.client(), 'a'), await textOf(world.client(), 'b')]).toEqual(['edited', 'one']);
  });

  it('a copy that is replaced at once does not cost the source', async () => {
    const world = new MemoryWorld();
    const one = await writeText(world.tree('B'), 'a', 'one');
    const a = world.tree('A', {
      step: async (when, operation, key) => {
        if (when === 'after' && operation === 'copy' && key === 'b') await foreignPut(world.client(), 'b', 'somebody else');
      },
    });
    await a.move(relPath('a'), relPath('b'), fileOf('one'), one, { op: 'm' });
    expect([await textOf(world.client(), 'a'), await textOf(world.client(), 'b')]).toEqual(['one', 'somebody else']);
  });
});

describe('what must not pass for something else', () => {
  it('C52 a body that was cut off is no content', async () => {
    const world = new MemoryWorld();
    await foreignPut(world.client(), 'a', 'whole');
    const backend = world.client();
    const cut = Object.assign(Object.create(backend) as typeof backend, {
      list: backend.list.bind(backend),
      stat: backend.stat.bind(backend),
      get: async (key: string) => {
        const object = await backend.get(key);
        return object === null
          ? null
          : {
              ...object,
              chunks: (async function* () {
                yield Buffer.from('who');
              })(),
            };
      },
    });
    const seen = await scanRemote(cut, nodeHasher, { base: new Map(), rehash: false });
    expect([...seen.entries.keys()]).toEqual([]);
    expect(seen.problems).toMatchObject([{ path: 'a', reason: 'corrupt' }]);
  });

  it('a wrong record is believed until a full look', async () => {
    const world = new MemoryWorld();
    await foreignPut(world.client(), 'a', 'truth', { sha256: 'f'.repeat(64) });
    const tree = world.tree('A');
    const hashes = [await scanAll(tree), await tree.scan({ base: new Map(), rehash: true })].map((s) => s.entries.get(relPath('a'))?.entry);
    expect(hashes).toEqual([expect.objectContaining({ hash: 'f'.repeat(64) }), expect.objectContaining({ hash: fileOf('truth').hash })]);
  });
});

it('one kept version that cannot be removed does not keep the others', async () => {
  const world = new MemoryWorld();
  for (let i = 0; i < 20; i++) await foreignPut(world.client(), `.file-sync/versions/${i}/0000000000001~0000000000002~r`, 'x');
  const tree = world.tree('A', {
    step: async (when, operation, key) => {
      if (when === 'before' && operation === 'delete' && /\/1\d\//.test(key)) throw new SyncError('no-permission', 'no');
    },
  });
  world.nowMs += 100 * DAY;
  await tree.sweep({ keep: 0, days: 30 });
  expect(await keysUnder(world.client(), '.file-sync/versions/')).toHaveLength(10);
});
