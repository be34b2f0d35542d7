import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { PastDesk } from '../app/past-desk.ts';
import { composePair, type Pair } from '../compose.ts';
import { relPath } from '../core/rel-path.ts';
import { DEFAULT_PAIR_SETTINGS } from '../core/settings.ts';
import { BROUGHT_BACK } from '../engine/revised-activity.ts';
import { memoryKeychain } from '../keychain/memory-keychain.ts';
import { nodePlatform } from '../platform/node-platform.ts';
import { memoryStateStore, memoryStorage } from '../state/memory-store.ts';
import { UNDONE, UserWord } from './user-word.ts';

let root = '';
let pair: Pair;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'word-'));
  for (const folder of ['here', 'backup']) mkdirSync(join(root, folder));
  pair = await composePair(
    {
      source: join(root, 'here'),
      backend: { kind: 'local', folder: join(root, 'backup') },
      settings: { ...DEFAULT_PAIR_SETTINGS, deviceName: 'laptop' },
      stateDir: join(root, 'state'),
      logLevel: 'error',
      schedule: { cron: null, timeZone: null, quiet: [] },
    },
    nodePlatform(),
    { kind: 'app', mode: 'own', keychain: memoryKeychain(), scansHere: true },
  );
});
afterEach(async () => {
  await pair.close();
  rmSync(root, { recursive: true, force: true });
});

const at = (path: string): string => join(root, 'here', path);
const ask = async (call: string, input: unknown): Promise<never> => (await new PastDesk(() => pair, nodePlatform()).answer({ call, input } as never)) as never;
/** What was recorded since, the oldest first. */
const told = async (count: number): Promise<readonly string[]> => {
  const records = (await pair.engine.activity({ limit: 100, without: ['adopt', 'forget'] })).toReversed();
  return records.slice(count).map(({ what, path, reason }) => `${what} ${path}: ${reason}`);
};

it('a version that is brought back is told as that, once, and an edit of it afterwards as what it is', async () => {
  writeFileSync(at('f'), 'first');
  await pair.engine.syncAll();
  writeFileSync(at('f'), 'second one');
  await pair.engine.syncAll();
  const { versions } = (await ask('versions', { path: 'f' })) as { versions: readonly { id: string }[] };
  const what = { kind: 'version', path: 'f', id: versions[1]?.id ?? '' };
  await ask('restore', { what, folder: null, agreed: null });
  expect(readFileSync(at('f'), 'utf8')).toBe('first');
  expect(await told(2)).toEqual([`upload f: ${BROUGHT_BACK}`]);
  writeFileSync(at('f'), 'third of all');
  await pair.engine.syncAll();
  expect((await told(3)).map((line) => line.includes('user'))).toEqual([false]);
});

it('an undone run is told as that, with what it brought and what it took', async () => {
  writeFileSync(at('kept'), 'kept');
  await pair.engine.syncAll();
  rmSync(at('kept'));
  mkdirSync(at('d'));
  writeFileSync(at('d/new'), 'something new');
  await pair.engine.syncAll();
  const count = (await told(0)).length;
  const [run] = (await ask('runs', null)) as readonly { id: string }[];
  await ask('restore', { what: { kind: 'run', id: run?.id }, folder: null, agreed: null });
  expect(readdirSync(at('')).filter((name) => !name.startsWith('.'))).toEqual(['kept']);
  expect((await told(count)).toSorted()).toEqual(['remove-remote d/new', 'remove-remote-folder d', 'upload kept'].map((deed) => `${deed}: ${UNDONE}`));
});

it('an edit made before the sync is told as an edit', async () => {
  const words = new UserWord();
  const state = words.state(memoryStateStore({ storage: memoryStorage() }));
  const entry = { kind: 'file', size: 1, hash: 'old', mtimeNs: 0n, mode: null } as never;
  const path = relPath('f');
  const engine = { revise: async (_: unknown, { onChange }: { onChange: (change: unknown) => void }) => onChange({ kind: 'write', path, entry, replaces: null }) };
  const record = { at: 1, cycle: 'c', path, to: null, what: 'upload', outcome: 'done', reason: 'edited here', bytes: 1 } as const;
  const commit = (hash: string, outcome: 'done' | 'failed' = 'done') =>
    state.commit({ put: [[path, { entry: { ...(entry as object), hash }, stamp: 's', version: 'v' } as never]], activity: [{ ...record, outcome }] });
  const reasons = async () => (await state.activity({ limit: 9 })).map(({ reason }) => reason);
  await words.reviser(engine as never).revise(null as never, { dryRun: false, releaseHeld: false });
  await commit('new');
  await commit('old');
  expect(await reasons()).toEqual(['edited here', 'edited here']);
  await words.reviser(engine as never).revise(null as never, { dryRun: false, releaseHeld: false });
  await commit('old', 'failed');
  await commit('old');
  expect((await reasons()).slice(0, 2)).toEqual([BROUGHT_BACK, 'edited here']);
  // Where it is on record already, as of what is held.
  await words.reviser(engine as never).revise(null as never, { dryRun: false, releaseHeld: false, keepsHeld: true });
  await commit('old');
  expect((await reasons()).length).toBe(4);
});
