import { expect, it } from 'vitest';
import { relPath } from '../core/rel-path.ts';
import { type BenchPair, BenchWorld } from '../testing/bench-pair.ts';
import type { SyncEngine } from './sync-engine.ts';

const MINUTE = 60_000;
const FAT = { timeStepNs: 2_000_000_000n, hardLinks: false, symlinks: false, modes: false, stableIds: false, caseInsensitive: true };

async function settle(...engines: readonly SyncEngine[]): Promise<void> {
  for (const engine of [...engines, ...engines]) await engine.syncAll();
}

/** What a sync does, as `kind path`. */
function deedsOf(engine: SyncEngine): string[] {
  const deeds: string[] = [];
  engine.on('action', ({ action, outcome }) => void (outcome === 'done' && action.kind !== 'adopt' && action.kind !== 'forget' && deeds.push(`${action.kind} ${action.path}`)));
  return deeds;
}

function mtimeOf(device: BenchPair, path: string): bigint {
  return device.fs.disk.need(`${device.root}/${path}`).mtimeNs;
}

it('S03 a file that was only touched is not sent, and an edit elsewhere still arrives without a conflict', async () => {
  const world = new BenchWorld();
  const [a, b] = [world.device('a'), world.device('b')];
  const [left, right] = [await a.open(), await b.open()];
  a.write('f', 'one');
  a.write('g', 'one');
  await settle(left, right);
  for (const path of ['f', 'g']) b.fs.edit.setMtime(`/b/${path}`, 1_600_000_000_000_000_000n);
  a.write('g', 'two');
  await left.syncAll();
  expect(await right.syncAll()).toMatchObject({ bytesUp: 0, conflicts: [] });
  expect(b.tree).toEqual({ f: 'one', g: 'two' });
});

it('S4 an edit under an older time is an edit like any other', async () => {
  const world = new BenchWorld();
  const [a, b] = [world.device('a'), world.device('b')];
  const [left, right] = [await a.open(), await b.open()];
  a.write('f', 'newer by its time');
  await settle(left, right);
  b.fs.edit.write('/b/f', 'from an old backup', { mtimeNs: 946_684_800_000_000_000n });
  await settle(right, left);
  expect(a.tree).toEqual({ f: 'from an old backup' });
  expect(mtimeOf(a, 'f')).toBe(946_684_800_000_000_000n);
});

it('S5 strange times are carried as they are, and decide nothing', async () => {
  const world = new BenchWorld();
  const [a, b] = [world.device('a'), world.device('b')];
  const [left, right] = [await a.open(), await b.open()];
  const times = { zero: 0n, before: -86_400_000_000_000n, year2107: 4_354_819_198_000_000_000n };
  for (const [name, mtimeNs] of Object.entries(times)) a.fs.edit.write(`/a/${name}`, name, { mtimeNs });
  await settle(left, right);
  for (const [name, mtimeNs] of Object.entries(times)) expect(mtimeOf(b, name)).toBe(mtimeNs);
  for (const name of Object.keys(times)) b.write(name, `${name}, edited`);
  await settle(right, left);
  expect(a.tree).toEqual({ zero: 'zero, edited', before: 'before, edited', year2107: 'year2107, edited' });
  expect(await left.syncAll()).toMatchObject({ done: 0, conflicts: [] });
});

it('S6 C44 devices whose clocks are years apart agree on every edit, whatever the times say', async () => {
  const world = new BenchWorld();
  const year = 365 * 24 * 60 * MINUTE;
  const a = world.device('a', {}, { clockOffBy: -5 * year });
  const b = world.device('b', {}, { clockOffBy: 7 * year });
  const [left, right] = [await a.open(), await b.open()];
  a.write('f', 'one');
  await settle(left, right);
  for (const [device, engine, text] of [
    [b, right, 'from the future'],
    [a, left, 'from the past'],
    [b, right, 'from the future again'],
  ] as const) {
    device.write('f', text);
    await engine.syncAll();
    await settle(left, right);
    expect([a.tree, b.tree]).toEqual([{ f: text }, { f: text }]);
  }
  a.write('f', 'both, past');
  b.write('f', 'both, future');
  await settle(left, right);
  expect(Object.values(a.tree).sort()).toEqual(['both, future', 'both, past']);
  expect(b.tree).toEqual(a.tree);
});

it('S8 S144 all times of a FAT disk shift by an hour: nothing is sent and nothing conflicts', async () => {
  const world = new BenchWorld();
  const [a, b] = [world.device('a', {}, { disk: FAT }), world.device('b')];
  const [left, right] = [await a.open(), await b.open()];
  for (let n = 0; n < 10; n++) a.write(`d/f${n}`, `content ${n}`);
  await settle(left, right);
  for (let n = 0; n < 10; n++) a.fs.edit.setMtime(`/a/d/f${n}`, mtimeOf(a, `d/f${n}`) + 3_600_000_000_000n);
  b.write('d/f1', 'edited meanwhile');
  await right.syncAll();
  expect(await left.syncAll()).toMatchObject({ bytesUp: 0, done: 1, conflicts: [] });
  expect(a.tree).toEqual(b.tree);
});

