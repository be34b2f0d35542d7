import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Device, World } from './world.ts';

let world: World;
let device: Device;
let file: string;
beforeEach(async () => {
  world = new World();
  device = world.device('desk');
  for (const name of ['kept', 'edited', 'removed here', 'removed there', 'edited there']) device.write(name, `${name}, as it was`);
  await device.sync();
  file = join(world.root, 'state.json');
});
afterEach(() => world.end());

describe('state export and import', () => {
  it('tell what is remembered, and what waits', async () => {
    device.write('edited', 'now');
    expect(await device.json('state', 'export', file)).toMatchObject({ exitCode: 0, paths: 5 });
    const state = JSON.parse(readFileSync(file, 'utf8'));
    expect(state).toMatchObject({
      format: 1,
      source: device.source,
      lastSync: expect.stringMatching(/^20.*Z$/),
      pendingUploads: [{ path: 'edited' }],
      pendingDownloads: [],
      conflicts: [],
    });
    expect(state.files.kept).toEqual({ kind: 'file', sha256: expect.stringMatching(/^[0-9a-f]{64}$/), size: 15, mtimeNs: expect.any(String), mode: '644' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await device.run('state', 'export', file)).toMatchObject({ code: 2, err: expect.stringContaining('--force') });
    expect((await device.run('state', 'export', file, '--force')).code).toBe(0);
  });

  it('bring a lost state back: what happened since is an edit or a deletion, and not a conflict or a new file', async () => {
    await device.run('state', 'export', file);
    rmSync(device.state, { recursive: true });
    device.write('edited', 'here, later');
    device.remove('removed here');
    rmSync(join(world.backup, 'removed there'));
    writeFileSync(join(world.backup, 'edited there'), 'there, later');
    expect(await device.json('state', 'import', file, '--dry-run')).toMatchObject({ exitCode: 0, adopted: 5, known: 0, passed: [] });
    expect(await device.json('state', 'import', file)).toMatchObject({ exitCode: 0, adopted: 5 });
    expect((await device.run('sync')).err).toBe('');
    expect(device.names()).toEqual(['edited', 'edited there', 'kept']);
    expect(device.read('edited there')).toBe('there, later');
    expect(readFileSync(join(world.backup, 'edited'), 'utf8')).toBe('here, later');
    expect(existsSync(join(world.backup, 'removed here'))).toBe(false);
    expect(await device.json('state', 'import', file)).toMatchObject({ adopted: 0, known: 3, passed: ['removed here', 'removed there'] });
  });

  it.each<[string, string, string]>([
    ['no JSON', '{"format":', 'is not JSON'],
    ['another document', '{"a":1}', 'is not a state that File Sync exported'],
    ['a later format', '{"format":2,"files":{}}', 'format 2'],
    ['a path that leads out', '{"format":1,"files":{"../x":{"kind":"folder"}}}', 'names a path that lies in no folder'],
  ])('refuse %s, exit code 2', async (_what, text, message) => {
    writeFileSync(file, text);
    expect(await device.run('state', 'import', file)).toMatchObject({ code: 2, err: expect.stringContaining(message) });
  });
});
