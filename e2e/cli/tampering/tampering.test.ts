import { afterEach, beforeEach, expect, it } from 'vitest';
import { S3Server, TEST_CREDENTIAL } from '../../../src-main/testing/s3-server/s3-server.ts';
import { treeOf, World } from '../world.ts';
import { StorageOwner } from './storage-owner.ts';
import { TamperedVault, type TamperingPlace } from './tampered-vault.ts';
import { TAMPERINGS } from './tamperings.ts';

const BUCKET = 'our-bucket';

let server: S3Server;
let place: TamperingPlace;
beforeEach(async () => {
  server = await S3Server.start({ buckets: [BUCKET] });
  const { endpoint, region } = server;
  place = {
    world: new World(),
    owner: new StorageOwner({ endpoint, region, ...TEST_CREDENTIAL, bucket: BUCKET }),
    bucket: {
      BACKEND_TYPE: 's3',
      S3_BUCKET: BUCKET,
      S3_ENDPOINT: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: TEST_CREDENTIAL.accessKeyId,
      AWS_SECRET_ACCESS_KEY: TEST_CREDENTIAL.secretAccessKey,
    },
  };
});
afterEach(async () => {
  place.owner.close();
  await place.world.end();
  await server.close();
});

it(`C58 C64 S147 ${TAMPERINGS.length} objects tampered with by hand are each named, none is written over, nothing here goes, and the rest goes on`, {
  timeout: 600_000,
}, async () => {
  const vault = new TamperedVault(place, TAMPERINGS);
  await vault.prepare();
  await vault.expectNamedWhereKnown();
  await vault.expectVerifyFindsAll();
  await vault.expectNamedToNewcomer();
  expect(TAMPERINGS.length).toBeGreaterThan(40);
});