it('C3 S1 on a disk that counts in 2 s an edit of the same size right after the sync is found', async () => {
  const world = new BenchWorld();
  const a = world.device('a', {}, { disk: FAT });
  const engine = await a.open();
  a.fs.edit.write('/a/f', 'one');
  await engine.syncAll();
  a.fs.edit.write('/a/f', 'two');
  await engine.syncAll();
  expect(world.stored).toEqual({ f: 'two' });
});

it('C6 S9 a file that always grows waits and is named; the others are sent, and it follows once it rests', async () => {
  const world = new BenchWorld();
  const a = world.device('a');
  a.write('log', 'line\n');
  a.write('calm', 'x');
  const engine = await a.open();
  a.step = (label, path) => void (label === 'read' && path.endsWith('/log') && a.fs.edit.append('/a/log', 'line\n'));
  const report = await engine.syncAll();
  expect(report.problems).toMatchObject([{ path: 'log', reason: 'changing' }]);
  expect(world.stored).toEqual({ calm: 'x' });
  a.step = undefined;
  await engine.syncAll();
  expect(world.stored['log']).toBe(a.tree['log']);
});

it('C1 S10 S120 an edit in the middle of an upload: what was half read is stored nowhere, and the new content follows at once', async () => {
  const world = new BenchWorld();
  const a = world.device('a');
  const engine = await a.open();
  const old = 'a'.repeat(600_000);
  const edited = 'b'.repeat(600_000);
  a.write('f', old);
  let reads = 0;
  // The first three reads are the scan's.
  a.step = (label, path) => void (label === 'read' && path.endsWith('/f') && ++reads === 6 && a.fs.edit.write('/a/f', edited));
  await engine.syncAll();
  expect(reads).toBeGreaterThan(6);
  expect(world.stored['f']).toBe(edited);
  expect(world.versions).toEqual([]);
});

it('S20 a file that changes between the look and the deed is left; the next turn takes it as it is', async () => {
  const world = new BenchWorld();
  const [a, b] = [world.device('a'), world.device('b')];
  const [left, right] = [await a.open(), await b.open()];
  a.write('f', 'one');
  a.write('g', 'one');
  await settle(left, right);
  a.write('f', 'two');
  a.remove('g');
  await left.syncAll();
  let looked = false;
  b.step = (label, path) => {
    if (label !== 'freeBytes' || looked || !path.startsWith('/b')) return;
    looked = true;
    b.write('f', 'edited in that moment');
    b.write('g', 'edited in that moment');
  };
  await settle(right, left);
  expect(looked).toBe(true);
  expect(Object.values(a.tree).sort()).toEqual(['edited in that moment', 'edited in that moment', 'two']);
  expect(b.tree).toEqual(a.tree);
});

it('C4 S11 a save by temporary file and rename is one change', async () => {
  const world = new BenchWorld();
  const a = world.device('a');
  const engine = await a.open();
  a.write('doc', 'one');
  await engine.syncAll();
  const deeds = deedsOf(engine);
  a.fs.edit.write('/a/doc.tmp~', 'two');
  a.fs.edit.rename('/a/doc.tmp~', '/a/doc');
  world.tick(MINUTE);
  await engine.syncAll();
  expect(deeds).toEqual(['upload doc']);
});

it('S13 a save that renames the old file away, writes a new one and deletes the old is one change', async () => {
  const world = new BenchWorld();
  const a = world.device('a');
  const engine = await a.open();
  a.write('doc', 'one');
  await engine.syncAll();
  const deeds = deedsOf(engine);
  a.rename('doc', 'doc.wbk');
  a.write('doc', 'two');
  a.remove('doc.wbk');
  await engine.syncAll();
  expect(deeds).toEqual(['upload doc']);
});

it('S13 a sync in the very middle of such a save loses nothing and ends the same', async () => {
  const world = new BenchWorld();
  const [a, b] = [world.device('a'), world.device('b')];
  const [left, right] = [await a.open(), await b.open()];
  a.write('doc', 'one');
  await settle(left, right);
  a.rename('doc', 'doc.wbk');
  await settle(left, right);
  a.write('doc', 'two');
  await settle(left, right);
  a.remove('doc.wbk');
  await left.syncAll({ releaseHeld: true });
  await right.syncAll({ releaseHeld: true });
  expect([a.tree, b.tree]).toEqual([{ doc: 'two' }, { doc: 'two' }]);
});

it('C5 S12 a file just truncated by a save is not sent empty; what follows is', async () => {
  const world = new BenchWorld();
  const a = world.device('a');
  const engine = await a.open();
  a.write('doc', 'one');
  await engine.syncAll();
  const deeds = deedsOf(engine);
  a.fs.edit.write('/a/doc', '');
  let looks = 0;
  a.step = (label, path) => void (label === 'lstat' && path === '/a/doc' && ++looks === 4 && a.fs.edit.write('/a/doc', 'two'));
  await engine.syncAll();
  expect(deeds).toEqual(['upload doc']);
  expect(world.stored).toEqual({ doc: 'two' });
  expect(world.versions).toEqual(['one']);
});

