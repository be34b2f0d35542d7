import { beforeEach, describe, expect, it } from 'vitest';
import type { Stamp, Version } from '../core/entry.ts';
import { relPath } from '../core/rel-path.ts';
import { type BenchPair, BenchWorld } from '../testing/bench-pair.ts';
import { findingsOf } from '../testing/findings.ts';
import { fileEntry } from '../testing/tree-dsl.ts';

let world: BenchWorld;
let a: BenchPair;

beforeEach(async () => {
  world = new BenchWorld();
  a = world.device('a');
  a.write('docs/one.txt', 'one');
  a.write('two.txt', 'two');
  await (await a.open()).syncAll();
});

/** A fresh engine's findings without and with reading contents; the state, the disk and the store are as they were afterwards. */
async function findings(): Promise<{ readonly quick: readonly string[]; readonly full: readonly string[] }> {
  const picture = (): unknown => [world.fs.tree(a.root, { all: true }), structuredClone(a.storage), world.stored];
  const before = picture();
  const engine = await a.open();
  const result = { quick: await findingsOf(engine), full: await findingsOf(engine, { content: true }) };
  expect(picture()).toEqual(before);
  return result;
}

/** Changes bytes and nothing else about the file, as a failing disk does. */
function rot(path: string, text: string): void {
  world.fs.disk.need(`${a.root}/${path}`).data = Buffer.from(text);
}

async function rewriteKeepingTime(path: string, text: string): Promise<void> {
  const at = `${a.root}/${path}`;
  const { mtimeNs } = world.fs.disk.stat(world.fs.disk.need(at));
  world.tick(60_000);
  world.fs.edit.write(at, text);
  await world.fs.view().setMtime(at, mtimeNs);
}

describe('a pair in sync', () => {
  it('has no findings, on each device, after changes both ways', async () => {
    const b = world.device('b');
    const right = await b.open();
    await right.syncAll();
    b.write('two.txt', 'two by b');
    b.rename('docs', 'papers');
    await right.syncAll();
    const left = await a.open();
    await left.syncAll();
    a.remove('two.txt');
    await left.syncAll();
    await right.syncAll();
    for (const engine of [left, right, await a.open(), await b.open()]) {
      expect(await findingsOf(engine)).toEqual([]);
      expect(await findingsOf(engine, { content: true })).toEqual([]);
    }
  });

  it('before the first sync everything is pending and nothing is marked or stored', async () => {
    const b = world.device('b');
    b.write('three.txt', 'three');
    const engine = await b.open();
    expect(await findingsOf(engine)).toEqual(['pending make-local-folder docs', 'pending download docs/one.txt', 'pending upload three.txt', 'pending download two.txt']);
    expect(world.fs.tree(b.root, { all: true })).toEqual({ 'three.txt': 'three' });
    expect(b.storage.facts.size).toBe(0);
  });

  it('edits, conflicts and held deletions are counted apart', async () => {
    a.write('two.txt', 'edited');
    a.write('new.txt', 'new');
    expect((await findings()).full).toEqual(['pending upload new.txt', 'pending upload two.txt']);
    a.remove('docs');
    a.remove('two.txt');
    a.remove('new.txt');
    expect((await findings()).quick).toEqual(['held remote docs', 'held remote docs/one.txt', 'held remote two.txt']);
  });
});

