import { describe, expect, it } from 'vitest';
import { BURST_WINDOW_MS } from '../core/burst.ts';
import { nodeHasher } from '../platform/node-hash.ts';
import { openPast } from '../remote/history/past-on-backend.ts';
import { type BenchPair, BenchWorld } from '../testing/bench-pair.ts';
import { SeededRandom } from '../testing/random.ts';
import { asAgreed, stillHere } from './put-back.ts';
import type { SyncEngine } from './sync-engine.ts';

const chance = new SeededRandom(5);
function scramble(device: BenchPair, path: string): void {
  device.fs.edit.replace(`${device.root}/${path}`, chance.bytes(2_000));
}

async function synced(count: number): Promise<{ world: BenchWorld; a: BenchPair; engine: SyncEngine }> {
  const world = new BenchWorld();
  const a = world.device('a');
  for (let n = 0; n < count; n++) a.write(`docs/letter ${n}.docx`, `letter ${n}`);
  a.write('notes.txt', 'notes');
  const engine = await a.open();
  await engine.syncAll();
  world.tick(60_000);
  return { world, a, engine };
}
const letters = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => `docs/letter ${from + i}.docx`);
const untouched = ({ stored }: BenchWorld): number => Object.entries(stored).filter(([path, content]) => path.endsWith('.docx') && content.startsWith('letter ')).length;

