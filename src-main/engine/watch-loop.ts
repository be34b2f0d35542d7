import { hasCode, PLACE_ERRORS } from '../core/errors.ts';
import type { LocalTree } from '../local/local-tree.ts';
import type { Clock } from '../platform/clock.ts';
import type { RemoteTree } from '../remote/remote-tree.ts';
import type { Watcher } from '../watch/watcher.ts';
import type { Drills } from './drills.ts';
import { asSyncError } from './execute.ts';
import type { EngineLog } from './log.ts';
import type { Look } from './next-look.ts';
import type { OneAtATime } from './one-at-a-time.ts';
import type { Picture } from './picture.ts';
import type { Timetable } from './timetable.ts';
import { FULL_LOOK, type Turns } from './turns.ts';
import type { UsageLedger } from './usage.ts';
import { Wake } from './wake.ts';
import type { World } from './world.ts';

export interface LoopPorts {
  readonly local: LocalTree;
  readonly remote: RemoteTree;
  /** Null where nobody watches: single syncs, tests. */
  readonly watcher: Watcher | null;
  readonly clock: Clock;
  readonly log: EngineLog;
  readonly world: World;
  readonly picture: Picture;
  readonly timetable: Timetable;
  readonly usage: UsageLedger;
  readonly drills: Drills;
  readonly turns: Turns;
  readonly queue: OneAtATime;
  tellStatus(): void;
}

/** Watching: waits for news of either side, for the next poll or the next full look, and lets the pair turn; paused, it only waits. */
export class WatchLoop {
  readonly wake = new Wake();
  readonly #ports: LoopPorts;
  #paused = false;
  #pausedUntil: number | null = null;
  #running: { readonly ended: Promise<void>; readonly stop: AbortController; unwatch: () => Promise<void> } | null = null;

  constructor(ports: LoopPorts) {
    this.#ports = ports;
  }

  get watching(): boolean {
    return this.#running !== null;
  }

  get watchMode(): string {
    const mode = this.#ports.watcher?.mode();
    if (mode === undefined || !this.watching) return 'not watching';
    return mode.kind === 'events' ? 'events' : `looking every ${Math.round(mode.everyMs / 1000)} s: ${mode.why}`;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Ms since the epoch; null: until the user resumes, or no pause. */
  get pausedUntil(): number | null {
    return this.#pausedUntil;
  }

  async start(): Promise<void> {
    if (this.#running !== null) return;
    const stop = new AbortController();
    const { watcher, local, remote } = this.#ports;
    // Watching begins before the first look, so that what changes during it is heard.
    await watcher?.start(local.root, (hint) => this.wake.hear(hint));
    const unwatchRemote = (await remote.watch?.((paths) => this.wake.hearRemote(paths))) ?? (async () => undefined);
    const unwatch = async (): Promise<void> => {
      await watcher?.stop();
      await unwatchRemote();
    };
    this.#running = { stop, unwatch, ended: Promise.resolve() };
    const ended = this.#run(stop.signal);
    this.#running = { stop, unwatch, ended };
    this.#ports.tellStatus();
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    running?.stop.abort();
    this.#ports.queue.interrupt();
    this.wake.nudge();
    await running?.unwatch();
    await running?.ended;
  }

  pause(until?: number): void {
    this.#paused = true;
    this.#pausedUntil = until ?? null;
    this.#ports.queue.interrupt();
    this.wake.nudge();
    this.#ports.tellStatus();
  }

  resume(): void {
    this.#paused = false;
    this.#pausedUntil = null;
    this.wake.hear({ kind: 'everything', why: 'resumed' });
    this.wake.hearRemote(null);
    this.#ports.tellStatus();
  }

  async #run(stop: AbortSignal): Promise<void> {
    const { timetable, drills } = this.#ports;
    let look: Look | null = { local: 'all', remote: 'all' };
    while (!stop.aborted) {
      if (!this.#paused && look !== null) {
        await this.#turnQuietly(look);
        timetable.looked(look);
      }
      if (!this.#paused) await drills.makeWhenDue();
      await this.#sleepUntilNews(Math.max(0, this.#pauseEndsIn() ?? timetable.pollIn), stop);
      if (stop.aborted) return;
      if (this.#paused && (this.#pauseEndsIn() ?? 1) <= 0) this.resume();
      look = await this.#nextTurn();
    }
  }

  /** What the loop has to look at now; null: nothing. */
  async #nextTurn(): Promise<Look | null> {
    const { timetable, picture, world } = this.#ports;
    const due = timetable.due;
    const recovers = !picture.looked || picture.error !== null;
    const polls = due.poll && !due.list && !recovers && !this.#paused;
    if (polls && !(await this.#poll())) return null;
    if (picture.restless.length > 0) this.wake.hear({ kind: 'paths', paths: new Set(picture.restless) });
    const heard = this.wake.take((folder) => world.local.get(folder)?.entry.kind === 'folder');
    // A resume looks at everything, so what was heard during a pause need not be kept.
    if (this.#paused) return null;
    const everywhere = recovers || (due.list && due.scan);
    const look: Look = {
      local: everywhere || due.scan ? 'all' : heard.local,
      remote: everywhere || due.list ? 'all' : heard.remote,
    };
    const retries = due.poll && picture.unfinished;
    return look.local === 'cached' && look.remote === 'cached' && !retries ? null : look;
  }

  /** Asks the feed, which costs one small listing; false when the place itself is wrong. */
  async #poll(): Promise<boolean> {
    const { remote, local, log, clock, timetable, queue, world, picture, usage, tellStatus } = this.#ports;
    timetable.polled();
    try {
      const paths = await queue.run(async (signal) => {
        // A folder that is gone is told at once, as where each poll is a cycle (C26).
        if ((await local.identity()).kind !== 'marked') return null;
        return (await remote.feed?.news((path) => world.remote.get(path)?.version ?? null, signal)) ?? null;
      });
      if (paths === null) log.line('info', 'the feed cannot tell what changed: everything is listed', {});
      this.wake.hearRemote(paths);
      if (picture.pending === 0 && !this.wake.any) picture.lastSyncAt = clock.now();
      await usage.write('now and then');
      tellStatus();
      return true;
    } catch (error) {
      const { code, message } = asSyncError(error);
      if (code !== 'aborted') log.line('warn', 'the feed cannot be read', { code, message });
      if (PLACE_ERRORS.includes(code) && code !== 'aborted') picture.error = asSyncError(error);
      tellStatus();
      return !PLACE_ERRORS.includes(code);
    }
  }

  /** Ms until a timed pause ends; null when there is no pause. */
  #pauseEndsIn(): number | null {
    if (!this.#paused) return null;
    return this.#pausedUntil === null ? Number.MAX_SAFE_INTEGER : this.#pausedUntil - this.#ports.clock.now();
  }

  async #sleepUntilNews(ms: number, stop: AbortSignal): Promise<void> {
    const awake = new AbortController();
    // Timers hold at most 2^31-1 ms.
    const timer = this.#ports.clock.sleep(Math.min(ms, 2 ** 31 - 1), AbortSignal.any([awake.signal, stop])).catch(() => undefined);
    await Promise.race([this.wake.next(), timer]);
    awake.abort();
    this.wake.nudge();
    await timer;
  }

  async #turnQuietly(look: Look): Promise<void> {
    const { queue, turns, log } = this.#ports;
    try {
      await queue.run((signal) => turns.run({ ...FULL_LOOK, ...look }, signal));
    } catch (error) {
      if (!hasCode(error, 'aborted')) log.line('error', 'the folder waits', { code: asSyncError(error).code, message: asSyncError(error).message });
    }
  }
}
