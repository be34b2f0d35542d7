import { describe, expect, it } from 'vitest';
import type { Backend } from '../backends/backend.ts';
import { SyncError } from '../core/errors.ts';
import { relPath } from '../core/rel-path.ts';
import type { PairSettings } from '../core/settings.ts';
import { nodeHasher } from '../platform/node-hash.ts';
import { openPast } from '../remote/history/past-on-backend.ts';
import { BenchWorld } from '../testing/bench-pair.ts';
import { explainPath } from './why-view.ts';

const { signal } = new AbortController();

async function setUp(settings: Partial<PairSettings> = {}) {
  const world = new BenchWorld();
  const device = world.device('a', settings);
  const engine = await device.open();
  const past = openPast({ backend: world.store.client(), newHasher: nodeHasher });
  const isThere = async (path: string): Promise<boolean> => device.tree[path] !== undefined;
  const why = async (path: string, by = engine) =>
    (await explainPath({ engine: by, book: engine, past, direction: settings.direction ?? 'two_way', isThere }, relPath(path), signal)).answer;
  return { world, device, engine, why };
}

describe('why a file is not synced', () => {
  it('a change of the other side that the direction does not carry over, in a folder too', async () => {
    const { world, device, engine, why } = await setUp({ direction: 'upload_only' });
    device.write('Letters/6.txt', 'ours');
    await engine.syncAll();
    expect(await why('Letters/6.txt')).toEqual({ kind: 'agreed' });
    const other = world.device('b');
    const elsewhere = await other.open();
    await elsewhere.syncAll();
    other.write('Letters/6.txt', 'theirs');
    other.write('Letters/new.txt', 'new there');
    await elsewhere.syncAll();
    await engine.syncAll();
    expect(await why('Letters/6.txt')).toEqual({ kind: 'one-way', direction: 'upload_only' });
    expect(await why('Letters/new.txt')).toEqual({ kind: 'one-way', direction: 'upload_only' });
    expect(await why('Letters')).toEqual({ kind: 'below', what: 'oneWay', count: 2 });
    expect((await engine.why(relPath('Letters/6.txt'))).decision).toBe('left alone: this pair only sends (DIRECTION=upload_only)');
  });

  it('a folder of which deletions are held', async () => {
    const { device, engine, why } = await setUp();
    for (let i = 0; i < 140; i++) device.write(`Archive/${i}.txt`, `${i}`);
    device.write('kept.txt', 'k');
    await engine.syncAll();
    for (let i = 0; i < 140; i++) device.remove(`Archive/${i}.txt`);
    await engine.syncAll();
    expect(await why('Archive')).toEqual({ kind: 'below', what: 'held', count: 140 });
    expect(await why('Archive/7.txt')).toEqual({ kind: 'held', why: 'too-many' });
  });

  it('what was tried and failed, and the folder it lies in', async () => {
    const { world, device, why } = await setUp();
    const inner = world.store.client();
    const put: Backend['put'] = (...call) =>
      call[0] === 'Letters/no.txt' ? Promise.reject(new SyncError('no-permission', 's3:PutObject is not allowed on Letters/no.txt')) : inner.put(...call);
    const engine = await device.open(Object.assign(world.store.client(), { put }));
    device.write('Letters/no.txt', 'n');
    await engine.syncAll();
    expect(await why('Letters/no.txt', engine)).toMatchObject({ kind: 'failed', code: 'no-permission' });
    expect(await why('Letters', engine)).toEqual({ kind: 'below', what: 'failed', count: 1 });
  });

  it.each([
    ['manual', { kind: 'unasked' }, { kind: 'below', what: 'unasked', count: 1 }],
    ['keep_both', { kind: 'settles', kept: 'both' }, { kind: 'below', what: 'planned', count: expect.any(Number) }],
    ['keep_local', { kind: 'settles', kept: 'local' }, { kind: 'below', what: 'planned', count: 1 }],
    ['keep_remote', { kind: 'settles', kept: 'remote' }, { kind: 'below', what: 'planned', count: 1 }],
  ] as const)('what was changed on both sides before a sync has seen it, %s', async (conflictPolicy, answer, above) => {
    const { world, device, engine, why } = await setUp({ conflictPolicy });
    device.write('Letters/both.txt', 'first');
    await engine.syncAll();
    const other = world.device('b');
    const elsewhere = await other.open();
    await elsewhere.syncAll();
    other.write('Letters/both.txt', 'theirs!!');
    await elsewhere.syncAll();
    device.write('Letters/both.txt', 'ours');
    engine.pause();
    expect(await why('Letters/both.txt')).toEqual(answer);
    expect(await why('Letters')).toEqual(above);
    expect(engine.conflicts()).toEqual([]);
    if (conflictPolicy !== 'manual') return;
    engine.resume();
    await engine.syncAll();
    expect(await why('Letters/both.txt')).toEqual({ kind: 'conflict' });
    expect(await why('Letters')).toEqual({ kind: 'below', what: 'conflicts', count: 1 });
  });

  it('a link, and what lies behind it', async () => {
    const { device, engine, why } = await setUp();
    device.fs.edit.symlink('/media/usb', `${device.root}/link-to-usb`);
    device.write('a.txt', 'a');
    await engine.syncAll();
    expect(await why('link-to-usb')).toEqual({ kind: 'link' });
    expect(await why('link-to-usb/Pics/cat.png')).toEqual({ kind: 'behind-link', above: 'link-to-usb' });
    expect((await engine.why(relPath('link-to-usb/Pics/cat.png'))).decision).toContain('link-to-usb is a link');
  });

  it('one that was deleted or renamed, with what is kept of it; and one that never was', async () => {
    const { device, engine, why } = await setUp();
    device.write('Notes/2.md', 'n');
    device.write('old.txt', 'moved as it is');
    await engine.syncAll();
    device.remove('Notes/2.md');
    device.rename('old.txt', 'new.txt');
    await engine.syncAll({ releaseHeld: true });
    expect(await why('Notes/2.md')).toMatchObject({ kind: 'deleted', kept: true, at: expect.any(Number) });
    expect(await why('old.txt')).toMatchObject({ kind: 'moved' });
    expect(await why('never.txt')).toEqual({ kind: 'nowhere', alike: [] });
    device.write('Work/new.TXT', 'another');
    await engine.syncAll();
    expect(await why('Elsewhere/new.txt')).toEqual({ kind: 'nowhere', alike: ['Work/new.TXT', 'new.txt'] });
  });

  it('what a rule leaves out, and what it would leave out if it were there', async () => {
    const { device, why } = await setUp({ ignorePatterns: ['*.log'] });
    device.write('a.log', 'l');
    expect(await why('a.log')).toMatchObject({ kind: 'ignored', isThere: true });
    expect(await why('nothere.log')).toMatchObject({ kind: 'ignored', isThere: false });
  });
});
