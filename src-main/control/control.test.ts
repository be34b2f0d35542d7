import { chmodSync, linkSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Action } from '../core/action.ts';
import type { Hash, Stamp } from '../core/entry.ts';
import { SyncError } from '../core/errors.ts';
import type { CycleReport } from '../core/events.ts';
import { relPath } from '../core/rel-path.ts';
import { Emitter } from '../engine/emitter.ts';
import { silentLog } from '../engine/log.ts';
import { nodeClock } from '../platform/node-clock.ts';
import { nodeFs } from '../platform/node-fs.ts';
import { nodeHasher } from '../platform/node-hash.ts';
import { nodeChance } from '../platform/node-random.ts';
import { calmStatus } from '../testing/fake-engine.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { openAppControl } from './app-control.ts';
import { connectApp, connectOwner, type Owner } from './control-client.ts';
import { addresses, type ControlPlace, controlFile, readPlace } from './control-place.ts';
import { proofOf } from './control-protocol.ts';
import type { ServerPorts } from './control-server.ts';
import { openControl, type PairControl } from './pair-control.ts';
import type { DeskEvents, PairDesk } from './pair-desk.ts';

const fs = nodeFs();
let folder: string;
const open: { close(): unknown }[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fs-control-'));
});
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
  rmSync(folder, { recursive: true, force: true });
});

const REPORT: CycleReport = { cycle: 'c1', done: 0, stale: 0, failures: [], problems: [], conflicts: [], held: [], bytesUp: 0, bytesDown: 0, planned: [] };
const action: Action = {
  kind: 'upload',
  path: relPath('a.txt'),
  reason: 'new here',
  entry: { kind: 'file', size: 3, hash: 'h' as Hash, mtimeNs: 1_700_000_000_123_456_789n, mode: null },
  stamp: 'stamp' as unknown as Stamp,
  replaces: null,
};

/** A desk that notes what it is asked. */
function desk(change: Partial<PairDesk> = {}) {
  const asked: unknown[] = [];
  const events = new Emitter<DeskEvents>();
  const note =
    <T>(name: string, answer: T) =>
    async (...args: unknown[]): Promise<T> => {
      asked.push([name, ...args.filter((arg) => !(arg instanceof Object && 'signal' in arg))]);
      return answer;
    };
  const own: PairDesk = {
    source: '/docs',
    sync: note('sync', REPORT),
    look: note('look', { status: calmStatus(), protection: 'atomic', codec: null, schedule: null }),
    conflicts: note('conflicts', []),
    resolve: note('resolve', undefined),
    restore: note('restore', { planned: [], done: [], left: [], held: null, report: null, again: [] }),
    runs: note('runs', [{ id: 'r1', atMs: 5, changes: 2 }]),
    verify: note('verify', { content: true, checked: { base: 1, local: 1, remote: 1 }, findings: [], pending: [], conflicts: [], held: [] }),
    drill: note('drill', { files: 1, bytes: 2, passed: 0, failed: [] }),
    acceptRestored: note('accept restored', { older: [], missing: [], differing: [], report: null }),
    storeNow: note('now', 42),
    pause: note('pause', undefined),
    resume: note('resume', undefined),
    on: (event, listener) => events.on(event, listener),
    ...change,
  };
  return { desk: own, asked, events };
}

async function serve(change: Partial<PairDesk> = {}, ports: Partial<ServerPorts> = {}) {
  const it = desk(change);
  const server = await openControl({
    lockFile: join(folder, 'pair.lock'),
    fs,
    clock: nodeClock,
    chance: nodeChance,
    newHasher: nodeHasher,
    home: { platform: 'linux', env: {}, pid: 7, hostname: 'laptop' },
    kind: 'cli',
    source: '/docs',
    log: silentLog,
    ...ports,
  });
  open.push(server);
  server.attach(it.desk);
  return { ...it, server, place: server.place as ControlPlace };
}

async function meet(place: ControlPlace): Promise<Owner> {
  const owner = await connectOwner(place, { clock: nodeClock, isWindows: false });
  if (owner === null) throw new Error('nobody is there');
  open.push(owner);
  return owner;
}

/** Says bytes of its own once it is greeted; resolves to all it heard when the other end hangs up. */
function raw(address: string, bytes: string | ((greeting: string) => string)): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(address);
    let heard = '';
    socket.on('data', (chunk) => {
      if (heard === '') socket.write(typeof bytes === 'string' ? bytes : bytes(String(chunk)));
      heard += chunk;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(heard));
  });
}

