import { describe, expect, it, vi } from 'vitest';
import { SyncError } from '../core/errors.ts';
import { relPath } from '../core/rel-path.ts';
import { action, controlPerTest, desk, fs, PORTS, REPORT } from '../testing/control-kit.ts';
import { type ControlPlace, controlFile, readPlace } from './control-place.ts';
import { openControl, type PairControl } from './pair-control.ts';
import type { PairDesk } from './pair-desk.ts';

const bench = controlPerTest();

describe('a command and the owner of its folder', () => {
  it('say everything to each other, times in ns and long plans included', async () => {
    const planned = Array.from({ length: 1200 }, () => action);
    const { place, asked, server } = await bench.serve({ sync: async () => ({ ...REPORT, planned }) });
    const { desk: far, who } = await bench.meet(place);
    expect(who).toMatchObject({ source: '/docs', kind: 'cli', pid: 7, host: 'laptop' });
    const report = await far.sync({ dryRun: true, path: relPath('photos') });
    expect(report.planned).toEqual(planned);
    expect(await far.look()).toMatchObject({ protection: 'atomic', status: { state: 'ok' } });
    expect(await far.conflicts()).toEqual([]);
    await far.resolve(relPath('a.txt'), 'both');
    await far.restore({ what: { kind: 'time', atMs: 5, path: null }, dryRun: true, releaseHeld: false }, {});
    await far.restore({ what: { kind: 'run', id: 'r1' }, dryRun: false, releaseHeld: true }, {});
    await far.restore({ what: { kind: 'trash', path: relPath('a.txt'), batch: null }, dryRun: false, releaseHeld: false }, {});
    await far.restore({ what: { kind: 'held' }, dryRun: false, releaseHeld: false }, {});
    expect(await far.runs()).toEqual([{ id: 'r1', atMs: 5, changes: 2 }]);
    expect(await far.drill({ sample: { kind: 'part', percent: 0.5 } })).toMatchObject({ files: 1 });
    expect(await far.acceptRestored({ dryRun: true })).toMatchObject({ report: null });
    expect(await far.storeNow()).toBe(42);
    await far.pause(99);
    await far.resume();
    expect(asked).toEqual([
      ['look'],
      ['conflicts'],
      ['resolve', 'a.txt', 'both'],
      ['restore', { what: { kind: 'time', atMs: 5, path: null }, dryRun: true, releaseHeld: false }],
      ['restore', { what: { kind: 'run', id: 'r1' }, dryRun: false, releaseHeld: true }],
      ['restore', { what: { kind: 'trash', path: 'a.txt', batch: null }, dryRun: false, releaseHeld: false }],
      ['restore', { what: { kind: 'held' }, dryRun: false, releaseHeld: false }],
      ['runs'],
      ['drill'],
      ['accept restored'],
      ['now'],
      ['pause', 99],
      ['resume'],
    ]);
    expect(server.place).toEqual(await readPlace(fs, controlFile(bench.lockFile())));
  });

  it('hand on options, progress, actions and errors as they are', async () => {
    const given: unknown[] = [];
    const { place, events } = await bench.serve({
      sync: async ({ signal: _, ...options }) => {
        given.push(options);
        events.emit('progress', { phase: 'looking', done: 3, total: 0, bytes: 0, totalBytes: 0, rate: null, etaSeconds: null, inFlight: [] });
        events.emit('action', { cycle: 'c1', action, outcome: 'done', message: null });
        throw new SyncError('unreachable', 'the bucket cannot be reached', { hint: 'Wait.', path: 'x' });
      },
    });
    const { desk: far } = await bench.meet(place);
    const heard: unknown[] = [];
    far.on('progress', (progress) => heard.push(progress.done));
    far.on('action', (event) => heard.push(event.action));
    await expect(far.sync({ full: true, path: relPath('photos') })).rejects.toMatchObject({
      code: 'unreachable',
      message: 'the bucket cannot be reached',
      hint: 'Wait.',
      path: 'x',
    });
    expect(given).toEqual([{ full: true, force: false, dryRun: false, releaseHeld: false, path: 'photos' }]);
    expect(heard).toEqual([3, action]);
  });

  it('check a folder together, progress and lists of any length included', async () => {
    const finding = { kind: 'base-orphan', path: 'a.txt', base: 'x', local: null, remote: null, next: 'nothing' } as const;
    const held = [{ side: 'remote', why: 'too-many', actions: Array.from({ length: 1300 }, () => action) }] as const;
    const verdict = { content: false, checked: { base: 1, local: 1, remote: 1 }, findings: Array.from({ length: 1001 }, () => finding), pending: [action], conflicts: [], held };
    const contents: boolean[] = [];
    const { place, events } = await bench.serve({
      verify: async ({ content }) => {
        contents.push(content);
        events.emit('progress', { phase: 'looking', done: 7, total: 0, bytes: 0, totalBytes: 0, rate: null, etaSeconds: null, inFlight: [] });
        return verdict;
      },
    });
    const { desk: far } = await bench.meet(place);
    const heard: number[] = [];
    far.on('progress', ({ done }) => heard.push(done));
    expect(await far.verify({ content: false })).toEqual(verdict);
    expect([contents, heard]).toEqual([[false], [7]]);
  });

  it('are interrupted together: by the signal, and when the command goes away', async () => {
    const signals: AbortSignal[] = [];
    const { place } = await bench.serve({
      sync: ({ signal }) =>
        new Promise((_, reject) => {
          if (signal !== undefined) signals.push(signal);
          signal?.addEventListener('abort', () => reject(new SyncError('aborted', 'interrupted')));
        }),
    });
    const first = await bench.meet(place);
    const stop = new AbortController();
    const waiting = first.desk.sync({ signal: stop.signal });
    await vi.waitFor(() => expect(signals).toHaveLength(1));
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'aborted' });
    const second = await bench.meet(place);
    const lost = second.desk.sync({}).catch((error: unknown) => error);
    await vi.waitFor(() => expect(signals).toHaveLength(2));
    second.close();
    await vi.waitFor(() => expect(signals[1]?.aborted).toBe(true));
    expect(await lost).toMatchObject({ code: 'busy' });
  });

  it('part when the owner ends: the command knows that it was not answered', async () => {
    const { place, server } = await bench.serve({ sync: () => new Promise(() => undefined) });
    const owner = await bench.meet(place);
    const answer = owner.desk.sync({}).catch((error: unknown) => error);
    await owner.desk.look();
    await server.close();
    expect(await answer).toMatchObject({ code: 'busy', hint: 'Run the command again.' });
    expect(owner.isLost).toBe(true);
    expect(await readPlace(fs, controlFile(bench.lockFile()))).toBeNull();
    await expect(owner.desk.look()).rejects.toMatchObject({ code: 'busy' });
  });

  it('that has just taken the folder lets commands wait until it is ready', async () => {
    let give: (value: PairDesk) => void = () => undefined;
    const { desk: late } = desk();
    const server: PairControl = await openControl({ ...PORTS, lockFile: bench.lockFile('other'), kind: 'app', source: '/docs' });
    bench.closes(server);
    give = (value) => server.attach(value);
    const owner = await bench.meet(server.place as ControlPlace);
    const look = owner.desk.look();
    give(late);
    expect(await look).toMatchObject({ protection: 'atomic' });
  });
});
