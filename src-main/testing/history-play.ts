import type { Backend } from '../backends/backend.ts';
import { openLocalBackend } from '../backends/local/local-backend.ts';
import { LargeUploads } from '../backends/s3/multipart/large-uploads.ts';
import { probe } from '../backends/s3/probe/probe.ts';
import { S3Backend } from '../backends/s3/s3-backend.ts';
import type { Ways } from '../backends/s3/ways.ts';
import type { Entry } from '../core/entry.ts';
import type { Notes } from '../core/notes.ts';
import type { RelPath } from '../core/rel-path.ts';
import { asOf } from '../engine/restore.ts';
import type { SyncEngine } from '../engine/sync-engine.ts';
import { before } from '../engine/undo.ts';
import type { Clock } from '../platform/clock.ts';
import { md5Hasher, nodeHasher } from '../platform/node-hash.ts';
import { livesFrom } from '../remote/history/lives.ts';
import type { Life, Past } from '../remote/history/past.ts';
import { openPast } from '../remote/history/past-on-backend.ts';
import { readHistories } from '../remote/history/read-histories.ts';
import { memoryStateStore } from '../state/memory-store.ts';
import { type BenchPair, BenchWorld } from './bench-pair.ts';
import { testConfig } from './http-api-kit.ts';
import { openHttpBackend } from './http-store.ts';
import { steppingClock } from './local-store.ts';
import { SeededRandom } from './random.ts';
import { scanAll, treeOn } from './remote-kit.ts';
import { S3Server } from './s3-server/s3-server.ts';
import { BUCKET } from './s3-server/server-per-test.ts';
import { type CodecForm, sealedOn } from './sealed-kit.ts';
import { ShiftingClock } from './shifting-clock.ts';
import { SimS3 } from './sim-s3/sim-s3.ts';
import { waysOf } from './sim-s3/ways-of.ts';

export type StoreKind = 'memory' | 'folder' | 's3' | 'http';
export interface PlayOptions {
  readonly seed: number;
  readonly store: StoreKind;
  /** Left out: in the open. */
  readonly form?: CodecForm;
  /** The bucket keeps versions of its own. */
  readonly versioned?: boolean;
}

/** A tree, path by path, in words that compare: kind, content, mode, time. */
export type Picture = Readonly<Record<string, string>>;

export interface Recorded {
  readonly atMs: number;
  readonly tree: Picture;
  /** One plain sync of one device led here from what was recorded before: no path changed twice in between. */
  readonly isPlain: boolean;
  /** A restore or an undo came right after. */
  isGivingWay: boolean;
}

const NAMES = ['a', 'b', 'a-1', '0', '00', 'notes.txt', 'Ünïcode 💾', 'x.y'] as const;
const HOUR_MS = 3_600_000;
/** What each device does when both sides changed. */
const POLICIES = ['keep_both', 'keep_local', 'keep_remote'] as const;
const GO = { dryRun: false, releaseHeld: true };

interface Player {
  readonly pair: BenchPair;
  readonly past: Past;
  readonly engine: SyncEngine;
}

/** Three devices that do random things and sync, restore to random times and undo, and somebody who writes down what the store held after each. */
export class HistoryPlay {
  readonly world: BenchWorld;
  readonly clock: Clock;
  readonly random: SeededRandom;
  readonly recorded: Recorded[] = [];
  readonly #options: PlayOptions;
  readonly #open: (client: string) => Promise<Backend>;
  readonly #notes = new Map<string, Notes>();
  readonly #players: Player[] = [];
  readonly #owed = new Set<string>();
  #texts = 0;
  #end: () => Promise<void> = async () => undefined;
  /** Edits, syncs, restores and undos so far. */
  steps = 0;
  restores = 0;
  undos = 0;

