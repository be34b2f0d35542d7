import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Device, expectSameTree, randomFrom, treeOf, type World } from '../../cli/world.ts';
import { Contents, idOf, textsAt } from './contents.ts';
import { type LifeOptions, live, lossesOf, rest } from './lives.ts';
import { User } from './user.ts';

const KEY = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';
const SEALED = { ENCRYPTION_KEY: KEY, COMPRESSION_ENABLED: 'true', ENCRYPT_NAMES: 'true', VERSIONS_KEEP: '100000' };
/** Shorter texts occur by chance in what is encrypted. */
const TELLING = 6;

/** Where an encrypted folder is shared. */
export interface SealedStore {
  readonly world: World;
  device(name: string, settings: Readonly<Record<string, string>>): Device;
  /** Everything that lies there: as a folder, and what else is known of the objects, as a text. */
  everything(): Promise<{ readonly folder: string; readonly besides: string }>;
  /** Names, times and permissions are in the bytes, and not in metadata alone. */
  readonly bytesSayAll: boolean;
  readonly life?: LifeOptions;
  readonly maxBytes?: number;
}

/** Two devices are edited at random and killed; then nothing that is owed is missing, the key alone opens a copy of the store, and without it nothing of contents and names is to be found there. */
export async function playSealedHistory(store: SealedStore, { seed, seconds }: { readonly seed: number; readonly seconds: number }): Promise<void> {
  const { world } = store;
  const contents = new Contents();
  const more = store.maxBytes === undefined ? {} : { maxBytes: store.maxBytes };
  const users = ['desk', 'laptop'].map((name, n) => new User(store.device(name, SEALED), randomFrom(seed + n), contents, more));
  const devices = users.map((user) => user.device);
  const until = performance.now() + seconds * 1_000;
  const lives = await Promise.all(users.map((user, n) => live(user, randomFrom(seed * 31 + n), until, store.life)));
  await rest(devices);

  const { folder, besides } = await store.everything();
  const rescued = join(world.root, 'rescued');
  // One that decrypt makes is for its user alone, unlike the devices' folders.
  mkdirSync(rescued);
  const opened = await world.run(['decrypt', '--tree', folder, '--out', rescued, '--versions'], { env: { ENCRYPTION_KEY: KEY } });
  expect(opened, opened.err).toMatchObject({ code: 0 });
  const versions = join(world.root, 'versions');
  mkdirSync(join(rescued, 'file-sync-versions'), { recursive: true });
  renameSync(join(rescued, 'file-sync-versions'), versions);
  for (const device of devices) {
    if (store.bytesSayAll) expectSameTree(device.source, rescued);
    else expect(contentsOf(rescued)).toEqual(contentsOf(device.source));
  }
  const { missing, torn } = lossesOf(devices, contents, textsAt(versions));
  expect(missing, `owed and gone (seed ${seed})`).toEqual([]);
  expect(torn, `what nobody wrote (seed ${seed})`).toEqual([]);

  const parts = new Set([...treeOf(folder, true).keys()].flatMap((path) => path.split('/')));
  for (const device of devices) {
    for (const text of textsAt(device.source).slice(0, 20)) expectNowhere(idOf(text), folder, besides);
    const names = new Set(device.names().flatMap((path) => path.split('/')));
    expect([...names].filter((name) => parts.has(name))).toEqual([]);
    for (const name of [...names].filter((name) => name.length >= TELLING && !name.includes('\n')).slice(0, 20)) expectNowhere(name, folder, besides);
  }
  const sum = (numbers: readonly number[]): number => numbers.reduce((all, n) => all + n, 0);
  console.info(`seed ${seed}: ${sum(users.map(({ acts }) => acts.length))} acts, ${sum(lives.map(({ kills }) => kills))} kills, ${contents.owedCount} contents owed and there`);
}

/** Without our own key nobody finds it: not in any object, nor in its name or metadata. */
function expectNowhere(text: string, folder: string, besides: string): void {
  if (text === '') return;
  expect(spawnSync('grep', ['-rlaF', '--', text, folder], { encoding: 'utf8' }).stdout, text).toBe('');
  expect(besides.includes(text), `${text} in names or metadata`).toBe(false);
}

/** What the files and links of a tree hold, whatever they are called: a copy without metadata knows of a rename to a long name only the earlier one. */
function contentsOf(root: string): readonly string[] {
  return [...treeOf(root).values()].flatMap((content) => (content === null ? [] : [content.toString()])).sort();
}
