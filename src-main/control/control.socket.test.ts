import { chmodSync, linkSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { nodeClock } from '../platform/node-clock.ts';
import { nodeHasher } from '../platform/node-hash.ts';
import { controlPerTest, fs, known, raw } from '../testing/control-kit.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { connectOwner } from './control-client.ts';
import { addresses, type ControlPlace, controlFile, readPlace } from './control-place.ts';

const bench = controlPerTest();

describe('the socket of an owner', () => {
  it('is for this user alone', async () => {
    const { place } = await bench.serve();
    expect(statSync(place.address).mode & 0o777).toBe(0o600);
    expect(statSync(bench.folder).mode & 0o777).toBe(0o700);
    expect(statSync(controlFile(bench.lockFile())).mode & 0o777).toBe(0o600);
  });

  it('tells and does nothing for one who does not know the token', async () => {
    const { place, asked } = await bench.serve();
    const proof = 'a'.repeat(64);
    const heard = await raw(place.address, `{"protocol":2,"nonce":"${'b'.repeat(32)}","proof":"${proof}"}\n{"id":1,"ask":"look"}\n`);
    expect(heard).toMatch(/^\{"fileSync":2,"nonce":"[0-9a-f]{32}"\}\n\{"error":\{"code":"refused","message":"the token is another"/);
    expect(await connectOwner({ ...place, token: 'c'.repeat(64) }, { clock: nodeClock, isWindows: false })).toBeNull();
    expect(asked).toEqual([]);
    expect(await (await bench.meet(place)).desk.storeNow()).toBe(42);
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
    const { place, asked } = await bench.serve();
    await raw(place.address, bytes);
    expect(asked).toEqual([]);
    expect(await (await bench.meet(place)).desk.storeNow()).toBe(42);
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
    const { place, asked } = await bench.serve();
    expect(await known(place, `${line}\n`)).toMatch(/"source":"\/docs".*\n\{"error":\{"code":"refused","message":"this was not understood"/);
    expect(asked).toEqual([]);
    expect(await (await bench.meet(place)).desk.storeNow()).toBe(42);
  });

  it('lets go of one who says nothing, and of the seventeenth', async () => {
    const clock = new ManualClock();
    const { place } = await bench.serve({}, { clock });
    const silent = Array.from({ length: 16 }, () => raw(place.address, ''));
    const heard = vi.fn();
    await vi.waitFor(async () => {
      heard(await raw(place.address, ''));
      expect(heard).toHaveBeenCalledWith('');
    });
    await clock.advance(5_000);
    expect((await Promise.all(silent)).every((text) => text.startsWith('{"fileSync":2'))).toBe(true);
    expect(await (await bench.meet(place)).desk.storeNow()).toBe(42);
  });

  it('that a killed owner left is nobody, and makes room for the next', async () => {
    const address = join(bench.folder, 'pair.sock');
    const dead = createServer();
    await new Promise<void>((resolve) => dead.listen(address, resolve));
    // A killed process leaves the name of its socket.
    rmSync(`${address}.kept`, { force: true });
    linkSync(address, `${address}.kept`);
    await new Promise((resolve) => dead.close(resolve));
    renameSync(`${address}.kept`, address);
    writeFileSync(controlFile(bench.lockFile()), JSON.stringify({ format: 1, address, token: 'a'.repeat(64) }), { mode: 0o600 });
    const place = (await readPlace(fs, controlFile(bench.lockFile()))) as ControlPlace;
    expect(place.address).toBe(address);
    expect(await connectOwner(place, { clock: nodeClock, isWindows: false })).toBeNull();
    const next = await bench.serve();
    expect(next.place.address).toBe(address);
    expect(await (await bench.meet(next.place)).desk.storeNow()).toBe(42);
  });

  it('of another program, or another version, is not spoken to', async () => {
    const address = join(bench.folder, 'x.sock');
    let greeting = 'HTTP/1.1 400 Bad Request\n';
    const heard: string[] = [];
    const other = createServer((socket) => {
      socket.on('data', (chunk) => heard.push(String(chunk)));
      socket.on('error', () => undefined);
      socket.write(greeting);
    });
    await new Promise<void>((resolve) => other.listen(address, resolve));
    bench.closes(other);
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
    const deep = join(bench.folder, 'd'.repeat(60), 'e'.repeat(60));
    mkdirSync(deep, { recursive: true });
    const runtime = join(bench.folder, 'run');
    mkdirSync(runtime, { mode: 0o700 });
    const { place } = await bench.serve({}, { lockFile: join(deep, 'pair.lock'), home: { platform: 'linux', env: { XDG_RUNTIME_DIR: runtime }, pid: 7, hostname: 'laptop' } });
    expect(place.address.startsWith(join(runtime, 'file-sync'))).toBe(true);
    expect(await (await bench.meet(place)).desk.storeNow()).toBe(42);
    const shared = join(bench.folder, 'shared');
    mkdirSync(shared, { mode: 0o777 });
    chmodSync(shared, 0o777);
    const second = await bench.serve({}, { lockFile: join(shared, 'pair.lock'), home: { platform: 'linux', env: { XDG_RUNTIME_DIR: runtime }, pid: 7, hostname: 'laptop' } });
    expect(second.place.address.startsWith(runtime)).toBe(true);
    expect(addresses('C:\\x\\pair.lock', { platform: 'win32', env: {} }, nodeHasher, 'abc')).toEqual(['\\\\.\\pipe\\file-sync-abc']);
  });

  it.each<[string, string, number]>([
    ['is for all to read', JSON.stringify({ format: 1, address: '/x', token: 'a'.repeat(64) }), 0o644],
    ['is no JSON', '{"format":', 0o600],
    ['is of a later format', JSON.stringify({ format: 2, address: '/x', token: 'a'.repeat(64) }), 0o600],
  ])('is not looked for in a file that %s', async (_what, text, mode) => {
    const file = join(bench.folder, 'pair.control');
    writeFileSync(file, text, { mode });
    expect(await readPlace(fs, file)).toBeNull();
  });
});
