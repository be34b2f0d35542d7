import type { HoldReason } from '../../src-preload/contract/desktop.ts';
import type { PairReport, TroubleView } from '../../src-preload/contract/model.ts';
import type { S3Config } from '../backends/s3/s3-config.ts';
import { PairRest, type Pause } from '../compose/pair-rest.ts';
import { keepTimes } from '../compose/pair-times.ts';
import type { ComposeOptions, Pair } from '../compose.ts';
import type { Action } from '../core/action.ts';
import { hasCode, SyncError } from '../core/errors.ts';
import { DEFAULT_PAIR_SETTINGS, guardFor } from '../core/settings.ts';
import type { PairEngine } from '../engine/sync-manager.ts';
import { memoryKeychain } from '../keychain/memory-keychain.ts';
import type { Bandwidth } from '../platform/bandwidth.ts';
import type { Platform } from '../platform/platform.ts';
import { nextRuns } from '../settings/schedule.ts';
import { asDeviceName, type Config } from '../settings/settings.ts';
import { defaultStateFolder } from '../state/state-dir.ts';
import type { ActivityRecord } from '../state/state-store.ts';
import { guardDisk } from './disk-guard.ts';
import { errorView, type PairSetup } from './engine-protocol.ts';
import { oneLine } from './fault-desk.ts';
import { closedReport, pairReport } from './pair-report.ts';
import { type Looks, openingReport, withState } from './pair-state.ts';
import { PastDesk } from './past-desk.ts';
import { backendConfig } from './s3-setup.ts';
import { concealed } from './vault-setup.ts';

/** A folder that could not be opened (drive not there, taken by a command) is tried again after so long; one that runs into a mistake of our own ever more rarely. */
const RETRY_MS = 10_000;
const LONGEST_RETRY_MS = 600_000;

/** What lets go of a folder waits for the step in flight; so long at most. */
const CLOSE_WITHIN_MS = 60_000;

export type SlotConfig = Omit<Config, 'backend'> & { readonly backend: { readonly kind: 'local'; readonly folder: string } | S3Config };

export interface SlotPorts {
  readonly compose: (config: SlotConfig, platform: Platform, options: ComposeOptions) => Promise<Pair>;
  readonly platform: Platform;
  /** Shared by every pair. */
  readonly bandwidth: Bandwidth;
  /** Something in the report changed. */
  readonly onChange: () => void;
  /** `wasOpen`: whether a path was a conflict that waited for the user. */
  readonly onAction: (action: Action, outcome: ActivityRecord['outcome'], wasOpen: (path: string) => boolean) => void;
  /** A command of the user's paused or resumed the pair. */
  readonly onPaused: (pause: Pause) => void;
  /** A mistake of ours in the work of this pair. */
  readonly onFault: (error: unknown) => void;
  /** The engine does not let go of the folder; only the end of the thread helps. */
  readonly onStuck: (error: SyncError) => void;
}

/** One pair's place in the engine thread, from `open` to `close`: opens the engine, keeps trying while that fails, opens it anew after a mistake in its work, and remembers a pause across it. */
export class PairSlot {
  readonly setup: PairSetup;
  readonly past: PastDesk;
  readonly #ports: SlotPorts;
  readonly #closing = new AbortController();
  readonly #done: Promise<void>;
  readonly #device: string;
  #pair: Pair | null = null;
  readonly #rest: PairRest<HoldReason>;
  #failure: SyncError | null = null;
  #retry: AbortController | null = null;
  /** Of the engine that is open or being opened. */
  #life = new AbortController();
  #next: number | null = null;
  /** A sync was asked for before the engine was open. */
  #wantsSync = false;
  /** Changes here that its times have not come for. */
  #waiting = 0;
  #trouble: TroubleView | null = null;
  /** When the last full look was, as the engine had it at its opening. */
  #lookedBefore: number | null = null;
  #looksSince: number | null = null;

  constructor(setup: PairSetup, ports: SlotPorts) {
    this.setup = setup;
    this.#ports = ports;
    this.past = new PastDesk(() => this.pair, ports.platform, setup.tuning.direction, ports.onChange);
    this.#rest = new PairRest(ports.platform.clock, setup, ports.onChange);
    this.#device = configOf(setup, ports.platform).settings.deviceName;
    this.#done = this.#live();
  }

