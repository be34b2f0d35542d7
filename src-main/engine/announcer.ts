import type { Action } from '../core/action.ts';
import type { Version } from '../core/entry.ts';
import { PLACE_ERRORS } from '../core/errors.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { Clock } from '../platform/clock.ts';
import type { RemoteChange, RemoteFeed } from '../remote/remote-tree.ts';
import type { StateStore } from '../state/state-store.ts';
import { asSyncError, type Outcome } from './execute.ts';
import type { EngineLog } from './log.ts';
import type { World } from './world.ts';

/** The state's value that says that a change may be untold. */
export const UNTOLD_VALUE = 'untold';

/** In a long cycle what is done is told in between: so many changes, or the oldest after so many ms. */
const MANY = 400;
const LONG_MS = 30_000;
/** Beyond this others had better look at everything. */
const TOO_MANY = 500;

export interface AnnouncerPorts {
  readonly feed: RemoteFeed | null;
  readonly state: StateStore;
  readonly world: World;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly log: EngineLog;
}

/**
 * Tells the other devices what this one changed on the store. A mark in the state goes before the first deed and away after the telling, so that after a crash in between everything counts as untold. Failing to tell fails
 * nothing: full listings find what nobody told.
 */
export class Announcer {
  readonly #ports: AnnouncerPorts;
  /** Begun, and not known to be done. */
  readonly #unsure = new Set<RelPath>();
  readonly #done = new Map<RelPath, Version | null>();
  #anything: boolean;
  #marked: boolean;
  #toldAt: number;
  #telling: Promise<void> = Promise.resolve();

  constructor(ports: AnnouncerPorts, stored: string | undefined) {
    this.#ports = ports;
    this.#anything = stored !== undefined;
    this.#marked = stored !== undefined;
    this.#toldAt = ports.clock.monotonic();
  }

  /** Before the store is changed at these paths; or after, where that is only found out now. */
  async expect(paths: readonly RelPath[]): Promise<void> {
    const { feed, state } = this.#ports;
    if (feed === null || paths.length === 0) return;
    if (!this.#marked) await state.commit({ values: { [UNTOLD_VALUE]: '1' } });
    this.#marked = true;
    for (const path of paths) this.#unsure.add(path);
  }

  /** An action came to its end. In a long cycle this tells what is done so far. */
  saw(action: Action, outcome: Outcome, signal: AbortSignal): void {
    const { feed, world, clock } = this.#ports;
    if (feed === null || outcome !== 'done') return;
    for (const path of remotePathsOf(action)) {
      // The old name of what was moved may hold something else by now.
      if ('to' in action && path === action.path) continue;
      this.#unsure.delete(path);
      this.#done.set(path, world.remote.get(path)?.version ?? null);
    }
    if (this.#done.size < MANY && clock.monotonic() - this.#toldAt < LONG_MS) return;
    this.#toldAt = clock.monotonic();
    this.#telling = this.#tell(feed, new Map(this.#done), [], signal).catch(() => undefined);
  }

  /** After a run: what is still untold. Throws only what concerns the place. */
  async flush(signal: AbortSignal): Promise<void> {
    const { feed, state, log } = this.#ports;
    await this.#telling;
    this.#toldAt = this.#ports.clock.monotonic();
    if (feed === null || !this.#marked) return;
    try {
      if (this.#anything || this.#unsure.size + this.#done.size > TOO_MANY) await this.#tellAnything(feed, signal);
      else await this.#tell(feed, new Map(this.#done), [...this.#unsure], signal);
      await state.commit({ values: { [UNTOLD_VALUE]: null } });
      this.#marked = false;
    } catch (error) {
      const { code, message } = asSyncError(error);
      if (PLACE_ERRORS.includes(code)) throw error;
      log.line('warn', 'the other devices could not be told; their next full listing will find it', { code, message });
    }
  }

  async #tellAnything(feed: RemoteFeed, signal: AbortSignal): Promise<void> {
    await feed.announce(null, signal);
    this.#anything = false;
    this.#unsure.clear();
    this.#done.clear();
  }

  async #tell(feed: RemoteFeed, done: ReadonlyMap<RelPath, Version | null>, unsure: readonly RelPath[], signal: AbortSignal): Promise<void> {
    const changes: readonly RemoteChange[] = [...[...done].map(([path, version]) => ({ path, version })), ...unsure.map((path) => ({ path }))];
    if (changes.length === 0) return;
    await feed.announce(changes, signal);
    for (const path of unsure) this.#unsure.delete(path);
    for (const [path, version] of done) if (this.#done.get(path) === version) this.#done.delete(path);
  }
}

/** Where an action changes the store. */
export function remotePathsOf(action: Action): readonly RelPath[] {
  switch (action.kind) {
    case 'upload':
    case 'make-remote-folder':
    case 'remove-remote':
    case 'remove-remote-folder':
      return [action.path];
    case 'move-remote':
    case 'set-aside-remote':
      return [action.path, action.to];
    default:
      return [];
  }
}
