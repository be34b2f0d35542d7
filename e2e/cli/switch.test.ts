import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { S3Server, TEST_CREDENTIAL } from '../../src-main/testing/s3-server/s3-server.ts';
import { type Device, expectSameTree, type Running, randomFrom, treeOf, World } from './world.ts';

const BUCKET = 'our-bucket';
const SEED = Number(process.env['KILL_SEED'] ?? 20261127);
const KILLS = 2;
const FILES = 40;
const KEY = '5'.repeat(64);
const WITH_KEY = { ENCRYPTION_KEY: KEY };
const EVERYTHING = ['--encrypt', '--compress', '--encrypt-names'] as const;
/** What nobody may read in the backup afterwards: of names and of contents. */
const WORDS = ['folder-of', 'report', 'leaver', 'plain words', 'second version', 'turn of'];

let world: World;
let server: S3Server;
beforeEach(async () => {
  world = new World();
  server = await S3Server.start({ buckets: [BUCKET] });
});
afterEach(async () => {
  await world.end();
  await server.close();
});

interface Place {
  readonly settings: Readonly<Record<string, string>>;
  /** Names and contents of all that lies there, as whoever owns the storage sees them. */
  lies(): Iterable<readonly [name: string, content: string]>;
  /** How many objects lie there under a hidden name. */
  hidden(): number;
}

function folder(): Place {
  const names = (): string[] => readdirSync(world.backup, { recursive: true, encoding: 'utf8' });
  return {
    settings: {},
    *lies() {
      for (const [name, content] of treeOf(world.backup, true)) yield [name, content === null ? '' : content.toString('latin1')];
    },
    hidden: () => names().filter((name) => /[a-z2-7]{52}$/.test(name)).length,
  };
}

function bucket(): Place {
  const there = server.bucket(BUCKET);
  const keys = (): string[] => [...there.keys()].filter((key) => there.current(key) !== undefined);
  return {
    settings: {
      BACKEND_TYPE: 's3',
      S3_BUCKET: BUCKET,
      S3_ENDPOINT: server.endpoint,
      AWS_REGION: server.region,
      AWS_ACCESS_KEY_ID: TEST_CREDENTIAL.accessKeyId,
      AWS_SECRET_ACCESS_KEY: TEST_CREDENTIAL.secretAccessKey,
    },
    *lies() {
      for (const key of keys()) {
        const object = there.current(key);
        yield [key, `${JSON.stringify(object?.meta)} ${Buffer.from(object?.content.bytes?.() ?? []).toString('latin1')}`];
      }
    },
    hidden: () => keys().filter((key) => /(?:^|\/)[A-Za-z0-9_-]{43}$/.test(key)).length,
  };
}

/** Kills it once so many more objects have their hidden name. */
function killAfter(place: Place, running: Running, more: number): void {
  const from = place.hidden();
  const look = setInterval(() => {
    if (running.child.exitCode === null && place.hidden() - from >= more) running.child.kill('SIGKILL');
  }, 10);
  void running.ended.finally(() => clearInterval(look));
}

/** Two devices on a plain place, with files, a version, a deletion, a link, an empty folder. */
async function grown(place: Place): Promise<readonly [Device, Device]> {
  const [desk, laptop] = [world.device('desk', place.settings), world.device('laptop', place.settings)];
  const random = randomFrom(SEED);
  for (let i = 0; i < FILES; i++) desk.write(`folder-of-${i % 5}/report-${i}`, `plain words ${i} `.repeat(1 + random.below(300)));
  desk.write('leaver', 'plain words of a leaver');
  await desk.sync();
  await laptop.sync();
  laptop.write('folder-of-0/report-0', 'second version');
  laptop.remove('leaver');
  await laptop.sync();
  await desk.sync();
  return [desk, laptop];
}