  private constructor(options: PlayOptions) {
    this.#options = options;
    this.random = new SeededRandom(options.seed);
    this.clock = options.store === 'http' ? new ShiftingClock() : steppingClock();
    this.world = new BenchWorld(this.clock);
    const raw = this.#opener();
    this.#open = async (client) =>
      options.form === undefined ? (await raw)(client) : sealedOn(await (await raw)(client), options.form, { notes: this.#notesOf(client), random: this.random });
  }

  static async start(options: PlayOptions): Promise<HistoryPlay> {
    const play = new HistoryPlay(options);
    for (const [i, name] of ['A', 'B', 'C'].entries()) {
      const pair = play.world.device(name, { versionsKeep: 100_000, versionsDays: 36_500, trashDays: 36_500, conflictPolicy: POLICIES[i] ?? 'keep_both' });
      const backend = await play.#open(name);
      play.#players.push({ pair, past: openPast({ backend, newHasher: nodeHasher }), engine: await pair.open(backend) });
    }
    return play;
  }

  end(): Promise<void> {
    return this.#end();
  }

  /** One to four edits on one or two devices and a sync of them, one after the other or at the same time; now and then a restore or an undo. */
  async round(): Promise<void> {
    const { random } = this;
    if (this.recorded.length > 5 && random.below(12) === 0) return this.#revise();
    const busy = this.#players.filter(() => random.below(3) > 0).slice(0, 1 + random.below(2));
    for (const { pair } of busy)
      for (let edits = 1 + random.below(4); edits > 0; edits--) {
        this.#edit(pair);
        this.steps++;
      }
    // The history is to reach back over months, so that thinning has something to thin.
    await this.pass(random.below(4) === 0 ? random.below(20 * HOUR_MS) : 60_000);
    // What an editor left half done is no user's file.
    for (const { pair } of busy) for (const [path, text] of Object.entries(pair.tree)) if (!path.endsWith('~') && text.startsWith('text ')) this.#owed.add(text);
    const sync = ({ engine }: Player): Promise<unknown> => engine.syncAll({ releaseHeld: true });
    this.steps += busy.length;
    if (random.below(3) === 0) {
      await Promise.all(busy.map(sync));
      await this.record(busy.length < 2);
    } else
      for (const player of busy) {
        await sync(player);
        await this.record(true);
      }
  }

  async #revise(): Promise<void> {
    const { random } = this;
    const { engine, past, pair } = random.pick(this.#players);
    await engine.syncAll({ releaseHeld: true });
    await this.record(true);
    const last = this.recorded.at(-1);
    const runs = await engine.runs();
    const run = random.below(2) === 0 ? runs[random.below(Math.min(3, runs.length))] : undefined;
    this.steps++;
    if (last !== undefined) last.isGivingWay = true;
    if (run !== undefined) {
      await engine.revise(before({ past, findTrashed: pair.findTrashed }, run), GO);
      this.undos++;
    } else {
      await engine.revise(asOf(past, random.pick(this.recorded).atMs, null), GO);
      this.restores++;
    }
    await this.record(false);
  }

  async record(isPlain: boolean): Promise<void> {
    await this.pass(5_000);
    const atMs = this.clock.now();
    this.recorded.push({ atMs, tree: await this.standing(), isPlain, isGivingWay: false });
    await this.pass(5_000);
  }

  pass(ms: number): Promise<void> {
    return this.clock.sleep(ms);
  }

  /** Thins what is kept, as a full sync does. */
  async thin(): Promise<void> {
    await treeOn(await this.#open('sweeper'), 'sweeper').sweep({ keep: 100_000, days: 36_500, thin: true });
  }

  /** Contents that a device brought to a sync and that are neither in the past of any path nor in a device's folder or trash. */
  async missing(): Promise<readonly string[]> {
    const backend = await this.#open('reader');
    const past = openPast({ backend, newHasher: nodeHasher });
    const found = new Set<string>();
    for await (const history of readHistories(backend, {}))
      for (const life of livesFrom(history, null)) {
        // Of what was renamed the content lives on under the new name.
        const resolved = life.kind === 'moved' ? null : await past.resolveLife(life);
        if (resolved?.entry.kind === 'file') found.add(resolved.entry.hash);
      }
    const kept = new Set(this.#players.flatMap(({ pair }) => pair.everything));
    return [...this.#owed].filter((text) => !kept.has(text) && !found.has(hashOf(text)));
  }

  /** All that is known of some paths. */
  async lives(paths: ReadonlySet<string>): Promise<ReadonlyMap<string, readonly Life[]>> {
    const past = openPast({ backend: await this.#open('reader'), newHasher: nodeHasher });
    const lives = new Map<string, readonly Life[]>();
    for (const path of paths) lives.set(path, await past.livesOf(path as RelPath));
    return lives;
  }

  async standing(): Promise<Picture> {
    const { entries, problems } = await scanAll(treeOn(await this.#open('recorder'), 'recorder'));
    if (problems.length > 0) throw new Error(`the store holds what cannot be: ${JSON.stringify(problems)}`);
    return sorted([...entries].map(([path, { entry }]) => [path, wordsOf(entry)]));
  }

  /** What the past says of an instant; with what it does not know. */
  async rebuilt(atMs: number): Promise<{ readonly tree: Picture; readonly doubts: readonly string[] }> {
    const past = openPast({ backend: await this.#open('reader'), newHasher: nodeHasher });
    const tree = new Map<string, string>();
    const doubts: string[] = [];
    const implied = new Set<string>();
    for await (const item of past.treeAt(atMs)) {
      for (let cut = item.path.lastIndexOf('/'); cut > 0; cut = item.path.lastIndexOf('/', cut - 1)) if (item.kind !== 'lost') implied.add(item.path.slice(0, cut));
      if (item.kind === 'folder') tree.set(item.path, wordsOf({ kind: 'folder' }));
      else if (item.kind === 'lost') doubts.push(`${item.path}: ${item.why}`);
      else {
        const found = await past.resolve(item);
        if (found === null || !item.sure) doubts.push(`${item.path}: ${found === null ? 'gone' : 'unsure'} ${JSON.stringify(item.life)}`);
        else tree.set(item.path, wordsOf(found.entry));
      }
    }
    for (const folder of implied) if (!tree.has(folder)) tree.set(folder, wordsOf({ kind: 'folder' }));
    return { tree: sorted([...tree]), doubts };
  }

  /** Objects of the store, ours included. */
  async count(isCounted: (key: string) => boolean): Promise<number> {
    let count = 0;
    for await (const { key } of (await this.#open('reader')).list('')) if (isCounted(key)) count++;
    return count;
  }

  #edit(pair: BenchPair): void {
    const { random } = this;
    const { fs, root } = pair;
    const present = Object.keys(pair.tree);
    const some = (): string | undefined => (present.length === 0 ? undefined : random.pick(present).replace(/\/$/, ''));
    const fresh = (): string => Array.from({ length: 1 + random.below(3) }, () => random.pick(NAMES)).join('/');
    const at = (path: string): string => `${root}/${path}`;
    const target = some();
    try {
      switch (random.below(10)) {
        case 0:
        case 1:
        case 2:
          fs.edit.replace(at(fresh()), this.#text());
          break;
        case 3:
        case 4:
          if (target !== undefined && !present.includes(`${target}/`)) fs.edit.write(at(target), this.#text());
          break;
        case 5:
          if (target !== undefined) fs.edit.remove(at(target));
          break;
        case 6:
        case 7:
          if (target !== undefined) fs.edit.rename(at(target), at(fresh()));
          break;
        case 8:
          if (random.below(2) === 0) fs.edit.mkdir(at(fresh()));
          else fs.edit.symlink(`to ${random.below(5)}`, at(fresh()));
          break;
        default:
          if (target !== undefined && !present.includes(`${target}/`)) fs.edit.chmod(at(target), random.pick([0o644, 0o755, 0o600]));
      }
    } catch {
      // A file where a folder would have to be, or the like: users cannot do that either.
    }
  }

  /** Often the same as before somewhere: contents come back. */
  #text(): string {
    return this.random.below(4) === 0 ? `text ${this.random.below(5)}` : `text ${++this.#texts + 5}`;
  }

  #notesOf(client: string): Notes {
    const notes = this.#notes.get(client) ?? memoryStateStore().notes;
    this.#notes.set(client, notes);
    return notes;
  }

  async #opener(): Promise<(client: string) => Promise<Backend>> {
    const { clock, world } = this;
    const { store: kind, versioned = false } = this.#options;
    const quirks = versioned ? ({ versioning: 'always' } as const) : {};
    const random = new SeededRandom(this.random.below(1_000_000));
    switch (kind) {
      case 'memory':
        return async () => world.store.client();
      case 'folder':
        world.fs.edit.mkdir('/store');
        return (client) => openLocalBackend({ fs: world.fs.view(), clock, random, newHasher: nodeHasher, root: '/store', client });
      case 's3': {
        const s3 = new SimS3({ profile: 'aws', quirks, now: () => clock.now(), pageKeys: 97 });
        const known = waysOf(s3.quirks, clock.now());
        return async (client) => {
          const api = s3.client();
          api.speak(known.dialect);
          const large = new LargeUploads({ api, notes: memoryStateStore().notes, clock, random, newHasher: nodeHasher, newMd5: md5Hasher });
          const ways = { known, forWriting: async () => known, look: (signal?: AbortSignal) => probe({ api, clock, random }, signal) };
          return new S3Backend({ api, clock, random, newHasher: nodeHasher, client, ways, large });
        };
      }
      case 'http': {
        const server = await S3Server.start({ profile: 'aws', quirks, buckets: [BUCKET], nowMs: () => clock.now() });
        const opened: S3Backend[] = [];
        this.#end = async () => {
          for (const backend of opened) await backend.close();
          await server.close();
        };
        let ways: Ways | null = null;
        const byClient = new Map<string, S3Backend>();
        return async (client) => {
          const known = byClient.get(client);
          if (known !== undefined) return known;
          const backend = await openHttpBackend(testConfig(server, { prefix: '' }), { clock, ...(ways === null ? {} : { ways }) });
          opened.push(backend);
          byClient.set(client, backend);
          ways ??= await backend.ways();
          return backend;
        };
      }
    }
  }
}

function hashOf(text: string): string {
  const hasher = nodeHasher();
  hasher.update(Buffer.from(text));
  return hasher.digest();
}

function wordsOf(entry: Entry): string {
  if (entry.kind === 'folder') return '/';
  if (entry.kind === 'symlink') return `-> ${entry.target}`;
  return `${entry.hash.slice(0, 12)} ${entry.mode?.toString(8) ?? '-'} ${entry.mtimeNs}`;
}

function sorted(rows: readonly (readonly [string, string])[]): Picture {
  return Object.fromEntries([...rows].sort(([a], [b]) => (a < b ? -1 : 1)));
}
