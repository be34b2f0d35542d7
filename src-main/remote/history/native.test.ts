import { describe, expect, it } from 'vitest';
import type { Backend } from '../../backends/backend.ts';
import type { S3Api } from '../../backends/s3/s3-api.ts';
import { SyncError } from '../../core/errors.ts';
import { relPath } from '../../core/rel-path.ts';
import { nodeHasher } from '../../platform/node-hash.ts';
import { foreignPut, keysUnder, treeOn } from '../../testing/remote-kit.ts';
import { FORMS, sealedOn } from '../../testing/sealed-kit.ts';
import { SimStore } from '../../testing/sim-s3/sim-store.ts';
import { openRemoteTree } from '../remote-tree-on-backend.ts';
import { openPast } from './past-on-backend.ts';

const F = relPath('d/f.txt');
const VERSIONED = { profile: 'aws', quirks: { versioning: 'always' } } as const;

function body(text: string) {
  const bytes = Buffer.from(text);
  return {
    size: bytes.length,
    async *open() {
      yield bytes;
    },
  };
}

function entryOf(text: string) {
  const hasher = nodeHasher();
  hasher.update(Buffer.from(text));
  return { kind: 'file', size: text.length, hash: hasher.digest() as never, mtimeNs: 1n, mode: 0o640 } as const;
}

/** Writes the texts one after the other and removes the last; the instants between them. */
async function written(store: SimStore, backend: Backend, texts: readonly string[], keepIn: 'auto' | 'copies' = 'auto'): Promise<readonly number[]> {
  const { clock } = store;
  const random = { id: () => '0123456789abcdef' };
  const tree = openRemoteTree({ backend, newHasher: nodeHasher, clock, random, device: 'x', keepVersions: true, alwaysCopies: keepIn === 'copies' });
  const instants: number[] = [];
  let version: Awaited<ReturnType<typeof tree.write>> | null = null;
  for (const text of texts) {
    await clock.sleep(60_000);
    instants.push(clock.now());
    await clock.sleep(60_000);
    version = await tree.write(F, entryOf(text), body(text), { op: 'op', expect: version?.kind === 'done' ? version.version : null });
  }
  await clock.sleep(60_000);
  instants.push(clock.now());
  await clock.sleep(60_000);
  if (version?.kind === 'done') expect(await tree.remove(F, 'file', version.version)).toEqual({ kind: 'done' });
  await clock.sleep(60_000);
  return [...instants, clock.now()];
}

async function textsAt(backend: Backend, instants: readonly number[]): Promise<readonly (string | null)[]> {
  const past = openPast({ backend, newHasher: nodeHasher });
  const texts: (string | null)[] = [];
  for (const at of instants) {
    let text: string | null = null;
    for await (const item of past.treeAt(at)) {
      if (item.kind !== 'leaf' || item.path !== F) continue;
      const found = await past.resolve(item);
      expect([item.sure, found?.entry]).toMatchObject([true, { kind: 'file', mode: 0o640 }]);
      const chunks = found?.bytes == null ? null : await past.open(found.bytes, { offset: 0 });
      text = '';
      for await (const chunk of chunks ?? []) text += Buffer.from(chunk).toString();
    }
    texts.push(text);
  }
  return texts;
}

const KINDS = [
  ['in the open', null],
  ['encrypted', FORMS['encrypted and compressed']],
  ['with hidden names', FORMS['with hidden names']],
] as const;