/** What is done to vault.json, of which there are an earlier state and that of another vault; what a device is told that knows the vault; and, where that one knows better than a newcomer, what a newcomer is told. */
const VAULT_FILES: readonly {
  readonly name: string;
  readonly change: (now: string, earlier: string, other: string) => string | null;
  readonly code: number;
  readonly says: RegExp;
  readonly newcomer?: RegExp;
}[] = [
  { name: 'deleted', change: () => null, code: 4, says: /does not hold the vault[\s\S]*keys restore/ },
  { name: 'an earlier state', change: (_, earlier) => earlier, code: 4, says: /an older state of the vault’s keys came back[\s\S]*keys restore/ },
  { name: 'of another vault', change: (_now, _earlier, other) => other, code: 4, says: /another vault/ },
  {
    name: 'of no encrypted vault',
    change: (now) => `{ "format": 1, "vault": "${/"vault": "([0-9a-f]+)"/.exec(now)?.[1]}" }`,
    code: 4,
    says: /was encrypted when this device last saw it/,
    newcomer: /are not encrypted/,
  },
  {
    name: 'a slot altered under a later number',
    change: (now) => now.replace(/"revision": \d+/, '"revision": 99').replace(/("wrapped": ")(.)/, (_, before: string, digit: string) => before + (digit === '0' ? '1' : '0')),
    code: 1,
    says: /slot [0-9a-f]{8} was changed[\s\S]*keys restore/,
    newcomer: /slot [0-9a-f]{8} was changed/,
  },
  {
    name: 'with names in the open',
    change: (now) => now.replace('"names": "base64url"', '"names": "plain"').replace(/"revision": \d+/, '"revision": 99'),
    code: 1,
    says: /MAC does not fit[\s\S]*keys restore/,
    newcomer: /MAC does not fit/,
  },
  { name: 'no JSON', change: (now) => now.slice(0, -40), code: 1, says: /vault.json cannot be read[\s\S]*keys restore/ },
];

it('C64 C69 S148 whatever is done to vault.json is named, with the next step, and nothing is written until it is put back', async () => {
  const vault = new TamperedVault(place, []);
  const { desk, owner } = { desk: vault.desk, owner: place.owner };
  const key = 'ours/.file-sync/vault.json';
  desk.write('a.txt', 'a');
  const stranger = vault.device('stranger', 'theirs');
  await Promise.all([desk.sync(), stranger.sync()]);
  const earlier = (await owner.get(key)).body.toString();
  expect(await desk.run('keys', 'rotate', '--yes')).toMatchObject({ code: 0 });
  await desk.sync();
  const good = await owner.get(key);
  const now = good.body.toString();
  const other = (await owner.get('theirs/.file-sync/vault.json')).body.toString();
  desk.write('b.txt', 'b');
  const before = [await owner.everything(), treeOf(desk.source)];
  for (const { name, change, code, says, newcomer } of VAULT_FILES) {
    const text = change(now, earlier, other);
    expect(text, name).not.toBe(now);
    await (text === null ? owner.remove(key) : owner.put(key, { body: Buffer.from(text), meta: {} }));
    const told = await desk.run('sync');
    expect([told.code, told.err], name).toEqual([code, expect.stringMatching(says)]);
    if (newcomer !== undefined) {
      const tablet = vault.device(`tablet for ${name}`);
      expect((await tablet.run('sync')).err, name).toMatch(newcomer);
      expect([...treeOf(tablet.source)]).toEqual([]);
    }
    await owner.put(key, good);
    expect([await owner.everything(), treeOf(desk.source)], `${name}: nothing was written`).toEqual(before);
  }
  await desk.sync();
});

it('C64 S147 kept versions, folders and the feed tampered with, and objects taken away: named, held or kept, and nothing is lost', async () => {
  const vault = new TamperedVault(place, []);
  const { desk, owner } = { desk: vault.desk, owner: place.owner };
  const files = ['a.txt', 'b.txt', ...Array.from({ length: 24 }, (_, n) => `more/${n}`)];
  for (const path of files) desk.write(path, `${path}, first`);
  await desk.sync();
  for (const path of ['a.txt', 'b.txt']) desk.write(path, `${path}, second`);
  await desk.sync();
  await vault.open();
  const keys = await owner.keys();
  const keptOf = (path: string): string => keys.find((key) => key.startsWith(vault.versionsOf(path))) ?? path;
  const other = await owner.get(keptOf('b.txt'));
  await owner.put(keptOf('a.txt'), other);
  await owner.put(keptOf('b.txt'), { ...other, body: Buffer.from(other.body.map((byte, at) => (at === other.body.length - 1 ? byte ^ 1 : byte))) });
  // Forged, and an old one under a new name.
  const feed = keys.filter((key) => key.includes('/feed/'));
  const [said] = feed;
  if (said === undefined) throw new Error('there is no feed');
  await owner.put(`ours/.file-sync/feed/${Date.now()}-forged-0`, { body: Buffer.from('{"paths":["a.txt"]}'), meta: {} });
  await owner.put(said.replace(/\d{13}/, String(Date.now())), await owner.get(said));
  await owner.put('ours/planted folder/', { body: Buffer.alloc(0), meta: {} });

  const report = await desk.json<{ problems: readonly { readonly path: string; readonly reason: string }[] }>('sync');
  expect(report).toMatchObject({ exitCode: 1, done: 0, failures: [] });
  expect(report.problems.map(({ path, reason }) => `${path} ${reason}`)).toEqual(['/planted folder/ foreign-name']);
  const versionsOf = (path: string) => desk.json<{ versions: readonly { readonly id: string; readonly kept: boolean; readonly damage: string | null }[] }>('versions', path);
  expect(await versionsOf('a.txt')).toMatchObject({
    exitCode: 1,
    versions: [
      { kept: true, damage: null },
      { kept: false, damage: expect.stringMatching(/another place/) },
    ],
  });
  const { versions } = await versionsOf('b.txt');
  const back = await desk.run('restore', 'b.txt', '--version', versions[1]?.id ?? '?');
  expect([back.code, back.out + back.err]).toEqual([1, expect.stringMatching(/b\.txt.*not authentic/)]);
  expect(desk.read('b.txt')).toBe('b.txt, second');
  await owner.remove('ours/planted folder/');

  // One that goes, goes here too, into the trash; all at once are held.
  await owner.remove(vault.key('more/7'));
  await desk.sync();
  expect((await desk.run('trash')).out).toContain('more/7');
  for (const path of files) await owner.remove(vault.key(path));
  const held = await desk.json<{ held: readonly { readonly side: string; readonly paths: readonly string[] }[] }>('sync');
  expect(held).toMatchObject({ exitCode: 3, done: 0, held: [{ side: 'local' }] });
  expect(files.filter((path) => path !== 'more/7' && !desk.names().includes(path))).toEqual([]);
});
