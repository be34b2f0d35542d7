import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type * as Library from '../../src-main/index.ts';
import { S3Server, TEST_CREDENTIAL } from '../../src-main/testing/s3-server/s3-server.ts';
import { converge, type Device, World } from './world.ts';

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
  it('syncs with it, given keys', async () => {
    const server = await S3Server.start({ buckets: ['our-bucket'] });
    try {
      device.write('docs/a.txt', 'hello');
      const { accessKeyId, secretAccessKey } = TEST_CREDENTIAL;
      const backend = new S3Backend({ bucket: 'our-bucket', prefix: 'vault', endpoint: server.endpoint, region: server.region, credentials: { accessKeyId, secretAccessKey } });
      expect(JSON.stringify(backend)).not.toContain(secretAccessKey);
      const manager = managerOf({ backend });
      expect(await manager.syncAll()).toMatchObject({ failures: [], problems: [] });
      expect(server.bucket('our-bucket').current('vault/docs/a.txt')?.content.size).toBe(5);
      await manager.stop();
    } finally {
      await server.close();
    }
  });

  it('refuses what cannot be a bucket before anything is sent, and has the contract to check one', () => {
    expect(() => new S3Backend({ bucket: 's3://our-bucket' })).toThrow(SyncError);
    expect(checkContract).toBeTypeOf('function');
  });
});