describe('I8 ransomware in the synced folder', () => {
  it('files scrambled at once are held and listed, an edit beside them is sent, and another start changes nothing of it', async () => {
    const { world, a, engine } = await synced(40);
    for (const path of letters(0, 40)) scramble(a, path);
    a.write('notes.txt', 'edited');
    const report = await engine.syncAll();
    expect(report.held).toMatchObject([{ side: 'remote', why: 'scrambled', actions: { length: 40 } }]);
    expect(untouched(world)).toBe(40);
    expect(world.stored['notes.txt']).toBe('edited');
    expect(engine.status()).toMatchObject({ state: 'attention', summary: '40 suspicious rewrites waiting for your word', held: [{ files: 40 }] });
    expect(engine.status().held[0]).not.toHaveProperty('wentOver');
    // Known hashes serve again, and what is known of noise with them.
    expect((await engine.syncAll()).held).toMatchObject([{ why: 'scrambled' }]);
    expect((await (await a.open()).syncAll()).held).toMatchObject([{ why: 'scrambled', actions: { length: 40 } }]);
  });

  it('a slow one is held once it has done as many as the limit, through a restart, and stays so after the window', async () => {
    const { world, a } = await synced(60);
    let engine = await a.open();
    for (let n = 0; n < 60; n += 5) {
      for (const path of letters(n, n + 5)) scramble(a, path);
      await engine.syncAll();
      world.tick(20_000);
      // It may end and begin again at any time.
      engine = await a.open();
    }
    expect(60 - untouched(world)).toBe(20);
    expect(engine.held()).toEqual([]);
    world.tick(BURST_WINDOW_MS);
    expect((await engine.syncAll()).held).toMatchObject([{ why: 'scrambled', actions: { length: 40 } }]);
    expect(engine.status().held).toMatchObject([{ files: 40, wentOver: 20 }]);
    world.tick(BURST_WINDOW_MS);
    // Forty wait, and so does a forty-first, although it alone would pass.
    scramble(a, 'docs/letter 0.docx');
    expect((await (await a.open()).syncAll()).held[0]?.actions).toHaveLength(41);
  });

  it('a few in an hour are no burst', async () => {
    const { world, a, engine } = await synced(40);
    for (let n = 0; n < 40; n += 10) {
      for (const path of letters(n, n + 10)) scramble(a, path);
      expect((await engine.syncAll()).held).toEqual([]);
      world.tick(BURST_WINDOW_MS);
    }
    expect(untouched(world)).toBe(0);
  });

  it('the user’s word sends them, and begins to count anew', async () => {
    const { world, a, engine } = await synced(40);
    for (const path of letters(0, 30)) scramble(a, path);
    await engine.syncAll();
    expect((await engine.syncAll({ releaseHeld: true })).held).toEqual([]);
    expect(untouched(world)).toBe(10);
    for (const path of letters(30, 40)) scramble(a, path);
    expect((await engine.syncAll()).held).toEqual([]);
    expect(untouched(world)).toBe(0);
  });

  it('brought back: each file is here as it was agreed, scrambled ones are in the trash, and nothing waits any more', async () => {
    const { world, a, engine } = await synced(40);
    const before = a.tree;
    for (const path of letters(0, 20)) scramble(a, path);
    for (const path of letters(20, 40)) {
      a.remove(path);
      scramble(a, `${path}.locked`);
    }
    expect((await engine.syncAll()).held).toMatchObject([{ why: 'scrambled', actions: { length: 60 } }]);
    const past = openPast({ backend: world.store.client(), newHasher: nodeHasher });
    const revised = await engine.revise(asAgreed(past, engine.held(), await engine.passed()), { dryRun: false, releaseHeld: true, keepsHeld: true });
    expect(revised).toMatchObject({ left: [], report: { held: [] } });
    expect(a.tree).toEqual(before);
    expect(world.stored).toEqual(before);
    expect(engine.status().state).toBe('ok');
    expect(Object.keys(a.fs.tree('/a/.file-sync/trash')).filter((path) => path.endsWith('.locked'))).toHaveLength(20);
    const told = await engine.activity({ limit: 100, since: world.clock.now() - 1_000 });
    const which = (what: string): number => told.filter((record) => record.what === what && record.reason.startsWith('brought back')).length;
    expect([which('download'), which('remove-local')]).toEqual([40, 20]);
  });

  it('brought back: so are the first few that went over before it was known for what it is, and nothing that changed since', async () => {
    const { world, a, engine } = await synced(40);
    const before = a.tree;
    scramble(a, 'docs/letter 0.docx');
    scramble(a, 'docs/letter 1.docx.locked');
    scramble(a, 'docs/letter 2.docx');
    expect((await engine.syncAll()).held).toEqual([]);
    expect(await engine.passed()).toEqual([]);
    world.tick(60_000);
    a.remove('docs/letter 1.docx');
    for (const path of letters(3, 40)) scramble(a, path);
    a.write('docs/letter 2.docx', 'mended by hand');
    expect((await engine.syncAll()).held).toMatchObject([{ why: 'scrambled' }]);
    const again = await a.open();
    await again.syncAll();
    const past = openPast({ backend: world.store.client(), newHasher: nodeHasher });
    await again.revise(asAgreed(past, again.held(), await again.passed()), { dryRun: false, releaseHeld: true, keepsHeld: true });
    const mended = { ...before, 'docs/letter 2.docx': 'mended by hand' };
    expect(a.tree).toEqual(mended);
    expect(world.stored).toEqual(mended);
    expect(again.status().state).toBe('ok');
  });

  it('deletions that are held come back the same way, on the side where they are missing', async () => {
    const { world, a, engine } = await synced(100);
    const before = a.tree;
    for (const path of letters(0, 80)) a.remove(path);
    expect((await engine.syncAll()).held).toMatchObject([{ side: 'remote', why: 'too-many' }]);
    const past = openPast({ backend: world.store.client(), newHasher: nodeHasher });
    await engine.revise(asAgreed(past, engine.held(), await engine.passed()), { dryRun: false, releaseHeld: false, keepsHeld: true });
    expect(a.tree).toEqual(before);
    for (const path of letters(0, 80)) world.store.remove(path);
    expect((await engine.syncAll()).held).toMatchObject([{ side: 'local', why: 'too-many' }]);
    await engine.reclaim(stillHere(engine.held()));
    expect((await engine.syncAll()).held).toEqual([]);
    expect([a.tree, world.stored]).toEqual([before, before]);
  });

  it('a ledger that cannot be read counts as empty', async () => {
    const { a } = await synced(1);
    a.storage.facts.set('bursts', '{"remote":');
    expect((await (await a.open()).syncAll()).held).toEqual([]);
  });
});
