import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type * as Library from '../../src-main/index.ts';
import { S3Server, TEST_CREDENTIAL } from '../../src-main/testing/s3-server/s3-server.ts';
import { converge, type Device, eventually, World } from './world.ts';

/** What is tested is the built library, as a program that installed it imports it. */
const { checkContract, LocalBackend, S3Backend, SyncManager, SyncError }: typeof Library = await import(
  pathToFileURL(resolve(import.meta.dirname, '../../out/main/index.js')).href
);

let world: World;
let device: Device;
const managers: InstanceType<typeof SyncManager>[] = [];
beforeEach(() => {
  world = new World();
  device = world.device('program');
});
afterEach(async () => {
  for (const manager of managers.splice(0)) await manager.stop();
  await world.end();
});

function managerOf(more: Partial<Library.SyncManagerOptions> = {}): InstanceType<typeof SyncManager> {
  const manager = new SyncManager({
    sourceDir: device.source,
    backend: new LocalBackend({ folder: world.backup }),
    stateDir: device.state,
    logLevel: 'silent',
    deviceName: 'program',
    ...more,
  });
  managers.push(manager);
  return manager;
}

describe('the library', () => {
  it('syncs, tells what it does, and lets go of the folder', async () => {
    device.write('a.txt', 'hello');
    const manager = managerOf();
    const done: string[] = [];
    const off = manager.on('action', ({ action, outcome }) => done.push(`${action.kind} ${action.path} ${outcome}`));
    expect(await manager.syncAll()).toMatchObject({ done: 1, bytesUp: 5, failures: [] });
    expect(done).toEqual(['upload a.txt done']);
    expect(readFileSync(join(world.backup, 'a.txt'), 'utf8')).toBe('hello');
    expect(await manager.status()).toMatchObject({ files: 1, state: 'ok' });
    expect(await manager.verify()).toMatchObject({ content: true, checked: { base: 1, local: 1, remote: 1 }, findings: [], pending: [] });
    expect((await device.run('sync')).code).toBe(5);
    off();
    await manager.stop();
    await device.sync();
  });

  it('hands over conflicts with a way to answer them', async () => {
    device.write('a.txt', '1');
    await managerOf().syncAll();
    await managers.pop()?.stop();
    const other = world.device('other');
    await converge(other);
    other.write('a.txt', 'theirs');
    device.write('a.txt', 'mine');
    await other.sync();
    const manager = managerOf({ conflictResolution: 'manual' });
    const seen: Library.OpenConflict[] = [];
    manager.on('conflict', (conflict) => seen.push(conflict));
    await manager.syncAll();
    expect(seen.map(({ path }) => path)).toEqual(['a.txt']);
    await seen[0]?.resolve('local');
    await manager.syncAll();
    expect(await manager.conflicts()).toEqual([]);
    expect(readFileSync(join(world.backup, 'a.txt'), 'utf8')).toBe('mine');
  });

  it('rejects with errors of its own class', async () => {
    await expect(managerOf({ sourceDir: join(world.root, 'missing') }).syncAll()).rejects.toMatchObject({ code: 'config' });
    await expect(managerOf({ backend: new LocalBackend({ folder: device.source }) }).syncAll()).rejects.toBeInstanceOf(SyncError);
    await expect(managerOf({ backend: new LocalBackend({ folder: join(world.root, 'unplugged') }) }).syncAll()).rejects.toMatchObject({ code: 'unreachable' });
    await expect(managerOf().syncAll({ path: '../x' })).rejects.toMatchObject({ code: 'usage' });
    expect(existsSync(join(world.root, 'unplugged'))).toBe(false);
  });

  it('can be stopped by a signal', async () => {
    await expect(managerOf().syncAll({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('the library and a bucket', () => {
  const { accessKeyId, secretAccessKey } = TEST_CREDENTIAL;
  let server: S3Server;
  beforeEach(async () => {
    server = await S3Server.start({ buckets: ['our-bucket'] });
  });
  afterEach(() => server.close());

  function bucketManager(): InstanceType<typeof SyncManager> {
    const backend = new S3Backend({ bucket: 'our-bucket', prefix: 'vault', endpoint: server.endpoint, region: server.region, credentials: { accessKeyId, secretAccessKey } });
    expect(JSON.stringify(backend)).not.toContain(secretAccessKey);
    return managerOf({ backend, pollEveryMs: 200 });
  }
  function stored(path: string): number | undefined {
    return server.bucket('our-bucket').current(`vault/${path}`)?.content.size;
  }

  it('syncs with it, given keys', async () => {
    device.write('docs/a.txt', 'hello');
    const manager = bucketManager();
    expect(await manager.syncAll()).toMatchObject({ failures: [], problems: [] });
    expect(stored('docs/a.txt')).toBe(5);
    await manager.stop();
  });

  it('C54 C59 S126 stops when its keys are revoked, a permission is taken away or the network goes, says what is missing, and goes on by itself', async () => {
    const manager = bucketManager();
    const seen: Library.PairStatus[] = [];
    manager.on('status', (status) => seen.push(status));
    await manager.start();
    await eventually('the first sync', () => seen.at(-1)?.state === 'ok');
    const troubles: readonly (readonly [name: string, trouble: () => void, relief: () => void, says: (status: Library.PairStatus) => boolean])[] = [
      ['keys', () => void server.credentials.splice(0), () => void server.credentials.push(TEST_CREDENTIAL), ({ state, error }) => state === 'error' && error?.code === 'refused'],
      [
        'put',
        () => void server.denied.add('s3:PutObject'),
        () => void server.denied.delete('s3:PutObject'),
        ({ failures }) => failures.some(({ path, code, message }) => path === 'put.txt' && code === 'no-permission' && message.includes('s3:PutObject')),
      ],
      ['network', () => server.setReachable(false), () => server.setReachable(true), ({ state }) => state === 'offline'],
    ];
    for (const [name, trouble, relief, says] of troubles) {
      trouble();
      device.write(`${name}.txt`, name);
      await eventually(`the word about the ${name}`, () => seen.some(says), 60_000);
      expect(stored(`${name}.txt`)).toBeUndefined();
      relief();
      await eventually(`the file after the ${name}`, () => stored(`${name}.txt`) === name.length, 60_000);
      await eventually('rest', () => seen.at(-1)?.state === 'ok', 60_000);
    }
    await manager.stop();
  });

  it('refuses what cannot be a bucket before anything is sent, and has the contract to check one', () => {
    expect(() => new S3Backend({ bucket: 's3://our-bucket' })).toThrow(SyncError);
    expect(checkContract).toBeTypeOf('function');
  });
});
