import type { Backend } from '../backends/backend.ts';
import { openLocalBackend } from '../backends/local/local-backend.ts';
import { LargeUploads } from '../backends/s3/multipart/large-uploads.ts';
import { probe } from '../backends/s3/probe/probe.ts';
import { S3Backend } from '../backends/s3/s3-backend.ts';
import type { Entry } from '../core/entry.ts';
import type { SyncEngine } from '../engine/sync-engine.ts';
import { md5Hasher, nodeHasher } from '../platform/node-hash.ts';
import { openPast } from '../remote/history/past-on-backend.ts';
import { memoryStateStore } from '../state/memory-store.ts';
import { type BenchPair, BenchWorld } from './bench-pair.ts';
import { steppingClock } from './local-store.ts';
import { SeededRandom } from './random.ts';
import { scanAll, treeOn } from './remote-kit.ts';
import { SimS3 } from './sim-s3/sim-s3.ts';
import { waysOf } from './sim-s3/ways-of.ts';

export type StoreKind = 'memory' | 'folder' | 's3';
/** A tree, path by path, in words that compare: kind, content, mode, time. */
export type Picture = Readonly<Record<string, string>>;

export interface Recorded {
  readonly atMs: number;
  readonly tree: Picture;
}

const NAMES = ['a', 'b', 'a-1', '0', '00', 'notes.txt', 'Ünïcode 💾', 'x.y'] as const;

/** Three devices that do random things and sync, and somebody who writes down what the store held after each step. */
export class HistoryPlay {
  readonly world: BenchWorld;
  readonly clock = steppingClock();
  readonly random: SeededRandom;
  readonly recorded: Recorded[] = [];
  readonly #open: (client: string) => Promise<Backend>;
  readonly #devices: { readonly pair: BenchPair; engine: SyncEngine }[] = [];
  #texts = 0;

  private constructor(seed: number, kind: StoreKind) {
    this.random = new SeededRandom(seed);
    this.world = new BenchWorld(this.clock);
    this.#open = this.#opener(kind);
  }

  static async start(seed: number, kind: StoreKind): Promise<HistoryPlay> {
    const play = new HistoryPlay(seed, kind);
    for (const name of ['A', 'B', 'C']) {
      const pair = play.world.device(name, { versionsKeep: 100_000, versionsDays: 36_500 });
      play.#devices.push({ pair, engine: await pair.open(await play.#open(name)) });
    }
    return play;
  }

  /** One to four edits on one or two devices, and a sync of them, one after the other or at the same time. */
  async step(): Promise<void> {
    const busy = this.#devices.filter(() => this.random.below(3) > 0).slice(0, 1 + this.random.below(2));
    for (const { pair } of busy) for (let edits = 1 + this.random.below(4); edits > 0; edits--) this.#edit(pair);
    await this.pass(60_000);
    const sync = ({ engine }: { engine: SyncEngine }): Promise<unknown> => engine.syncAll({ releaseHeld: true });
    if (this.random.below(3) === 0) await Promise.all(busy.map(sync));
    else for (const device of busy) await sync(device);
    await this.record();
  }

  async record(): Promise<void> {
    await this.pass(5_000);
    const atMs = this.clock.now();
    this.recorded.push({ atMs, tree: await this.standing() });
    await this.pass(5_000);
  }

  pass(ms: number): Promise<void> {
    return this.clock.sleep(ms);
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

  #opener(kind: StoreKind): (client: string) => Promise<Backend> {
    const { clock, world } = this;
    const random = new SeededRandom(this.random.below(1_000_000));
    switch (kind) {
      case 'memory':
        return async () => world.store.client();
      case 'folder':
        world.fs.edit.mkdir('/store');
        return (client) => openLocalBackend({ fs: world.fs.view(), clock, random, newHasher: nodeHasher, root: '/store', client });
      case 's3': {
        const s3 = new SimS3({ profile: 'aws', now: () => clock.now(), pageKeys: 7 });
        const known = waysOf(s3.quirks, clock.now());
        return async (client) => {
          const api = s3.client();
          api.speak(known.dialect);
          const large = new LargeUploads({ api, notes: memoryStateStore().notes, clock, random, newHasher: nodeHasher, newMd5: md5Hasher });
          const ways = { known, forWriting: async () => known, look: (signal?: AbortSignal) => probe({ api, clock, random }, signal) };
          return new S3Backend({ api, clock, random, newHasher: nodeHasher, client, ways, large });
        };
      }
    }
  }
}

function wordsOf(entry: Entry): string {
  if (entry.kind === 'folder') return '/';
  if (entry.kind === 'symlink') return `-> ${entry.target}`;
  return `${entry.hash.slice(0, 12)} ${entry.mode?.toString(8) ?? '-'} ${entry.mtimeNs}`;
}

function sorted(rows: readonly (readonly [string, string])[]): Picture {
  return Object.fromEntries([...rows].sort(([a], [b]) => (a < b ? -1 : 1)));
}
