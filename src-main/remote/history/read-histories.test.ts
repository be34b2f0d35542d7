import { expect, it } from 'vitest';
import type { Backend } from '../../backends/backend.ts';
import { compareKeys } from '../../core/key-order.ts';
import { FakeStore } from '../../testing/local-store.ts';
import { overBackend } from '../../testing/over-backend.ts';
import { SeededRandom } from '../../testing/random.ts';
import { foreignPut, MemoryWorld } from '../../testing/remote-kit.ts';
import { FORMS, sealedOn } from '../../testing/sealed-kit.ts';
import type { PathHistory } from './lives.ts';
import { readHistories } from './read-histories.ts';

/** The same store, listed in the order of its keys. */
function inOrder(backend: Backend): Backend {
  return overBackend(backend, {
    capabilities: { ...backend.capabilities, listsInOrder: true },
    async *list(prefix, options) {
      const all = [];
      for await (const info of backend.list(prefix, options)) all.push(info);
      yield* all.sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
    },
  });
}

async function all(backend: Backend, windowKeys?: number): Promise<PathHistory[]> {
  const found: PathHistory[] = [];
  for await (const history of readHistories(backend, windowKeys === undefined ? {} : { windowKeys })) found.push(history);
  return found;
}

const sortedBy = (list: readonly PathHistory[]) =>
  [...list].map((h) => ({ ...h, kept: [...h.kept].sort((a, b) => (a.key < b.key ? -1 : 1)) })).sort((a, b) => compareKeys(a.path, b.path));

it('keys compare as their UTF-8 bytes do', () => {
  const texts = ['', 'a', 'a-', 'a/', 'a0', 'ab', 'é', '\uE000', '\uFFFD', '𝒳', 'a𝒳', 'a\uFFFD'];
  for (const a of texts) for (const b of texts) expect(Math.sign(compareKeys(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
});

it('read in windows or whole, the histories of a store are the same, each path once', async () => {
  const random = new SeededRandom(5);
  const world = new MemoryWorld();
  const client = world.client();
  const names = ['a', 'a-', 'a0', '0', '0000000000001~x', '00', '9', ':', 'b', 'é', '\uFFFD', '𝒳'];
  for (let i = 0; i < 300; i++) {
    const path = Array.from({ length: 1 + random.below(3) }, () => random.pick(names)).join('/');
    const time = (n: number): string => String(n).padStart(13, '0');
    const kept = `.file-sync/versions/${path}/${time(random.below(5))}~${time(5 + random.below(5))}~v${random.below(3)}${random.pick(['', '-p0000000000003', '.moved', '.folder'])}`;
    await foreignPut(client, random.pick([path, `${path}/`, kept, kept]), 'x');
  }
  const long = `${'d'.repeat(250)}/`.repeat(4).slice(0, 1000);
  await foreignPut(client, `.file-sync/versions-long/${'a'.repeat(64)}/key`, long);
  await foreignPut(client, `.file-sync/versions-long/${'a'.repeat(64)}/0000000000001~0000000000002~v`, 'x');
  await foreignPut(client, long, 'x');
  const whole = await all(client);
  expect(new Set(whole.map(({ path }) => path)).size).toBe(whole.length);
  expect(whole.find(({ path }) => path === long)).toMatchObject({ live: { key: long }, kept: [{}] });
  for (const windowKeys of [1, 2, 7, 50, 1000]) expect(sortedBy(await all(inOrder(client), windowKeys))).toEqual(sortedBy(whole));
});

it('many paths are read in windows: what is held at once stays small', async () => {
  const world = new MemoryWorld();
  const PATHS = 100_000;
  let ahead = 0;
  let most = 0;
  const key = (i: number): string => `f/${String(i).padStart(7, '0')}`;
  const backend = overBackend(world.client(), {
    capabilities: { ...world.client().capabilities, listsInOrder: true },
    async *list(prefix, { after } = {}) {
      const isKept = prefix.startsWith('.file-sync/versions/');
      if (prefix !== '' && !isKept) return;
      const from = after === undefined ? 0 : Number(/f\/(\d{7})/.exec(after)?.[1]) + (isKept ? 0 : 1);
      for (let i = from; i < PATHS; i++) {
        if (!isKept) most = Math.max(most, ++ahead);
        yield { key: isKept ? `${prefix}${key(i)}/0000000000001~0000000000002~v-p0000000000000` : key(i), size: 1, version: 'v' as never, storedAtMs: 5, meta: { after: '1' } };
      }
    },
  });
  let seen = 0;
  for await (const { kept } of readHistories(backend, { windowKeys: 500 })) {
    ahead--;
    seen++;
    expect(kept).toHaveLength(1);
  }
  expect(seen).toBe(PATHS);
  expect(most).toBeLessThan(2_000);
});

/** The most histories that wait at once, of a store with so many files, each with a version of its own. */
async function mostWaiting(backend: Backend, paths: readonly string[], windowKeys: number): Promise<number> {
  let listed = 0;
  let seen = 0;
  let most = 0;
  const counting = overBackend(backend, {
    async *list(prefix, options) {
      for await (const info of backend.list(prefix, options)) {
        if (prefix === '' && !info.key.endsWith('/')) most = Math.max(most, ++listed - seen);
        yield info;
      }
    },
  });
  const found = new Set<string>();
  for await (const { path, live, kept } of readHistories(counting, { windowKeys })) {
    if (live === null) continue;
    seen++;
    found.add(path);
    expect({ path, kept: kept.length }).toEqual({ path, kept: 1 });
  }
  expect([...found].sort()).toEqual([...paths].sort());
  return most;
}

const MANY = 400;
const many = (): readonly string[] => Array.from({ length: MANY }, (_, i) => `d${i % 13}${i % 2 === 0 ? '' : '-x'}/f${(i * 7919) % MANY}${i % 3 === 0 ? '/in' : ''}`);

it.each([
  ['a folder', null],
  ['a sealed folder', FORMS.encrypted],
  ['a folder with hidden names', FORMS['with hidden names in base32']],
] as const)('the past of %s is read in windows too', async (_name, form) => {
  const store = new FakeStore();
  const raw = await store.open('one');
  const backend = form === null ? raw : sealedOn(raw, form);
  const paths = many();
  for (const path of paths) {
    await foreignPut(backend, path, 'x');
    await foreignPut(backend, `.file-sync/versions/${path}/0000000000001~0000000000002~v-p0000000000000`, 'x');
  }
  expect(backend.capabilities.listsInOrder).toBe(form === null || form.names === 'plain' ? true : 'whole');
  expect(await mostWaiting(backend, paths, 20)).toBeLessThan(MANY / 4);
});
