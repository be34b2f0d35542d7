import { spawnSync } from 'node:child_process';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { expectSameTree, randomFrom, World } from '../../cli/world.ts';
import { Contents, idOf, textsAt } from './contents.ts';
import { live, lossesOf, rest } from './lives.ts';
import { User } from './user.ts';

const SEED = Number(process.env['SEED'] ?? 20261126);
const SECONDS = Number(process.env['SEALED_EDITOR_SECONDS'] ?? 30);
const KEY = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';
const SEALED = { ENCRYPTION_KEY: KEY, COMPRESSION_ENABLED: 'true', ENCRYPT_NAMES: 'true', VERSIONS_KEEP: '100000' };

it(`C48 I1 I6 I9 two devices on an encrypted folder with hidden names, edited at random for ${SECONDS} s and killed, lose nothing; the key alone opens it all, and nothing else reads any of it (SEED=${SEED})`, async () => {
  const world = new World();
  const contents = new Contents();
  const users = ['desk', 'laptop'].map((name, n) => new User(world.device(name, SEALED), randomFrom(SEED + n), contents));
  const devices = users.map((user) => user.device);
  try {
    const until = performance.now() + SECONDS * 1_000;
    const lives = await Promise.all(users.map((user, n) => live(user, randomFrom(SEED * 31 + n), until)));
    await rest(devices);

    const rescued = join(world.root, 'rescued');
    const opened = await world.run(['decrypt', '--tree', world.backup, '--out', rescued, '--versions'], { env: { ENCRYPTION_KEY: KEY } });
    expect(opened, opened.err).toMatchObject({ code: 0 });
    const versions = join(world.root, 'versions');
    renameSync(join(rescued, 'file-sync-versions'), versions);
    for (const device of devices) expectSameTree(device.source, rescued);
    const { missing, torn } = lossesOf(devices, contents, textsAt(versions));
    expect(missing, `owed and gone (seed ${SEED})`).toEqual([]);
    expect(torn, `what nobody wrote (seed ${SEED})`).toEqual([]);

    const inTheOpen = (text: string): string => spawnSync('grep', ['-rlaF', '--', text, world.backup], { encoding: 'utf8' }).stdout;
    for (const device of devices) {
      for (const text of textsAt(device.source).slice(0, 20)) expect(idOf(text) === '' ? '' : inTheOpen(idOf(text))).toBe('');
      for (const name of device.names()) expect(spawnSync('find', [world.backup, '-name', name.split('/').at(-1) ?? name], { encoding: 'utf8' }).stdout).toBe('');
    }
    console.info(
      `seed ${SEED}: ${users.reduce((n, user) => n + user.acts.length, 0)} acts, ${lives.reduce((n, { kills }) => n + kills, 0)} kills, ${contents.owedCount} contents owed and there`,
    );
  } finally {
    await world.end();
  }
});
