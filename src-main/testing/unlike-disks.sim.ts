import { expect, it } from 'vitest';
import type { SyncEngine } from '../engine/sync-engine.ts';
import { type BenchMachine, type BenchPair, BenchWorld } from './bench-pair.ts';
import { SeededRandom } from './random.ts';

/** `SEED=123 npx vitest run --project simulation src-main/testing/unlike-disks.sim.ts` replays one; `RUNS` plays more. */
const FIRST = Number(process.env['SEED'] ?? 1);
const RUNS = process.env['SEED'] === undefined ? Number(process.env['RUNS'] ?? 150) : 1;

const ACTS = 24;
const SETTLING_ROUNDS = 8;
/** Names that some disks take for one. */
const NAMES = ['a', 'A', 'b', 'B', 'caf\u00E9', 'cafe\u0301', 'CAF\u00C9'];
const DISKS: readonly (readonly [string, BenchMachine])[] = [
  ['C19 S66 S67 that ignores case', { disk: { caseInsensitive: true } }],
  ['C18 C19 S68 that ignores case and keeps names decomposed', { disk: { caseInsensitive: true, normalises: true } }],
  ['C19 S144 as FAT', { disk: { caseInsensitive: true, timeStepNs: 2_000_000_000n, hardLinks: false, symlinks: false, modes: false, stableIds: false } }],
];

for (const [name, machine] of DISKS) {
  it(`a device on an ordinary disk and one on a disk ${name}: nothing is lost, and in the end all is equal or listed`, async () => {
    for (let seed = FIRST; seed < FIRST + RUNS; seed++) {
      const history = new History(seed, machine);
      await history.run();
      expect(await history.faults(), `seed ${seed}\n${history.acts.join('\n')}`).toEqual([]);
    }
  });
}

/** Two users at random; what they made is owed to them until one who had it in front of them replaced or removed it. */
class History {
  readonly acts: string[] = [];
  readonly #random: SeededRandom;
  readonly #world = new BenchWorld();
  readonly #ordinary: BenchPair;
  readonly #other: BenchPair;
  readonly #owed = new Set<string>();
  #engines: readonly SyncEngine[] = [];
  #made = 0;

  constructor(seed: number, machine: BenchMachine) {
    this.#random = new SeededRandom(seed);
    this.#ordinary = this.#world.device('ordinary');
    this.#other = this.#world.device('other', {}, machine);
  }

  async run(): Promise<void> {
    this.#engines = [await this.#ordinary.open(), await this.#other.open()];
    for (let act = 0; act < ACTS; act++) {
      const device = this.#random.pick([this.#ordinary, this.#other]);
      const roll = this.#random.fraction();
      if (roll < 0.4) this.#write(device, this.#path());
      else if (roll < 0.55) this.#remove(device);
      else if (roll < 0.7) this.#rename(device, this.#path());
      else await this.#sync(device === this.#ordinary ? 0 : 1);
    }
    for (let round = 0; round < SETTLING_ROUNDS; round++) for (const index of [0, 1]) await this.#sync(index);
  }

  async faults(): Promise<readonly string[]> {
    const found: string[] = [];
    const reports = [await this.#sync(0), await this.#sync(1)];
    if (reports.some((report) => report.done > 0 || report.failures.length > 0)) found.push('not quiet');
    const [here, there] = [this.#ordinary, this.#other].map((device) => Object.values(device.tree).sort());
    const kept = [...this.#ordinary.everything, ...this.#other.everything, ...this.#world.versions];
    for (const text of this.#owed) {
      if (!kept.includes(text)) found.push(`lost: ${text}`);
      else if (!here?.includes(text) && !there?.includes(text)) found.push(`hidden: ${text}`);
    }
    if (JSON.stringify(this.#ordinary.tree) !== JSON.stringify(this.#world.stored)) found.push('the store and the ordinary disk differ');
    if (reports[1]?.problems.length === 0 && JSON.stringify(here) !== JSON.stringify(there))
      found.push(`the disks differ, and nothing is listed: ${JSON.stringify([this.#ordinary.tree, this.#other.tree, this.#world.stored])}`);
    return found;
  }

  async #sync(index: number) {
    const engine = this.#engines[index];
    if (engine === undefined) throw new RangeError('not open');
    this.acts.push(`${index === 0 ? 'ordinary' : 'other'} syncs`);
    return engine.syncAll({ releaseHeld: true });
  }

  #path(): string {
    return this.#random.fraction() < 0.5 ? this.#random.pick(NAMES) : `${this.#random.pick(NAMES)}/${this.#random.pick(NAMES)}`;
  }

  #write(device: BenchPair, path: string): void {
    const there = this.#at(device, path);
    if (there === 'in the way' || there === 'folder') return;
    const text = `${device.root.slice(1)} ${++this.#made}`;
    if (there !== null) this.#owed.delete(device.fs.edit.read(`${device.root}/${path}`));
    device.write(path, text);
    this.#owed.add(text);
    this.acts.push(`${text} written to ${path}`);
  }

  #remove(device: BenchPair): void {
    const files = Object.entries(device.tree).filter(([path]) => !path.endsWith('/'));
    if (files.length === 0) return;
    const [path, text] = this.#random.pick(files);
    this.#owed.delete(text);
    device.remove(path);
    this.acts.push(`${device.root.slice(1)} removes ${path}`);
  }

  /** Also to another spelling of the same name. */
  #rename(device: BenchPair, to: string): void {
    const all = Object.keys(device.tree).map((path) => path.replace(/\/$/, ''));
    if (all.length === 0) return;
    const from = this.#random.pick(all);
    const [source, parent] = [this.#find(device, from), this.#find(device, to.split('/')[0] ?? '')];
    const respells = this.#find(device, to) === source;
    // Nothing is replaced, and no folder goes into itself.
    if (!respells && (this.#at(device, to) !== null || parent === source)) return;
    device.rename(from, to);
    this.acts.push(`${device.root.slice(1)} renames ${from} to ${to}`);
  }

  #at(device: BenchPair, path: string): 'file' | 'folder' | 'in the way' | null {
    const [parent, ...rest] = path.split('/');
    if (rest.length > 0 && this.#find(device, parent ?? '')?.kind === 'file') return 'in the way';
    const kind = this.#find(device, path)?.kind;
    return kind === 'file' || kind === 'folder' ? kind : null;
  }

  #find(device: BenchPair, path: string) {
    return device.fs.disk.find(`${device.root}/${path}`);
  }
}
