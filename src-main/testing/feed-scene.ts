import type { Backend } from '../backends/backend.ts';
import { SyncError } from '../core/errors.ts';
import { relPath } from '../core/rel-path.ts';
import type { SyncEngine } from '../engine/sync-engine.ts';
import { bodyOf } from '../remote/small-body.ts';
import { type BenchPair, BenchWorld } from './bench-pair.ts';
import { ManualClock } from './manual-clock.ts';

const POLL_MS = 30_000;
/** So many polls after a listing of everything comes the next. */
export const POLLS_TO_LISTING = 20;
export const FEED = '.file-sync/feed/';

/** Waits for what an engine does on its own; only the test moves time. */
export async function until(holds: () => boolean): Promise<void> {
  for (let turns = 0; turns < 5000; turns++) {
    if (holds()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('waited in vain');
}

export async function quiet(): Promise<void> {
  for (let turns = 0; turns < 60; turns++) await new Promise((resolve) => setImmediate(resolve));
}

export interface Watching {
  readonly pair: BenchPair;
  readonly engine: SyncEngine;
  /** What this device asked of the store, since the last look at it. */
  readonly requests: () => string[];
  /** Fails every call on such keys. */
  failOn: RegExp | null;
  error: SyncError;
}

/** Devices that watch one store, on a clock that the test moves. */
export class Scene {
  readonly clock = new ManualClock();
  readonly world = new BenchWorld(this.clock);

  async watch(name: string, change: (backend: Backend) => Backend = (backend) => backend): Promise<Watching> {
    const pair = this.world.device(name, { listEveryMs: POLLS_TO_LISTING * POLL_MS });
    const log: string[] = [];
    const watching: Watching = {
      pair,
      engine: await pair.open(
        change(
          this.world.store.client({
            step: async (when, operation, key) => {
              if (when !== 'before') return;
              log.push(`${operation} ${key}`);
              if (watching.failOn?.test(`${operation} ${key}`)) throw watching.error;
            },
          }),
        ),
      ),
      requests: () => log.splice(0),
      failOn: null,
      error: new SyncError('unreachable', 'no answer'),
    };
    await watching.engine.start();
    await until(() => watching.engine.status().lastSyncAt !== null);
    await quiet();
    return watching;
  }

  /** Time for one poll of everybody. */
  async poll(times = 1): Promise<void> {
    for (let i = 0; i < times; i++) {
      await this.clock.advance(POLL_MS);
      await quiet();
    }
  }

  get feed(): readonly string[] {
    return this.world.store.keys.filter((key) => key.startsWith(FEED)).sort();
  }

  entry(key: string): unknown {
    return JSON.parse(this.world.bytes(key));
  }

  put(key: string, text: string): void {
    this.world.store.write(key, { kind: 'absent' }, Buffer.from(text), {});
  }

  /** A program that knows nothing of us. */
  async foreign(key: string, text: string): Promise<void> {
    await this.world.store.client().put(key, bodyOf(Buffer.from(text)), { condition: { kind: 'absent' }, meta: {} });
  }
}

/** A user saves a file, and the watcher says so. */
export async function save({ pair }: Watching, path: string, text: string): Promise<void> {
  pair.write(path, text);
  pair.watcher.tell({ kind: 'paths', paths: new Set([relPath(path)]) });
  await quiet();
}