it('C5 S12 C16 a file that stays empty is sent empty', async () => {
  const world = new BenchWorld();
  const a = world.device('a');
  const engine = await a.open();
  a.write('doc', 'one');
  await engine.syncAll();
  a.fs.edit.write('/a/doc', '');
  await engine.syncAll();
  expect(world.stored).toEqual({ doc: '' });
  expect(engine.status()).toMatchObject({ state: 'ok', pending: 0 });
});

it('S15 a program that saves its old copy over what has just arrived makes an edit; the other content is kept', async () => {
  const world = new BenchWorld();
  const [a, b] = [world.device('a'), world.device('b')];
  const [left, right] = [await a.open(), await b.open()];
  a.write('vault.kdbx', 'one');
  await settle(left, right);
  a.write('vault.kdbx', 'two, by a');
  await settle(left, right);
  b.write('vault.kdbx', 'one, and something by b');
  await settle(right, left);
  expect(a.tree).toEqual({ 'vault.kdbx': 'one, and something by b' });
  expect(world.versions).toContain('two, by a');
  expect(a.everything).toContain('two, by a');
});

it('C7 C10 C11 a swap, a chain of renames, a file made anew and a file that became a folder, all in one sync', async () => {
  const world = new BenchWorld();
  const [a, b] = [world.device('a'), world.device('b')];
  const [left, right] = [await a.open(), await b.open()];
  for (const name of ['x', 'y', '1', '2', '3', 'again', 'thing']) a.write(name, `was ${name}`);
  await settle(left, right);
  for (const [from, to] of [
    ['x', 'swap~'],
    ['y', 'x'],
    ['swap~', 'y'],
    ['3', '4'],
    ['2', '3'],
    ['1', '2'],
  ] as const)
    a.rename(from, to);
  a.remove('again');
  a.write('again', 'made anew');
  a.remove('thing');
  a.write('thing/inside', 'a folder now');
  await settle(left, right);
  expect(b.tree).toEqual({ x: 'was y', y: 'was x', 2: 'was 1', 3: 'was 2', 4: 'was 3', again: 'made anew', 'thing/': '', 'thing/inside': 'a folder now' });
  expect(await left.syncAll()).toMatchObject({ done: 0 });
});

it('C9 a file renamed and edited in one go arrives under its new name only', async () => {
  const world = new BenchWorld();
  const [a, b] = [world.device('a'), world.device('b')];
  const [left, right] = [await a.open(), await b.open()];
  a.write('draft', 'one');
  a.write('other', 'stays');
  await settle(left, right);
  a.rename('draft', 'final');
  a.write('final', 'two');
  await settle(left, right);
  expect(b.tree).toEqual({ final: 'two', other: 'stays' });
  expect(world.versions).toContain('one');
});

it('S70 a file renamed while it is sent ends under the new name only', async () => {
  const world = new BenchWorld();
  const a = world.device('a');
  const engine = await a.open();
  a.write('old', 'x'.repeat(600_000));
  let reads = 0;
  a.step = (label, path) => void (label === 'read' && path.endsWith('/old') && ++reads === 6 && a.rename('old', 'new'));
  await settle(engine);
  expect(Object.keys(world.stored)).toEqual(['new']);
  expect(engine.status()).toMatchObject({ pending: 0, failures: [] });
});

it('S95 C49 a power cut left an empty file under its old time: it is fetched again, never sent', async () => {
  const world = new BenchWorld();
  const [a, b] = [world.device('a'), world.device('b')];
  const [left, right] = [await a.open(), await b.open()];
  for (const name of ['f', 'g', 'h', 'kept']) a.write(name, `content of ${name}`);
  await settle(left, right);
  // What ext4 does: name and times are there again, the bytes are not.
  for (const name of ['f', 'g', 'h']) a.fs.edit.write(`/a/${name}`, '', { mtimeNs: mtimeOf(a, name) });
  b.write('g', 'edited elsewhere');
  b.remove('h');
  await right.syncAll();
  const again = await a.open();
  const report = await again.syncAll();
  expect(report).toMatchObject({ bytesUp: 0, conflicts: [] });
  await right.syncAll();
  expect(a.tree).toEqual({ f: 'content of f', g: 'edited elsewhere', kept: 'content of kept' });
  expect(world.stored).toEqual(a.tree);
});

it('S22 the echo of our own writes is no change', async () => {
  const world = new BenchWorld();
  const [a, b] = [world.device('a'), world.device('b')];
  a.write('d/f', 'one');
  await (await a.open()).syncAll();
  const engine = await b.open();
  await engine.syncAll();
  const deeds = deedsOf(engine);
  await engine.start();
  b.watcher.tell({ kind: 'paths', paths: new Set([relPath('d'), relPath('d/f')]) });
  for (let turns = 0; turns < 200; turns++) await new Promise((resolve) => setImmediate(resolve));
  await engine.stop();
  expect(deeds).toEqual([]);
});