describe('planted damage', () => {
  it('S108 C2 a flipped bit under the recorded size and times shows when contents are read', async () => {
    rot('two.txt', 'twO');
    expect(await findings()).toEqual({ quick: [], full: ['damage local-damaged two.txt'] });
  });

  it('C2 a flipped bit with the time of change restored shows at once', async () => {
    await rewriteKeepingTime('two.txt', 'twO');
    const found = ['damage local-changed-unseen two.txt', 'pending upload two.txt'];
    expect(await findings()).toEqual({ quick: found, full: found });
  });

  it('S95 a file that a power cut shortened', async () => {
    await rewriteKeepingTime('docs/one.txt', 'o');
    expect((await findings()).quick).toEqual(['damage local-changed-unseen docs/one.txt', 'pending upload docs/one.txt']);
  });

  it('S108 an object whose bytes rotted in the store', async () => {
    world.store.peek('two.txt')?.body.set([0x54]);
    expect(await findings()).toEqual({ quick: [], full: ['damage remote-damaged two.txt'] });
  });

  it('C46 an object replaced by a tool that keeps what is recorded with it', async () => {
    const stored = world.store.peek('two.txt');
    if (stored === undefined) throw new Error('not stored');
    world.store.write('two.txt', { kind: 'match', version: stored.version }, Buffer.from('TWO'), stored.meta);
    expect((await findings()).full).toEqual(['damage remote-damaged two.txt']);
  });

  it('C46 an object replaced by a tool that records nothing is a change like any other', async () => {
    const version = world.store.peek('two.txt')?.version as Version;
    world.store.write('two.txt', { kind: 'match', version }, Buffer.from('TWO'), {});
    expect(await findings()).toEqual({ quick: ['pending download two.txt'], full: ['pending download two.txt'] });
  });

  /** Makes the row of `two.txt` say that both sides agreed on another content. */
  function misremember(content: string): void {
    const row = a.storage.base.get(relPath('two.txt'));
    if (row?.entry.kind !== 'file') throw new Error('no row');
    const { size, hash } = fileEntry(content);
    a.storage.base.set(relPath('two.txt'), { ...row, entry: { ...row.entry, size, hash } });
  }

  it('C50 a row that says something else than both sides', async () => {
    misremember('owt');
    expect(await findings()).toEqual({ quick: ['damage remote-differs two.txt'], full: ['damage base-damaged two.txt'] });
  });

  it('C50 a row of another size is seen through at once, and by the next sync', async () => {
    misremember('another');
    expect((await findings()).quick).toEqual(['damage base-damaged two.txt', 'pending upload two.txt']);
    const engine = await a.open();
    expect(await engine.syncAll()).toMatchObject({ stale: 0, failures: [] });
    expect(await findingsOf(engine, { content: true })).toEqual([]);
  });

  it('C50 a row taken from the state', async () => {
    a.storage.base.delete(relPath('two.txt'));
    expect((await findings()).quick).toEqual(['leftover base-missing two.txt']);
  });

  it('C50 a row for what never was', async () => {
    a.storage.base.set(relPath('ghost.txt'), { entry: fileEntry('boo'), stamp: 's' as Stamp, version: 'v' as Version });
    expect((await findings()).quick).toEqual(['leftover base-orphan ghost.txt']);
  });

  it('C43 what the running engine holds is compared with what is stored', async () => {
    const engine = await a.open();
    a.storage.base.delete(relPath('two.txt'));
    expect(await findingsOf(engine)).toEqual(['leftover base-missing two.txt', 'leftover base-unsaved two.txt']);
  });
});

describe('what a run that died left', () => {
  it('C48 C49 its intents and its temporary files, until the next sync', async () => {
    const temp = '.file-sync-0123456789abcdef.tmp';
    world.fs.edit.write(`${a.root}/docs/${temp}`, 'half');
    world.fs.edit.mkdir(`${a.root}/.file-sync/tmp`);
    world.fs.edit.write(`${a.root}/.file-sync/tmp/0123456789abcdef`, 'half');
    a.storage.intents.push({ kind: 'remote-write', op: 'o', path: relPath('new.txt'), entry: fileEntry('new') });
    a.write('new.txt', 'new');
    expect((await findings()).quick).toEqual([
      'leftover stale-intent new.txt',
      'leftover leftover-file .file-sync/tmp/0123456789abcdef',
      `leftover leftover-file docs/${temp}`,
      'pending upload new.txt',
    ]);
    const engine = await a.open();
    await engine.syncAll();
    expect(await findingsOf(engine, { content: true })).toEqual([]);
  });
});

describe('its place among the engine’s work', () => {
  it('waits for the sync in flight', async () => {
    const engine = await a.open();
    a.write('new.txt', 'new');
    const [report, found] = await Promise.all([engine.syncAll(), findingsOf(engine, { content: true })]);
    expect(report.done).toBe(1);
    expect(found).toEqual([]);
  });

  it('C28 rejects when a side is away or is another one', async () => {
    const engine = await a.open();
    world.store.offline = true;
    await expect(engine.verify({ content: false })).rejects.toMatchObject({ code: 'unreachable' });
    world.store.offline = false;
    world.store.remove('.file-sync/vault.json');
    await expect(engine.verify({ content: false })).rejects.toMatchObject({ code: 'remote-missing' });
  });

  it('can be interrupted', async () => {
    await expect((await a.open()).verify({ content: true, signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
  });

  it('works while paused', async () => {
    const engine = await a.open();
    engine.pause();
    expect(await findingsOf(engine)).toEqual([]);
  });
});
