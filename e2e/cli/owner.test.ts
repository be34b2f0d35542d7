import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Device, eventually, isRoot, ORDINARY_USER, type Running, World } from './world.ts';

let world: World;
let device: Device;
beforeEach(() => {
  world = new World();
  device = world.device('desk', { CONFLICT_RESOLUTION: 'manual' });
  device.write('first.txt', '1');
});
afterEach(() => world.end());

async function watching(settings: Readonly<Record<string, string>> = {}): Promise<Running> {
  if (Object.keys(settings).length > 0) device.configure({ CONFLICT_RESOLUTION: 'manual', ...settings });
  const running = device.start('watch');
  await eventually('the first sync', () => running.out().includes('Up to date') || running.out().includes('next sync at'));
  return running;
}

/** The socket and what says where it is. */
const left = (): readonly string[] => readdirSync(device.state).filter((name) => /\.(sock|control)$/.test(name));

describe('a command for a folder that is watched', () => {
  it('has the watching process do it, and says what it did as if it had done it itself', async () => {
    // Never by itself within this test.
    const running = await watching({ SYNC_SCHEDULE: '0 0 1 1 *' });
    device.write('second.txt', '22');
    device.write('third/a.txt', '333');
    const { pending } = await device.json<{ pending: { path: string }[] }>('list');
    expect(pending.map(({ path }) => path).sort()).toEqual(['second.txt', 'third', 'third/a.txt']);
    expect((await device.run('sync', '--dry-run')).out).toContain('This was a dry run');
    expect(existsSync(join(world.backup, 'second.txt'))).toBe(false);
    expect(await device.json('sync', '--path', 'third')).toMatchObject({ exitCode: 0, bytesUp: 3, counts: { uploaded: 1 } });
    expect(existsSync(join(world.backup, 'second.txt'))).toBe(false);
    expect((await device.run('sync')).out).toMatch(/In sync: 1 uploaded, 2 B up/);
    expect(readFileSync(join(world.backup, 'second.txt'), 'utf8')).toBe('22');
    expect(await device.json('status')).toMatchObject({ exitCode: 0, holder: { kind: 'cli', pid: running.child.pid }, status: { state: 'ok' } });
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 130 });
    expect(left()).toEqual([]);
  });

  it('resolves conflicts and restores through it, with the same exit codes', async () => {
    await device.sync();
    const other = world.device('laptop');
    await other.sync();
    device.write('first.txt', 'mine');
    other.write('first.txt', 'theirs, which is longer');
    await other.sync();
    const running = await watching();
    await eventually('the conflict', () => running.out().includes('two versions'));
    expect((await device.run('sync')).code).toBe(3);
    expect((await device.json<{ conflicts: unknown[] }>('conflicts')).conflicts).toHaveLength(1);
    expect(await device.json('conflicts', 'resolve', 'first.txt', '--keep', 'remote')).toMatchObject({ exitCode: 0, resolved: true });
    expect(device.read('first.txt')).toBe('theirs, which is longer');
    device.remove('first.txt');
    await eventually('the deletion', () => !existsSync(join(world.backup, 'first.txt')));
    expect(await device.json('restore', '--date', '1s', '--path', 'nowhere')).toMatchObject({ exitCode: 2 });
    running.child.kill('SIGINT');
    await running.ended;
  });

  it('has it undo a run, put back what is in the trash, and bring back what is held', async () => {
    for (let n = 0; n < 60; n++) device.write(`many/${n}.txt`, `number ${n}`);
    await device.sync();
    // Never by itself within this test.
    const running = await watching({ SYNC_SCHEDULE: '0 0 1 1 *' });
    device.write('first.txt', 'second');
    await device.sync();
    const { runs } = await device.json<{ runs: { changes: number }[] }>('undo', '--list');
    expect(runs[0]).toMatchObject({ changes: 1 });
    expect(await device.json('undo', '--dry-run')).toMatchObject({ exitCode: 0, done: 0, planned: [{ kind: 'write', path: 'first.txt' }] });
    const undone = await device.run('undo');
    expect(undone, undone.err).toMatchObject({ code: 0, out: expect.stringMatching(/^Undoing the run of .*: 1 change\.\n1 change done and synced/) });
    expect([device.read('first.txt'), readFileSync(join(world.backup, 'first.txt'), 'utf8')]).toEqual(['1', '1']);
    expect(await device.json('undo', '--run', '900')).toMatchObject({ exitCode: 2 });
    expect(await device.json('trash', 'restore', 'first.txt')).toMatchObject({ exitCode: 0, done: 1, planned: [{ kind: 'write', path: 'first.txt' }] });
    expect(readFileSync(join(world.backup, 'first.txt'), 'utf8')).toBe('second');
    expect(await device.json('trash', 'restore', 'nothing.txt')).toMatchObject({ exitCode: 2, error: { message: 'nothing of nothing.txt is in the trash' } });
    device.remove('many');
    expect((await device.run('sync')).code).toBe(3);
    expect(await device.json('held')).toMatchObject({ exitCode: 3, held: [{ side: 'remote', why: 'too-many' }] });
    expect((await device.run('held', 'restore', '--dry-run')).out).toContain('bring back many/7.txt');
    expect(await device.json('held', 'restore')).toMatchObject({ exitCode: 0, left: [], sync: { held: [] } });
    expect(device.read('many/7.txt')).toBe('number 7');
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 130 });
  });

  it('pauses and resumes it', async () => {
    expect(await device.run('pause')).toMatchObject({ code: 2, err: expect.stringContaining('nothing runs for this folder') });
    const running = await watching();
    expect(await device.json('pause', '2h')).toMatchObject({ exitCode: 0, until: expect.any(Number) });
    expect(await device.json('status')).toMatchObject({ status: { state: 'paused' } });
    expect(await device.run('sync')).toMatchObject({ code: 2, err: expect.stringContaining('syncing is paused') });
    device.write('later.txt', 'x');
    expect(await device.json('resume')).toMatchObject({ exitCode: 0 });
    await eventually('the upload', () => existsSync(join(world.backup, 'later.txt')));
    running.child.kill('SIGINT');
    await running.ended;
  });

  it('in quiet hours waits even with its first sync: a pause shortens them not, `resume` ends them', async () => {
    const hour = (ahead: number): Date => new Date(Math.floor(Date.now() / 3_600_000 + ahead) * 3_600_000);
    const [from, to] = [hour(-1), hour(3)];
    const quiet = `${from.toISOString().slice(11, 16)}-${to.toISOString().slice(11, 16)}`;
    device.configure({ CONFLICT_RESOLUTION: 'manual', SYNC_TIME_ZONE: 'UTC', QUIET_HOURS: quiet });
    const running = device.start('watch');
    await eventually('the quiet hours', () => running.out().includes(`quiet hours until ${to.toISOString()}`));
    await device.json('pause', '1s');
    expect(await device.json('status')).toMatchObject({ status: { state: 'paused', pausedUntil: to.getTime() } });
    expect(existsSync(join(world.backup, 'first.txt'))).toBe(false);
    expect(await device.json('resume')).toMatchObject({ exitCode: 0 });
    await eventually('the upload', () => existsSync(join(world.backup, 'first.txt')));
    running.child.kill('SIGINT');
    await running.ended;
  });
});