describe.each(KINDS)('a bucket that keeps versions, %s', (_name, form) => {
  const setUp = (): { readonly store: SimStore; readonly open: () => Backend } => {
    const store = new SimStore(VERSIONED);
    return { store, open: () => (form === null ? store.backend() : sealedOn(store.backend(), form)) };
  };

  it('tells what was there at any instant, and nothing is stored a second time', async () => {
    const { store, open } = setUp();
    const backend = open();
    const instants = await written(store, backend, ['one', 'two', 'three']);
    expect(await keysUnder(backend, '.file-sync/versions')).toEqual([]);
    expect(await textsAt(open(), instants)).toEqual([null, 'one', 'two', 'three', null]);
    const lives = await openPast({ backend: open(), newHasher: nodeHasher }).livesOf(F);
    expect(lives.map(({ ended, before }) => [ended, before])).toEqual([
      ['replaced', 'nothing'],
      ['replaced', 'life'],
      ['removed', 'life'],
    ]);
  });

  it('of which copies are kept too tells each content once', async () => {
    const { store, open } = setUp();
    const backend = open();
    const instants = await written(store, backend, ['one', 'two'], 'copies');
    expect(await keysUnder(backend, '.file-sync/versions')).toHaveLength(2);
    expect(await textsAt(open(), instants)).toEqual([null, 'one', 'two', null]);
    expect(await openPast({ backend: open(), newHasher: nodeHasher }).livesOf(F)).toHaveLength(2);
  });

  it('is counted, and pruned only when that is asked for; never the newest of a path', async () => {
    const { store, open } = setUp();
    const backend = open();
    const instants = await written(store, backend, ['one', 'two', 'three']);
    const tree = treeOn(open(), 'sweeper');
    const rule = { keep: 1, days: 36_500 };
    const all = await tree.sweep(rule);
    expect(all.count).toBe(3);
    expect(all.bytes).toBeGreaterThanOrEqual(11);
    expect(await tree.sweep({ ...rule, prunesStore: true })).toMatchObject({ count: 1 });
    expect(await textsAt(open(), instants.slice(3))).toEqual(['three', null]);
    const lost = [];
    for await (const item of openPast({ backend: open(), newHasher: nodeHasher }).treeAt(instants[1] ?? 0)) lost.push(item.kind);
    expect(lost).toEqual(['lost']);
  });
});

describe('a bucket whose versions cannot be relied on', () => {
  it('because its versioning is suspended: what it would replace is copied, what it goes on keeping is not', async () => {
    const store = new SimStore({ profile: 'aws' });
    store.s3.bucket.versioning = 'Suspended';
    const backend = store.backend();
    const instants = await written(store, backend, ['one', 'two']);
    expect(await keysUnder(backend, '.file-sync/versions')).toHaveLength(2);
    expect(await textsAt(store.backend(), instants)).toEqual([null, 'one', 'two', null]);
  });

  it('because the credentials may not see them: copies are kept', async () => {
    const store = new SimStore(VERSIONED);
    const wrap = (api: S3Api): S3Api =>
      new Proxy(api, {
        get: (target, name: keyof S3Api) => {
          if (name === 'listVersions') return () => Promise.reject(new SyncError('refused', 's3:ListBucketVersions is not allowed'));
          const own: unknown = target[name];
          return typeof own === 'function' ? own.bind(target) : own;
        },
      });
    const open = (): Backend => store.backend({ wrap });
    const backend = open();
    const instants = await written(store, backend, ['one', 'two']);
    expect(await keysUnder(backend, '.file-sync/versions')).toHaveLength(2);
    expect(await textsAt(open(), instants)).toEqual([null, 'one', 'two', null]);
  });

  it('because they were turned on later: what was copied before and what is kept since make one history', async () => {
    const store = new SimStore({ profile: 'aws' });
    const before = await written(store, store.backend(), ['one', 'two']);
    store.s3.bucket.versioning = 'Enabled';
    const after = await written(store, store.backend(), ['three', 'four']);
    expect(await textsAt(store.backend(), [...before, ...after])).toEqual([null, 'one', 'two', null, null, 'three', 'four', null]);
  });

  it('what another program replaced and deleted there is known for certain', async () => {
    const store = new SimStore(VERSIONED);
    const backend = store.backend();
    await foreignPut(backend, 'plain.txt', 'theirs');
    await store.clock.sleep(60_000);
    const then = store.clock.now();
    await store.clock.sleep(60_000);
    store.s3.foreign('plain.txt', 'theirs, again');
    await store.clock.sleep(60_000);
    store.s3.hide('plain.txt');
    const found = [];
    const past = openPast({ backend: store.backend(), newHasher: nodeHasher });
    for await (const item of past.treeAt(then)) if (item.kind === 'leaf') found.push([item.path, item.sure, (await past.resolve(item))?.entry]);
    expect(found).toMatchObject([['plain.txt', true, { kind: 'file', size: 6 }]]);
  });
});