/** Introduces itself rightly, and then says bytes of its own. */
function known({ address, token }: ControlPlace, bytes: string): Promise<string> {
  const mine = 'b'.repeat(32);
  return raw(address, (greeting) => {
    const { nonce } = JSON.parse(greeting) as { nonce: string };
    return `${JSON.stringify({ protocol: 2, nonce: mine, proof: proofOf(token, 'command', mine, nonce) })}\n${bytes}`;
  });
}

describe('a command and the owner of its folder', () => {
  it('say everything to each other, times in ns and long plans included', async () => {
    const planned = Array.from({ length: 1200 }, () => action);
    const { place, asked, server } = await serve({ sync: async () => ({ ...REPORT, planned }) });
    const { desk: far, who } = await meet(place);
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
    expect(server.place).toEqual(await readPlace(fs, controlFile(join(folder, 'pair.lock'))));
  });

  it('hand on options, progress, actions and errors as they are', async () => {
    const given: unknown[] = [];
    const { place, events } = await serve({
      sync: async ({ signal: _, ...options }) => {
        given.push(options);
        events.emit('progress', { phase: 'looking', done: 3, total: 0, bytes: 0, totalBytes: 0, rate: null, etaSeconds: null, inFlight: [] });
        events.emit('action', { cycle: 'c1', action, outcome: 'done', message: null });
        throw new SyncError('unreachable', 'the bucket cannot be reached', { hint: 'Wait.', path: 'x' });
      },
    });
    const { desk: far } = await meet(place);
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
    const { place, events } = await serve({
      verify: async ({ content }) => {
        contents.push(content);
        events.emit('progress', { phase: 'looking', done: 7, total: 0, bytes: 0, totalBytes: 0, rate: null, etaSeconds: null, inFlight: [] });
        return verdict;
      },
    });
    const { desk: far } = await meet(place);
    const heard: number[] = [];
    far.on('progress', ({ done }) => heard.push(done));
    expect(await far.verify({ content: false })).toEqual(verdict);
    expect([contents, heard]).toEqual([[false], [7]]);
  });

  it('are interrupted together: by the signal, and when the command goes away', async () => {
    const signals: AbortSignal[] = [];
    const { place } = await serve({
      sync: ({ signal }) =>
        new Promise((_, reject) => {
          if (signal !== undefined) signals.push(signal);
          signal?.addEventListener('abort', () => reject(new SyncError('aborted', 'interrupted')));
        }),
    });
    const first = await meet(place);
    const stop = new AbortController();
    const waiting = first.desk.sync({ signal: stop.signal });
    await vi.waitFor(() => expect(signals).toHaveLength(1));
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'aborted' });
    const second = await meet(place);
    const lost = second.desk.sync({}).catch((error: unknown) => error);
    await vi.waitFor(() => expect(signals).toHaveLength(2));
    second.close();
    await vi.waitFor(() => expect(signals[1]?.aborted).toBe(true));
    expect(await lost).toMatchObject({ code: 'busy' });
  });

  it('part when the owner ends: the command knows that it was not answered', async () => {
    const { place, server } = await serve({ sync: () => new Promise(() => undefined) });
    const owner = await meet(place);
    const answer = owner.desk.sync({}).catch((error: unknown) => error);
    await owner.desk.look();
    await server.close();
    expect(await answer).toMatchObject({ code: 'busy', hint: 'Run the command again.' });
    expect(owner.isLost).toBe(true);
    expect(await readPlace(fs, controlFile(join(folder, 'pair.lock')))).toBeNull();
    await expect(owner.desk.look()).rejects.toMatchObject({ code: 'busy' });
  });

  it('that has just taken the folder lets commands wait until it is ready', async () => {
    let give: (value: PairDesk) => void = () => undefined;
    const { desk: late } = desk();
    const server: PairControl = await openControl({
      lockFile: join(folder, 'other.lock'),
      fs,
      clock: nodeClock,
      chance: nodeChance,
      newHasher: nodeHasher,
      home: { platform: 'linux', env: {}, pid: 7, hostname: 'laptop' },
      kind: 'app',
      source: '/docs',
      log: silentLog,
    });
    open.push(server);
    give = (value) => server.attach(value);
    const owner = await meet(server.place as ControlPlace);
    const look = owner.desk.look();
    give(late);
    expect(await look).toMatchObject({ protection: 'atomic' });
  });
});

