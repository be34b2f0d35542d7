import { describe, expect, it } from 'vitest';
import type { Version } from '../core/entry.ts';
import { relPath } from '../core/rel-path.ts';
import { Crash, type Step } from '../testing/fake-fs.ts';
import { FakeStore, STORE } from '../testing/local-store.ts';
import { fileOf, treeOn, writeText } from '../testing/remote-kit.ts';
import type { RemoteTree } from './remote-tree.ts';

const OLD = relPath('f/a');
const NEW = relPath('g/b');
const CONTENT = 'written with care';
const { signal } = new AbortController();

interface Way {
  readonly name: string;
  readonly to: typeof NEW | null;
  readonly act: (tree: RemoteTree, version: Version) => Promise<unknown>;
}
const WAYS: readonly Way[] = [
  { name: 'removal', to: null, act: (tree, version) => tree.remove(OLD, 'file', version) },
  { name: 'move', to: NEW, act: (tree, version) => tree.move(OLD, NEW, fileOf(CONTENT), version, { op: 'op-move', signal }) },
];

async function begun(hardLinks: boolean): Promise<{ readonly store: FakeStore; readonly version: Version }> {
  const store = new FakeStore({ hardLinks });
  return { store, version: await writeText(treeOn(await store.open('one'), 'laptop'), OLD, CONTENT) };
}

/** Kills a run of a device after so many calls of its disk; whether it died. */
async function killed(store: FakeStore, calls: number, act: (tree: RemoteTree) => Promise<unknown>): Promise<boolean> {
  let left = Number.POSITIVE_INFINITY;
  const step: Step = () => {
    if (--left < 0) throw new Crash('dead');
  };
  const tree = treeOn(await store.open('one', step), 'laptop');
  left = calls;
  const outcome = await act(tree).catch((error: unknown) => error);
  return outcome instanceof Crash;
}

describe.each([true, false])('a run that dies on a folder, hard links: %s', (hardLinks) => {
  it.each(WAYS)('C48 anywhere in a $name: the next one finds what it had known there, or nothing, and the content is kept', async ({ to, act }) => {
    for (let calls = 0; ; calls++) {
      const { store, version } = await begun(hardLinks);
      const died = await killed(store, calls, (tree) => act(tree, version));
      const next = treeOn(await store.open('one'), 'laptop');
      await next.settleRemoval(OLD, { entry: fileOf(CONTENT), version }, to);
      const there = await next.look(OLD, 'file');
      expect([null, version], `killed after ${calls} calls`).toContain(there?.version ?? null);
      expect(Object.values(store.fs.tree(STORE, { all: true })), `killed after ${calls} calls`).toContain(CONTENT);
      if (!died) return expect(there).toBeNull();
    }
  });
});

describe('what is no unfinished removal of this device', () => {
  /** A process that died between the two names of a removal. */
  async function underBothNames(): Promise<{ readonly store: FakeStore; readonly version: Version }> {
    for (let calls = 0; ; calls++) {
      const { store, version } = await begun(true);
      if (!(await killed(store, calls, (tree) => tree.remove(OLD, 'file', version)))) throw new RangeError('never under both names');
      const there = await treeOn(await store.open('two'), 'desk').look(OLD, 'file');
      if (there !== null && there.version !== version) return { store, version };
    }
  }

  it('C46 stays where another program wrote into it since', async () => {
    const { store, version } = await underBothNames();
    store.fs.edit.write(`${STORE}/${OLD}`, 'written by another');
    const next = treeOn(await store.open('one'), 'laptop');
    await next.settleRemoval(OLD, { entry: fileOf(CONTENT), version }, null);
    expect(store.fs.tree(STORE)).toMatchObject({ [OLD]: 'written by another' });
  });

  it('stays where another device made the very same file again', async () => {
    const { store, version } = await underBothNames();
    store.fs.edit.remove(`${STORE}/${OLD}`);
    await writeText(treeOn(await store.open('two'), 'desk'), OLD, CONTENT);
    const next = treeOn(await store.open('one'), 'laptop');
    await next.settleRemoval(OLD, { entry: fileOf(CONTENT), version }, null);
    expect(store.fs.tree(STORE)).toMatchObject({ [OLD]: CONTENT });
  });

  it('stays in a store whose removals make no second name', async () => {
    const { store, version } = await underBothNames();
    const backend = await store.open('one');
    const plain = treeOn({ ...asPlain(backend) }, 'laptop');
    await plain.settleRemoval(OLD, { entry: fileOf(CONTENT), version }, null);
    expect(store.fs.tree(STORE)).toMatchObject({ [OLD]: CONTENT });
  });
});

function asPlain(backend: Awaited<ReturnType<FakeStore['open']>>): typeof backend {
  return new Proxy(backend, {
    get: (target, name: keyof typeof backend) => (name === 'isSame' ? undefined : typeof target[name] === 'function' ? target[name].bind(target) : target[name]),
  });
}