  /** What a command does outlasts this engine and this app. */
  get #serves(): NonNullable<ComposeOptions['serves']> {
    const { onPaused } = this.#ports;
    return {
      pause: async (until) => {
        this.pause(until);
        onPaused({ until });
      },
      resume: async () => {
        this.resume();
        onPaused(null);
      },
      restsUntil: () => this.#rest.until,
    };
  }

  get isOpen(): boolean {
    return this.#pair !== null;
  }

  /** The open pair, or the reason why there is none. */
  get pair(): Pair {
    if (this.#pair === null) throw this.#failure ?? new SyncError('busy', 'this folder is still being opened', { hint: 'Try again in a moment.' });
    return this.#pair;
  }

  get engine(): PairEngine {
    return this.pair.engine;
  }

  /** The real path of the synced folder. */
  get source(): string {
    return this.#pair?.source ?? this.setup.source;
  }

  pause(until: number | null): void {
    this.#rest.pause(until);
  }

  resume(): void {
    this.#rest.resume();
  }

  /** What the app holds it for, all of it. */
  hold(reasons: readonly HoldReason[]): void {
    this.#rest.hold(reasons);
  }

  /** A full look now, in quiet hours too; where the engine is not open yet, as soon as it is, and another try at opening it. What goes wrong shows in the report; in a pause nothing is tried. */
  sync(releaseHeld = false): void {
    this.#retry?.abort();
    const engine = this.#pair?.engine;
    if (engine === undefined) this.#wantsSync = true;
    else void this.#rest.despiteQuiet(() => engine.syncAll({ releaseHeld }).catch((error: unknown) => this.#trouble !== null && !hasCode(error, 'usage') && this.#tried(null)));
  }

  report(): PairReport {
    const report = { ...withState(this.#reportOfNow(), this.#looks()), quietPassedUntil: this.#rest.quietPassedUntil };
    const now = this.#ports.platform.clock.now();
    this.#trouble = report.error === null ? null : (this.#trouble ?? { since: now, triedAt: now, nextTryAt: null });
    return { ...report, trouble: this.#trouble };
  }

  /** It was tried whether what stands in the way is over, and it is not. */
  #tried(nextTryAt: number | null): void {
    const now = this.#ports.platform.clock.now();
    this.#trouble = { since: this.#trouble?.since ?? now, triedAt: now, nextTryAt };
    this.#ports.onChange();
  }

  /** The first look after the opening tells the time of a full one anew; with times of its own there is none before the first of them. */
  #looks(): Looks {
    const status = this.#pair?.engine.status();
    const now = this.#ports.platform.clock.monotonic();
    this.#looksSince = status?.progress == null ? null : (this.#looksSince ?? now);
    return { looked: this.setup.schedule.cron !== null || status?.lastFullScanAt !== this.#lookedBefore, forMs: now - (this.#looksSince ?? now) };
  }

  #reportOfNow(): PairReport {
    const { holds, until } = this.#rest;
    if (this.#pair !== null) {
      const status = this.#pair.engine.status();
      const report = pairReport({ ...status, progress: status.progress ?? this.past.progress }, this.#device, this.#pair.codec(), this.setup.tuning, holds);
      const pending = Math.max(report.pending, this.#waiting);
      return { ...report, pending, pausedUntil: report.pausedUntil ?? (this.#rest.isResting ? until : null), nextSyncAt: this.#nextSyncAt() };
    }
    if (this.#failure !== null) return { ...closedReport('error', this.#failure.message, errorView(this.#failure)), holds, pausedUntil: until };
    return this.#rest.isResting ? { ...openingReport({ until }), holds } : openingReport(null);
  }

  /** Something broke in its work that nobody waited for: what the engine does or leaves undone is not known any more, so it is let go of and opened anew. */
  fail(error: unknown): void {
    if (this.#life.signal.aborted) return;
    this.#failure = asFailure(error);
    this.#life.abort();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#life.abort();
    this.#retry?.abort();
    this.past.end();
    await this.#done;
  }

  async #live(): Promise<void> {
    const { clock } = this.#ports.platform;
    for (let wait = RETRY_MS; !this.#closing.signal.aborted; ) {
      const began = clock.monotonic();
      this.#life = new AbortController();
      try {
        await this.#open(this.#life.signal);
        await untilAborted(this.#life.signal);
      } catch (error) {
        this.#failure = (await this.#goneSource(error)) ?? asFailure(error);
      }
      this.#life.abort();
      this.#retry = new AbortController();
      await this.#letGo();
      if (this.#closing.signal.aborted) return;
      // One that worked for long begins anew.
      if (clock.monotonic() - began > LONGEST_RETRY_MS) wait = RETRY_MS;
      if (this.#failure !== null) this.#tried(clock.now() + wait);
      await clock.sleep(wait, this.#retry.signal).catch(() => undefined);
      wait = this.#failure?.code === 'internal' ? Math.min(2 * wait, LONGEST_RETRY_MS) : RETRY_MS;
    }
  }

  /** A synced folder that is not there at the opening is told as one that goes later. */
  async #goneSource(error: unknown): Promise<SyncError | null> {
    const { source } = this.setup;
    const gone = hasCode(error, 'config') && (await this.#ports.platform.fs.lstat(source).catch(() => undefined)) === null;
    if (!gone) return null;
    return new SyncError('root-missing', `the folder ${source} is not there`, {
      path: source,
      hint: 'Connect its drive, or put the folder back; nothing is deleted meanwhile.',
      cause: error,
    });
  }

  async #letGo(): Promise<void> {
    const pair = this.#pair;
    this.#pair = null;
    this.#rest.detach();
    // Whoever looks after the disk begins anew with the next engine.
    this.#rest.holdOwn('disk', false);
    const { platform, onChange, onFault, onStuck } = this.#ports;
    onChange();
    if (pair === null) return;
    const closed = new AbortController();
    const late = platform.clock.sleep(CLOSE_WITHIN_MS, closed.signal).then(
      () => onStuck(new SyncError('internal', 'a folder does not let go of its work')),
      () => undefined,
    );
    await pair.close().catch(onFault);
    closed.abort();
    await late;
  }

  async #open(life: AbortSignal): Promise<void> {
    const { compose, platform, bandwidth, onChange, onAction, onFault } = this.#ports;
    // Secrets come with the setup: this thread asks no keychain.
    const pair = await compose(configOf(this.setup, platform), platform, { kind: 'app', mode: 'own', bandwidth, keychain: memoryKeychain(), serves: this.#serves });
    const { engine } = pair;
    let open: ReadonlySet<string> = new Set(engine.conflicts().map(({ path }) => path));
    engine.on('status', ({ conflicts }) => {
      open = new Set(conflicts.map(({ path }) => path));
      this.#guarded(onChange);
    });
    engine.on('progress', () => this.#guarded(onChange));
    engine.on('action', ({ action, outcome }) => this.#guarded(() => onAction(action, outcome, (path) => open.has(path))));
    this.#lookedBefore = engine.status().lastFullScanAt;
    this.#rest.attach(engine);
    // From here on a pause reaches the engine itself.
    this.#pair = pair;
    if (!life.aborted) this.#failure = null;
    const { schedule, backend, tuning } = this.setup;
    // With times of its own it is not watched for them, but for what is told of it.
    this.#waiting = 0;
    if (schedule.cron === null) await engine.start();
    else if (tuning.direction !== 'download_only') void pair.waiter.watchWaiting((count) => this.#guarded(() => this.#waits(count)), life).catch(onFault);
    void keepTimes({ clock: platform.clock, schedule, engine, rest: this.#rest }, life);
    const folders = [pair.source, defaultStateFolder(platform.home), ...(backend.kind === 'local' ? [backend.folder] : [])];
    // Else it looks at everything by itself.
    if (this.#wantsSync && (schedule.cron !== null || this.#rest.holds.includes('quiet'))) this.sync();
    this.#wantsSync = false;
    void guardDisk({ fs: platform.fs, clock: platform.clock, folders, little: this.setup.freeSpace, onChange: (low) => this.#rest.holdOwn('disk', low) }, life);
    onChange();
  }

  #waits(count: number): void {
    if (count === this.#waiting) return;
    this.#waiting = count;
    this.#ports.onChange();
  }

  /** A mistake in telling of the engine is this folder's. */
  #guarded(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      this.#ports.onFault(error);
    }
  }

  /** When the schedule syncs next; null where changes are synced as they come. */
  #nextSyncAt(): number | null {
    const { schedule } = this.setup;
    const now = this.#ports.platform.clock.now();
    if (schedule.cron !== null && (this.#next === null || this.#next <= now)) this.#next = nextRuns(schedule, now, 1)[0] ?? null;
    return this.#next;
  }
}

function asFailure(error: unknown): SyncError {
  if (error instanceof SyncError && error.code !== 'internal') return error;
  return new SyncError('internal', `something went wrong inside File Sync (${oneLine(error)})`, { cause: error, hint: 'It is tried again by itself. The other folders go on.' });
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function configOf(
  { source, backend, vault, conflictPolicy, conflictOverrides, ignorePatterns, ignoreJunk, schedule, tuning, deviceName, logLevel }: PairSetup,
  { home }: Platform,
): SlotConfig {
  const { holdRewrites, holdDeletions, holdDeletionsPercent, priceStorage: _1, priceDownload: _2, priceWrites: _3, priceReads: _4, ...rest } = tuning;
  return {
    source,
    backend: backendConfig(backend),
    settings: {
      ...DEFAULT_PAIR_SETTINGS,
      ...rest,
      guard: guardFor({ rewrites: holdRewrites, deletions: holdDeletions, percent: holdDeletionsPercent }),
      deviceName: deviceName ?? asDeviceName(home.hostname),
      conflictPolicy,
      conflictOverrides,
      ignorePatterns,
      ignoreJunk,
    },
    stateDir: null,
    logLevel,
    schedule,
    vault: vault.wish,
    ...(vault.secret === null ? {} : { vaultSecret: concealed(vault.secret) }),
  };
}