it.each([
  ['a backup folder', folder],
  ['a bucket', bucket],
] as const)(
  `C48 C68 %s in use is switched to encryption, compression and hidden names, through ${KILLS} kills (seed ${SEED}: KILL_SEED repeats it)`,
  { timeout: 600_000 },
  async (_name, of) => {
    const place = of();
    const random = randomFrom(SEED);
    const [desk, laptop] = await grown(place);
    const before = treeOf(laptop.source);
    desk.configure({ ...place.settings, ...WITH_KEY });

    const plan = await desk.json<{ plan: { objects: number } }>('keys', 'switch', ...EVERYTHING, '--dry-run');
    expect(plan).toMatchObject({ exitCode: 0, codec: null, switch: null, plan: { begun: false } });
    expect(plan.plan.objects).toBeGreaterThan(FILES);
    expect(place.hidden()).toBe(0);

    let killed = 0;
    for (let turn = 0; killed < KILLS && turn < 4 * KILLS; turn++) {
      const running = desk.start('keys', 'switch', ...EVERYTHING, '--yes');
      killAfter(place, running, 3 + random.below(12));
      const { signal, code, out, err } = await running.ended;
      if (signal === 'SIGKILL') killed++;
      else expect(code, `${out}${err}`).toBe(0);
      // With the key a device goes on in the middle of it, and without one it stops, says why, and keeps all it has.
      desk.write('folder-of-1/report-1', `turn of ${turn}`);
      await desk.sync();
      const stopped = await laptop.run('sync');
      // 4 where there is no keychain to ask.
      expect([2, 4], stopped.out + stopped.err).toContain(stopped.code);
      expect(stopped.err).toMatch(/the files.* are encrypted[\s\S]*ENCRYPTION_KEY/);
      expect(treeOf(laptop.source)).toEqual(before);
    }
    expect(killed).toBeGreaterThan(0);
    expect(await desk.json('keys', 'switch')).toMatchObject({ exitCode: 0, format: 3, switched: { complete: true, refused: [] }, ended: false, endAfter: expect.any(Number) });

    // The other one slept through it, edited something, and gets the key.
    laptop.write('folder-of-2/report-2', 'turn of laptop');
    laptop.configure({ ...place.settings, ...WITH_KEY });
    await laptop.sync();
    await desk.sync();
    await laptop.sync();
    expectSameTree(desk.source, laptop.source);
    expect(desk.read('folder-of-2/report-2')).toBe('turn of laptop');
    expect(desk.names().filter((name) => name.includes('conflict') || name === 'leaver')).toEqual([]);

    expect(await desk.json('keys', 'switch', '--finish-now')).toMatchObject({ exitCode: 0, format: 2, switch: null, codec: { encryption: true, compression: true }, ended: true });
    for (const device of [desk, laptop]) {
      await device.sync();
      expect(await device.json('verify')).toMatchObject({ exitCode: 0, findings: [] });
    }
    for (const [name, content] of place.lies()) for (const word of WORDS) expect(`${name} ${content}`.includes(word), `${word} in ${name}`).toBe(false);

    // The past of before is still there.
    const { versions } = await laptop.json<{ versions: { id: string; size: number }[] }>('versions', 'folder-of-0/report-0');
    expect(versions).toHaveLength(2);
    await laptop.json('restore', 'folder-of-0/report-0', '--version', versions[1]?.id ?? '?');
    expect(laptop.read('folder-of-0/report-0')).toMatch(/^(?:plain words 0 )+$/);
    expect((await laptop.json<{ versions: unknown[] }>('versions', 'leaver')).versions).toHaveLength(1);
    await desk.sync();
    expectSameTree(desk.source, laptop.source);
    if (place.settings['BACKEND_TYPE'] === undefined) await expectDecrypted(laptop);
  },
);

/** The backup alone, with the key: everything under its own name. */
async function expectDecrypted(device: Device): Promise<void> {
  const out = join(world.root, 'decrypted');
  const { code, out: said, err } = await world.run(['decrypt', '--tree', world.backup, '--out', out], { env: { ENCRYPTION_KEY: KEY } });
  expect(code, said + err).toBe(0);
  const files = (root: string): unknown => [...treeOf(root)].filter(([, content]) => content !== null).sort();
  expect(files(out)).toEqual(files(device.source));
}

it('C68 what cannot be switched is refused before anything is written', async () => {
  const desk = world.device('desk');
  desk.write('file', 'plain words');
  await desk.sync();
  const refused = async (...args: string[]): Promise<string> => {
    const { code, err } = await desk.run('keys', 'switch', ...args, '--yes');
    expect(code).toBe(2);
    return err;
  };
  expect(await refused()).toContain('say what to switch to');
  expect(await refused('--encrypt-names', '--compress')).toContain('--encrypt-names takes --encrypt');
  expect(await refused('--encrypt')).toContain('passphrase is typed');
  expect(treeOf(world.backup).get('file')?.toString()).toBe('plain words');
  // Compression alone needs no key; and from there on to encryption.
  const finish = '--finish-now';
  expect(await desk.json('keys', 'switch', '--compress', '--yes', finish)).toMatchObject({ exitCode: 0, codec: { encryption: false, compression: true }, ended: true });
  expect(await refused('--compress')).toContain('compressed already');
  await desk.sync();
  desk.configure(WITH_KEY);
  expect(await desk.json('keys', 'switch', '--encrypt', '--yes', finish)).toMatchObject({
    exitCode: 0,
    codec: { encryption: true, compression: true, names: 'plain' },
    ended: true,
  });
  await desk.sync();
  expect(await refused('--encrypt')).toContain('encrypted already');
  expect(await desk.json('verify')).toMatchObject({ exitCode: 0, findings: [] });
  expect(desk.read('file')).toBe('plain words');
});
