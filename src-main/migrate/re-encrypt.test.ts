import { beforeEach, describe, expect, it } from 'vitest';
import { openKeyring } from '../codec/keyring.ts';
import { newEpoch } from '../codec/keyring-changes.ts';
import { isSealed } from '../codec/vault-document.ts';
import { nodeHasher } from '../platform/node-hash.ts';
import { openPast } from '../remote/history/past-on-backend.ts';
import { replaceVaultDocument } from '../remote/vault.ts';
import { changeContext, keyOf, SEALED } from '../testing/keyring-kit.ts';
import { FEED, ROTATION_START, RotationWorld, VERSION_OF_A } from '../testing/rotation-kit.ts';
import { memoryJournal } from './journal.ts';
import { reEncrypt } from './re-encrypt.ts';
import { GRACE_MS, retireOldEpochs } from './retire-epochs.ts';

let world: RotationWorld;
beforeEach(async () => {
  world = await RotationWorld.make();
});

const run = (backend = world.device(world.second), journal = memoryJournal()) => reEncrypt({ backend, journal, newHasher: nodeHasher });
const retire = (graceMs = 0) =>
  retireOldEpochs({ store: world.client(), open: (document) => openKeyring(document, keyOf('a')), context: changeContext(5), current: world.second.currentEpoch, graceMs });

describe('re-encryption after a rotation', () => {
  it.each([SEALED, { ...SEALED, names: 'plain', compression: false } as const])('brings everything under the newest epoch and changes nothing anybody sees (%o)', async (codec) => {
    world = await RotationWorld.make(codec);
    const before = await world.seen(world.second);
    expect([...before.keys()]).toEqual([FEED, VERSION_OF_A, 'b', 'docs/', 'docs/a.txt', 'docs/c', 'empty']);
    expect(await run()).toMatchObject({ complete: true, refused: [], resealed: 6 });
    expect(world.epochs).toEqual([2]);
    expect(await retire()).toMatchObject({ kind: 'retired', epochs: [1] });
    const { document } = await world.stored();
    if (!isSealed(document)) throw new RangeError('not encrypted');
    const now = await openKeyring(document, keyOf('a'));
    expect(now.hasEpoch(1)).toBe(false);
    expect(await world.seen(now)).toEqual(before);
  });

  it('an object that was renamed since the rotation is not taken for done: its bytes are under the old key', async () => {
    const device = world.device(world.second);
    const there = await device.stat('b');
    if (there === null) throw new RangeError('gone');
    await device.copy({ key: 'b', version: there.version }, 'renamed', { condition: { kind: 'absent' }, meta: { op: 'op9' } });
    expect(await run()).toMatchObject({ complete: true, resealed: 7 });
    expect(world.epochs).toEqual([2]);
    expect((await world.seen(world.second)).get('renamed')).toMatchObject({ text: 'moved', meta: { op: 'op9' } });
  });

  it('C40 what another device writes meanwhile wins', async () => {
    const other = world.device(world.first);
    let overtaken = false;
    const device = world.device(world.second, async (when, operation, key) => {
      if (overtaken || when !== 'before' || operation !== 'put' || key.startsWith('.file-sync/')) return;
      overtaken = true;
      const there = await other.stat('docs/a.txt');
      await world.put(other, 'docs/a.txt', 'newer', {}, there?.version ?? null);
    });
    const report = await run(device);
    expect([overtaken, report.complete]).toEqual([true, true]);
    expect((await world.seen(world.second)).get('docs/a.txt')).toMatchObject({ text: 'newer' });
    expect(world.epochs).toEqual([2]);
  });

  it('the next edit goes on from there: its version bears the time when the content came, not that of the re-encryption', async () => {
    const before = await world.device(world.second).stat('docs/a.txt');
    world.nowMs += 5_000_000;
    await run();
    const after = await world.device(world.second).stat('docs/a.txt');
    expect(after?.storedAtMs).toBe(before?.storedAtMs);
    expect(after?.version).not.toBe(before?.version);
    await world.put(world.device(world.second), 'docs/a.txt', 'edited', {}, after?.version ?? null);
    expect((await world.device(world.second).stat('docs/a.txt'))?.storedAtMs).toBeGreaterThan(ROTATION_START + 5_000_000);
  });

  it('the past stays what it was: at an instant before, each path held what it holds now', async () => {
    const atMs = world.nowMs + 1_000;
    world.nowMs += 5_000_000;
    await run();
    const past = openPast({ backend: world.device(world.second), newHasher: nodeHasher });
    const items = [];
    for await (const item of past.treeAt(atMs)) items.push(item);
    expect(items.flatMap((item) => (item.kind === 'leaf' ? [`${item.path} ${item.life.kind}`] : []))).toEqual(['b live', 'docs/a.txt live', 'docs/c live', 'empty live']);
  });

  it('goes on without looking again at what is done', async () => {
    const journal = memoryJournal();
    await run(world.device(world.second), journal);
    const calls: string[] = [];
    const again = world.device(world.second, async (when, operation) => void (when === 'before' && calls.push(operation)));
    expect(await run(again, journal)).toMatchObject({ complete: true, resealed: 0 });
    expect(calls).toEqual(['list']);
  });

  it('C64 what was tampered with is named, left as it is, and keeps its epoch from being retired', async () => {
    const key = world.store.keys.find((name) => !name.startsWith('.file-sync/') && !name.endsWith('/')) ?? '';
    const held = world.store.peek(key);
    if (held === undefined) throw new RangeError('nothing there');
    const body = Uint8Array.from(held.body);
    body[body.length - 1] = (body.at(-1) ?? 0) ^ 1;
    world.store.write(key, { kind: 'match', version: held.version }, body, held.meta);
    const report = await run();
    expect(report).toMatchObject({ complete: false, resealed: 5, refused: [{ code: 'corrupt', reason: 'tampered' }] });
    expect(world.store.peek(key)?.body).toEqual(body);
  });

  it('what another program put there in the open is named, and keeps no epoch', async () => {
    world.store.write('.file-sync/versions/in the open', { kind: 'absent' }, Buffer.from('hello, this is no container at all, just text'), {});
    world.store.write('plain.txt', { kind: 'absent' }, Buffer.from('hello, this is no container at all, just text'), {});
    expect(await run()).toMatchObject({ complete: true, resealed: 6 });
  });
});

describe('an old epoch', () => {
  it('is kept for a day by the clock of the store, since a device may still be sending under it', async () => {
    await run();
    expect(await retire(GRACE_MS)).toMatchObject({ kind: 'too-early', epochs: [1] });
    world.nowMs += GRACE_MS;
    expect(await retire(GRACE_MS)).toMatchObject({ kind: 'retired', epochs: [1] });
    expect(await retire(GRACE_MS)).toEqual({ kind: 'none' });
  });

  it('stays where another rotation began meanwhile', async () => {
    await run();
    await replaceVaultDocument(world.client(), newEpoch(world.second, changeContext(7)).document, (await world.stored()).version);
    expect(await retire()).toEqual({ kind: 'newer-epoch' });
  });

  it('what a slow device wrote under it in the last moment is found by the next look', async () => {
    const journal = memoryJournal();
    await run(world.device(world.second), journal);
    await world.put(world.device(world.first), 'late', 'sent for hours');
    expect(await run(world.device(world.second), journal)).toMatchObject({ complete: true, resealed: 1 });
    expect(world.epochs).toEqual([2]);
  });
});