describe('the owner of a folder', () => {
  it('that is killed leaves a socket nobody answers at; the next command takes the folder', async () => {
    const running = await watching();
    expect(left()).toHaveLength(2);
    running.child.kill('SIGKILL');
    await running.ended;
    expect(left()).toHaveLength(2);
    device.write('after.txt', 'x');
    await device.sync();
    expect(existsSync(join(world.backup, 'after.txt'))).toBe(true);
    const next = await watching();
    expect(await device.json('status')).toMatchObject({ holder: { pid: next.child.pid } });
    next.child.kill('SIGINT');
    await next.ended;
    expect(left()).toEqual([]);
  });

  it('that dies in the middle of a command is followed by the command itself', async () => {
    const running = await watching({ SYNC_SCHEDULE: '0 0 1 1 *', BANDWIDTH_LIMIT_UP: '100K' });
    device.write('big.bin', new Uint8Array(600 * 1024));
    const sync = device.start('sync', '--set', 'BANDWIDTH_LIMIT_UP=off');
    await eventually('the transfer', () => readdirSync(join(world.backup, '.file-sync/local/tmp')).length > 0);
    running.child.kill('SIGKILL');
    const { code, err, out } = await sync.ended;
    expect(err).toContain('going on without it');
    expect(out).toContain('In sync');
    expect(code).toBe(0);
    expect(statSync(join(world.backup, 'big.bin')).size).toBe(600 * 1024);
  });

  it('is one of two that start at once, and commands meanwhile are answered or do it themselves', async () => {
    for (let n = 0; n < 20; n++) device.write(`many/${n}.txt`, `${n}`);
    const two = [device.start('watch'), device.start('watch')];
    const syncs = await Promise.all([device.run('sync'), device.run('sync'), device.run('sync')]);
    // A single command that came first owns the folder for a moment.
    for (const { code, err } of syncs) expect([0, 5], err).toContain(code);
    const ended = await Promise.race(two.map(({ ended }) => ended));
    expect(ended).toMatchObject({ code: 5, err: expect.stringContaining('in use by') });
    for (const { child } of two) child.kill('SIGINT');
    const codes = (await Promise.all(two.map((one) => one.ended))).map(({ code }) => code);
    expect(codes).toContain(5);
    await device.sync();
  });

  it.skipIf(!isRoot)('does not hear another user of the machine', async () => {
    const running = await watching();
    const socket = join(device.state, left().find((name) => name.endsWith('.sock')) ?? '');
    const control = join(device.state, left().find((name) => name.endsWith('.control')) ?? '');
    const script = `
      const net = require('node:net'), fs = require('node:fs');
      const said = [];
      try { fs.readFileSync(${JSON.stringify(control)}); said.push('read'); } catch (e) { said.push(e.code); }
      const s = net.connect(${JSON.stringify(socket)}, () => { said.push('connected'); end(); });
      s.on('error', (e) => { said.push(e.code); end(); });
      function end() { process.stdout.write(said.join(' ')); process.exit(); }`;
    const stranger = spawnSync(process.execPath, ['-e', script], { cwd: '/', uid: ORDINARY_USER, gid: ORDINARY_USER, encoding: 'utf8' });
    expect(stranger.stdout).toBe('EACCES EACCES');
    running.child.kill('SIGINT');
    await running.ended;
  });
});
