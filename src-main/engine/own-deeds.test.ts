import { describe, expect, it } from 'vitest';
import type { BackendStep } from '../backends/memory/memory-backend.ts';
import { type BenchPair, BenchWorld } from '../testing/bench-pair.ts';
import { Crash } from '../testing/fake-fs.ts';

/** A deed on this device's disk, or on the store: `call path` or `operation key`. */
type Deed = string;

/** Two devices that hold `start`. */
async function pairWith(start: Readonly<Record<string, string>>): Promise<{ world: BenchWorld; a: BenchPair; b: BenchPair }> {
  const world = new BenchWorld();
  const [a, b] = [world.device('a'), world.device('b')];
  for (const [path, text] of Object.entries(start)) a.write(path, text);
  await (await a.open()).syncAll();
  await (await b.open()).syncAll();
  return { world, a, b };
}

async function sync(device: BenchPair): Promise<void> {
  await (await device.open()).syncAll({ releaseHeld: true });
}

/** The device does the deed and dies before it can remember it. */
async function diesAfter(world: BenchWorld, device: BenchPair, deed: Deed): Promise<void> {
  let isDone = false;
  const storeStep: BackendStep = async (when, operation, key) => {
    if (when === 'after' && `${operation} ${key}` === deed) isDone = true;
  };
  device.step = (label, path) => {
    if (`${label} ${path}` === deed) isDone = true;
  };
  device.stateStep = (at) => {
    if (isDone && at === 'commit:before') throw new Crash(`after ${deed}`);
  };
  const outcome = await (await device.open(world.store.client({ step: storeStep }))).syncAll({ releaseHeld: true }).catch((error: unknown) => error);
  device.step = device.stateStep = undefined;
  expect(outcome).toMatchObject({ message: `after ${deed}` });
}

describe('C48 L4 a deed that was done and not remembered is known as our own', () => {
  it('an upload: an edit made since is no conflict', async () => {
    const { world, a, b } = await pairWith({ f: 'one' });
    a.write('f', 'two');
    await diesAfter(world, a, 'put f');
    a.write('f', 'three');
    await sync(a);
    await sync(b);
    expect([world.stored, b.tree]).toEqual([{ f: 'three' }, { f: 'three' }]);
  });

  it('a download: what the other device made of it since is no conflict', async () => {
    const { world, a, b } = await pairWith({ f: 'one' });
    b.write('f', 'two');
    await sync(b);
    await diesAfter(world, a, 'syncFolder /a');
    b.write('f', 'three');
    await sync(b);
    expect(a.tree).toEqual({ f: 'two' });
    await sync(a);
    expect([world.stored, a.tree]).toEqual([{ f: 'three' }, { f: 'three' }]);
  });

  it('a remote deletion: the same content made anew stays', async () => {
    const { world, a } = await pairWith({ f: 'one', g: 'x' });
    a.remove('f');
    await diesAfter(world, a, 'delete f');
    a.write('f', 'one');
    await sync(a);
    expect(a.tree).toEqual({ f: 'one', g: 'x' });
    expect(world.stored).toEqual(a.tree);
  });

  it('a local deletion: the same content made anew by another comes back here', async () => {
    const { world, a, b } = await pairWith({ f: 'one', g: 'x' });
    b.remove('f');
    await sync(b);
    await diesAfter(world, a, 'rename /a/f');
    b.write('f', 'one');
    await sync(b);
    await sync(a);
    expect(a.tree).toEqual({ f: 'one', g: 'x' });
    expect(world.stored).toEqual(a.tree);
  });

  it('a remote rename: an edit made since is no conflict', async () => {
    const { world, a } = await pairWith({ f: 'one', g: 'x' });
    a.rename('f', 'h');
    await diesAfter(world, a, 'delete f');
    a.write('h', 'two');
    await sync(a);
    expect(a.tree).toEqual({ g: 'x', h: 'two' });
    expect(world.stored).toEqual(a.tree);
  });

  it('a local rename: what the other device made of it since is no conflict', async () => {
    const { world, a, b } = await pairWith({ f: 'one', g: 'x' });
    b.rename('f', 'h');
    await sync(b);
    await diesAfter(world, a, 'link /a/h');
    b.write('h', 'two');
    await sync(b);
    await sync(a);
    expect(a.tree).toEqual({ g: 'x', h: 'two' });
    expect(world.stored).toEqual(a.tree);
  });
});

it('I5 nothing is done before its intent would survive a crash', async () => {
  const { world, a, b } = await pairWith({ f: 'one', g: 'x' });
  b.write('f', 'two');
  await sync(b);
  a.write('new', 'n');
  a.stateStep = (at) => {
    if (at === 'begin:before') throw new Crash('before any intent');
  };
  await (await a.open()).syncAll().catch(() => undefined);
  expect(a.tree).toEqual({ f: 'one', g: 'x', new: 'n' });
  expect(world.stored).toEqual({ f: 'two', g: 'x' });
});

describe('C28 a store that is emptied', () => {
  const emptyAfter =
    (world: BenchWorld, at: string): BackendStep =>
    async (when, operation, key) => {
      if (when === 'after' && `${operation} ${key}` === at) for (const gone of world.store.keys) world.store.remove(gone);
    };

  it('while it is listed is told before anything is sent to it', async () => {
    const { world, a } = await pairWith({ f: 'one', g: 'x' });
    a.write('new', 'n');
    const engine = await a.open(world.store.client({ step: emptyAfter(world, 'list ') }));
    await expect(engine.syncAll({ releaseHeld: true })).rejects.toMatchObject({ code: 'remote-missing' });
    expect(world.store.keys).toEqual([]);
    expect(a.tree).toEqual({ f: 'one', g: 'x', new: 'n' });
  });

  it('during the transfers is told before anything is deleted here', async () => {
    const { world, a, b } = await pairWith({ f: 'one', g: 'x' });
    b.remove('f');
    await sync(b);
    a.write('new', 'n');
    const engine = await a.open(world.store.client({ step: emptyAfter(world, 'put new') }));
    await expect(engine.syncAll({ releaseHeld: true })).rejects.toMatchObject({ code: 'remote-missing' });
    expect(a.tree).toEqual({ f: 'one', g: 'x', new: 'n' });
  });
});
