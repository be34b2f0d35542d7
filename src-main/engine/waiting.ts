import { type Hash, type Stamp, sameContent } from '../core/entry.ts';
import type { IgnoreRules } from '../core/ignore.ts';
import { PathSet } from '../core/path-set.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { LocalTree, ScanResult } from '../local/local-tree.ts';
import type { Clock } from '../platform/clock.ts';
import type { Watcher } from '../watch/watcher.ts';
import type { OneAtATime } from './one-at-a-time.ts';
import type { World } from './world.ts';

export interface WaitingPorts {
  readonly local: LocalTree;
  readonly watcher: Watcher | null;
  readonly world: World;
  readonly clock: Clock;
  readonly queue: OneAtATime;
  /** Those of the settings. */
  readonly ignore: () => IgnoreRules;
}

/** Between two looks so many times as long as the last one took passes, and this long at least. */
const REST_FACTOR = 20;
const REST_MS = 2_000;
/** Timers hold no more. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Of a pair that is synced at its own times: how much of this side waits for the next one. A look at this side alone, when something changed in it and after each run; the store is asked nothing, and nothing is remembered.
 */
export class WaitingHere {
  readonly #ports: WaitingPorts;
  #known: ReadonlyMap<Stamp, Hash> = new Map();
  #asked = true;
  #wake: (() => void) | null = null;

  constructor(ports: WaitingPorts) {
    this.#ports = ports;
  }

  /** The number may be another one. */
  nudge(): void {
    this.#asked = true;
    this.#wake?.();
  }

  /** Tells the number now, and whenever it may be another, until `signal` fires. */
  async watch(onCount: (count: number) => void, signal: AbortSignal): Promise<void> {
    const { watcher, local, clock } = this.#ports;
    await watcher?.start(local.root, () => this.nudge());
    try {
      while (!signal.aborted) {
        if (!this.#asked) await this.#nudged(signal);
        this.#asked = false;
        const began = clock.monotonic();
        const count = await this.#count(signal).catch(() => null);
        if (count !== null && !signal.aborted) onCount(count);
        await clock.sleep(Math.max(REST_MS, REST_FACTOR * (clock.monotonic() - began)), signal).catch(() => undefined);
      }
    } finally {
      await watcher?.stop();
    }
  }

  async #nudged(signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    await this.#ports.clock.sleep(LONGEST_MS, AbortSignal.any([signal, woken.signal])).catch(() => undefined);
  }

  /** Null where the folder is not there, or another: the next sync says so. */
  #count(given: AbortSignal): Promise<number | null> {
    const { local, queue, world, ignore } = this.#ports;
    return queue.run(async (signal) => {
      const { base } = world;
      const seen = await local.scan({ base, known: this.#known, ignore: ignore(), rehash: false, signal });
      if ((await local.identity()).kind !== 'marked') return null;
      this.#known = new Map(
        [...seen.entries].flatMap(([path, { entry, stamp }]) => (entry.kind === 'file' && base.get(path)?.stamp !== stamp ? [[stamp, entry.hash] as const] : [])),
      );
      return countChanges(seen, world);
    }, given);
  }
}

/** Files and links that are new, other or gone. What cannot be looked at, or is left out by now, counts as it was. */
function countChanges({ entries, problems, ignore }: ScanResult, { base }: World): number {
  const unknown = new PathSet();
  for (const { path, subtree } of problems) unknown.add(path as RelPath, subtree);
  let count = 0;
  for (const [path, { entry }] of entries) {
    const before = base.get(path);
    if (entry.kind !== 'folder' && (before === undefined || !sameContent(before.entry, entry))) count++;
  }
  for (const [path, { entry }] of base) {
    if (entry.kind !== 'folder' && !entries.has(path) && !unknown.covers(path) && !ignore.ignores(path, false)) count++;
  }
  return count;
}