describe('the socket of an owner', () => {
  it('is for this user alone', async () => {
    const { place } = await serve();
    expect(statSync(place.address).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(controlFile(join(folder, 'pair.lock'))).mode & 0o777).toBe(0o600);
  });

  it('tells and does nothing for one who does not know the token', async () => {
    const { place, asked } = await serve();
    const proof = 'a'.repeat(64);
    const heard = await raw(place.address, `{"protocol":2,"nonce":"${'b'.repeat(32)}","proof":"${proof}"}\n{"id":1,"ask":"look"}\n`);
    expect(heard).toMatch(/^\{"fileSync":2,"nonce":"[0-9a-f]{32}"\}\n\{"error":\{"code":"refused","message":"the token is another"/);
    expect(await connectOwner({ ...place, token: 'c'.repeat(64) }, { clock: nodeClock, isWindows: false })).toBeNull();
    expect(asked).toEqual([]);
    expect(await (await meet(place)).desk.storeNow()).toBe(42);
  });

  it.each<[string, string]>([
    ['no JSON', 'hello\n'],
    ['another thing', '[1,2,3]\n'],
    ['a question before the introduction', '{"id":1,"ask":"resume"}\n'],
    ['another protocol', `{"protocol":9,"nonce":"${'b'.repeat(32)}","proof":"${'a'.repeat(64)}"}\n`],
    ['a line without an end', 'x'.repeat(200_000)],
    ['deep nesting', `${'['.repeat(60_000)}\n`],
    ['bytes that are no text', '\u0000\uFFFD\n\n\n'],
  ])('survives %s', async (_what, bytes) => {
    const { place, asked } = await serve();
    await raw(place.address, bytes);
    expect(asked).toEqual([]);
    expect(await (await meet(place)).desk.storeNow()).toBe(42);
  });

  it.each<[string, string]>([
    ['an unknown question', '{"id":1,"ask":"format-disk"}'],
    ['a path that leads out', '{"id":1,"ask":"resolve","path":"../x","choice":"local"}'],
    ['more than it knows', '{"id":1,"ask":"look","also":"this"}'],
    ['no number', '{"ask":"look"}'],
    ['a prototype', '{"id":1,"ask":"look","__proto__":{"x":1}}'],
    ['a file of the trash that leads out', '{"id":1,"ask":"restore","what":{"kind":"trash","path":"../x","batch":null},"dryRun":false,"releaseHeld":false}'],
    ['a sample of more than all', '{"id":1,"ask":"drill","sample":{"kind":"part","percent":101}}'],
    ['what only the app is asked', '{"id":1,"ask":"set","folder":"aaaaaaaaaaaaaaaa","name":"QUIET_HOURS","value":null}'],
  ])('refuses %s, also from a command that is known', async (_what, line) => {
    const { place, asked } = await serve();
    expect(await known(place, `${line}\n`)).toMatch(/"source":"\/docs".*\n\{"error":\{"code":"refused","message":"this was not understood"/);
    expect(asked).toEqual([]);
    expect(await (await meet(place)).desk.storeNow()).toBe(42);
  });

  it('lets go of one who says nothing, and of the seventeenth', async () => {
    const clock = new ManualClock();
    const { place } = await serve({}, { clock });
    const silent = Array.from({ length: 16 }, () => raw(place.address, ''));
    const heard = vi.fn();
    await vi.waitFor(async () => {
      heard(await raw(place.address, ''));
      expect(heard).toHaveBeenCalledWith('');
    });
    await clock.advance(5_000);
    expect((await Promise.all(silent)).every((text) => text.startsWith('{"fileSync":2'))).toBe(true);
    expect(await (await meet(place)).desk.storeNow()).toBe(42);
  });

  it('that a killed owner left is nobody, and makes room for the next', async () => {
    const address = join(folder, 'pair.sock');
    const dead = createServer();
    await new Promise<void>((resolve) => dead.listen(address, resolve));
    // A killed process leaves the name of its socket.
    rmSync(`${address}.kept`, { force: true });
    linkSync(address, `${address}.kept`);
    await new Promise((resolve) => dead.close(resolve));
    renameSync(`${address}.kept`, address);
    writeFileSync(controlFile(join(folder, 'pair.lock')), JSON.stringify({ format: 1, address, token: 'a'.repeat(64) }), { mode: 0o600 });
    const place = (await readPlace(fs, controlFile(join(folder, 'pair.lock')))) as ControlPlace;
    expect(place.address).toBe(address);
    expect(await connectOwner(place, { clock: nodeClock, isWindows: false })).toBeNull();
    const next = await serve();
    expect(next.place.address).toBe(address);
    expect(await (await meet(next.place)).desk.storeNow()).toBe(42);
  });

  it('of another program, or another version, is not spoken to', async () => {
    const address = join(folder, 'x.sock');
    let greeting = 'HTTP/1.1 400 Bad Request\n';
    const heard: string[] = [];
    const other = createServer((socket) => {
      socket.on('data', (chunk) => heard.push(String(chunk)));
      socket.on('error', () => undefined);
      socket.write(greeting);
    });
    await new Promise<void>((resolve) => other.listen(address, resolve));
    open.push(other);
    const place = { address, token: 'a'.repeat(64) };
    expect(await connectOwner(place, { clock: nodeClock, isWindows: false })).toBeNull();
    greeting = `{"fileSync":3,"nonce":"${'b'.repeat(32)}"}\n`;
    await expect(connectOwner(place, { clock: nodeClock, isWindows: false })).rejects.toMatchObject({ code: 'locked', message: expect.stringContaining('another version') });
    // One that cannot prove itself learns nothing by which it could speak to the true one.
    greeting = `{"fileSync":2,"nonce":"${'b'.repeat(32)}"}\n{"proof":"${'0'.repeat(64)}","source":"/","kind":"app","pid":1,"host":"x","since":1}\n`;
    expect(await connectOwner(place, { clock: nodeClock, isWindows: false })).toBeNull();
    expect(heard.join('')).not.toContain(place.token);
  });

  it('lies elsewhere where the path would be too long, and nowhere in a folder that others can enter', async () => {
    const deep = join(folder, 'd'.repeat(60), 'e'.repeat(60));
    mkdirSync(deep, { recursive: true });
    const runtime = join(folder, 'run');
    mkdirSync(runtime, { mode: 0o700 });
    const { place } = await serve({}, { lockFile: join(deep, 'pair.lock'), home: { platform: 'linux', env: { XDG_RUNTIME_DIR: runtime }, pid: 7, hostname: 'laptop' } });
    expect(place.address.startsWith(join(runtime, 'file-sync'))).toBe(true);
    expect(await (await meet(place)).desk.storeNow()).toBe(42);
    const shared = join(folder, 'shared');
    mkdirSync(shared, { mode: 0o777 });
    chmodSync(shared, 0o777);
    const second = await serve({}, { lockFile: join(shared, 'pair.lock'), home: { platform: 'linux', env: { XDG_RUNTIME_DIR: runtime }, pid: 7, hostname: 'laptop' } });
    expect(second.place.address.startsWith(runtime)).toBe(true);
    expect(addresses('C:\\x\\pair.lock', { platform: 'win32', env: {} }, nodeHasher, 'abc')).toEqual(['\\\\.\\pipe\\file-sync-abc']);
  });

  it.each<[string, string, number]>([
    ['is for all to read', JSON.stringify({ format: 1, address: '/x', token: 'a'.repeat(64) }), 0o644],
    ['is no JSON', '{"format":', 0o600],
    ['is of a later format', JSON.stringify({ format: 2, address: '/x', token: 'a'.repeat(64) }), 0o600],
  ])('is not looked for in a file that %s', async (_what, text, mode) => {
    const file = join(folder, 'pair.control');
    writeFileSync(file, text, { mode });
    expect(await readPlace(fs, file)).toBeNull();
  });
});

describe('a command and the desktop app', () => {
  const ports = () => ({
    lockFile: join(folder, 'app.lock'),
    fs,
    clock: nodeClock,
    chance: nodeChance,
    newHasher: nodeHasher,
    home: { platform: 'linux', env: {}, pid: 7, hostname: 'laptop' },
    log: silentLog,
  });

  it('change a setting of a folder, and wait for one another until the app is ready', async () => {
    let ready: (desk: { set(folder: string, name: string, value: string | null): Promise<void> }) => void = () => undefined;
    const server = await openAppControl(
      ports(),
      new Promise((resolve) => {
        ready = resolve;
      }),
    );
    open.push(server);
    const app = await connectApp(server.place as ControlPlace, { clock: nodeClock, isWindows: false });
    if (app === null) throw new Error('nobody is there');
    open.push(app);
    const early = app.set('aaaaaaaaaaaaaaaa', 'SYNC_SCHEDULE', '0 3 * * *');
    const asked: unknown[] = [];
    ready({
      set: async (...args) => {
        asked.push(args);
        if (args[2] === null) throw new SyncError('usage', 'not so');
      },
    });
    await early;
    await expect(app.set('aaaaaaaaaaaaaaaa', 'QUIET_HOURS', null)).rejects.toMatchObject({ code: 'usage', message: 'not so' });
    expect(asked).toEqual([
      ['aaaaaaaaaaaaaaaa', 'SYNC_SCHEDULE', '0 3 * * *'],
      ['aaaaaaaaaaaaaaaa', 'QUIET_HOURS', null],
    ]);
    expect(await known(server.place as ControlPlace, '{"id":1,"ask":"resume"}\n')).toContain('this was not understood');
    await server.close();
    expect(await connectApp(server.place as ControlPlace, { clock: nodeClock, isWindows: false })).toBeNull();
  });
});
