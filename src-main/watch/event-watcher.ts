import { hasCode, SyncError } from '../core/errors.ts';
import { IGNORE_FILE, type IgnoreRules } from '../core/ignore.ts';
import { nameOf, parentOf, parseRelPath, type RelPath } from '../core/rel-path.ts';
import type { Clock } from '../platform/clock.ts';
import type { FileStat, Fs } from '../platform/fs.ts';
import { Debounce } from './debounce.ts';
import type { EventSink, EventSource, OpenSource } from './event-source.ts';
import { PollingWatcher } from './polling-watcher.ts';
import type { Watcher, WatchHint, WatchMode } from './watcher.ts';

export interface EventWatcherOptions {
  readonly source: EventSource;
  readonly fs: Fs;
  readonly clock: Clock;
  /** The rules as they are now. Folders that the settings ignore are not watched; events of other ignored paths are dropped. */
  readonly ignore: () => IgnoreRules;
  /** What a name on disk stands for in the tree, and which names are temporary files of ours. */
  readonly names: { fromDisk(name: string): string; isOurTemp(name: string): boolean };
  readonly debounceMs: number;
  /** How often to look at everything where events cannot be had. */
  readonly pollEveryMs: number;
  /** The network file system a folder lies on: events tell nothing of what other machines do there. */
  readonly remoteFileSystem?: (path: string) => Promise<string | null>;
}

/** The kernel's queue drops what it cannot hold and nobody is told (notes on inotify: 16,384 events); at this rate the list is no longer to be trusted. */
const BURST_PER_SECOND = 4_000;
const HEARTBEAT_MS = 30_000;
const SEPARATOR = process.platform === 'win32' ? /[\\/]/ : '/';

/** Events as hints while they can be had, regular looks while not; it says which. A root that comes back is watched again. */
export class EventWatcher implements Watcher {
  readonly #options: EventWatcherOptions;
  #run: Run | null = null;

  constructor(options: EventWatcherOptions) {
    this.#options = options;
  }

  async start(root: string, onHint: (hint: WatchHint) => void): Promise<void> {
    await this.stop();
    this.#run = new Run(this.#options, root, onHint);
    await this.#run.begin();
  }
  mode(): WatchMode {
    return this.#run?.mode ?? { kind: 'polling', why: 'it was not started', everyMs: this.#options.pollEveryMs };
  }
  async stop(): Promise<void> {
    const run = this.#run;
    this.#run = null;
    await run?.end();
  }
}

class Run implements EventSink {
  readonly #options: EventWatcherOptions;
  readonly #onHint: (hint: WatchHint) => void;
  readonly #debounce: Debounce;
  readonly #stop = new AbortController();
  /** Canonical: events come under it. */
  #root: string;
  #rootStat: FileStat | null = null;
  #source: OpenSource | null = null;
  /** Some events were dropped: folders may have come and gone unheard. */
  #flooded = false;
  #polling: PollingWatcher | null = null;
  #second = 0;
  #count = 0;

  constructor(options: EventWatcherOptions, root: string, onHint: (hint: WatchHint) => void) {
    this.#options = options;
    this.#root = root;
    this.#onHint = onHint;
    this.#debounce = new Debounce({ clock: options.clock, quietMs: options.debounceMs }, (hint) => this.#tell(hint));
  }

  get mode(): WatchMode {
    return this.#polling?.mode() ?? { kind: 'events' };
  }

  async begin(): Promise<void> {
    const remote = (await this.#options.remoteFileSystem?.(this.#root)) ?? null;
    if (remote === null) await this.#openSource();
    else await this.#poll(`the folder is on a network file system (${remote})`);
    this.#beat();
  }

  async end(): Promise<void> {
    this.#stop.abort();
    this.#debounce.stop();
    await this.#polling?.stop();
    await this.#closeSource();
  }

  // --- EventSink -------------------------------------------------------------------------------------------------------

  ignored(path: string): boolean {
    const rel = this.#relative(path);
    return rel === null || this.#options.ignore().configured().matches(rel, true);
  }

  seen(path: string, kind: 'changed' | 'renamed'): void {
    if (this.#stop.signal.aborted || this.#polling !== null) return;
    const rel = path === this.#root ? null : this.#relative(path);
    if (path === this.#root) this.#debounce.everything('something changed, the system did not say what');
    else if (rel === null || this.#isOutOfScope(rel)) return;
    else if (this.#isBurst()) this.flooded();
    else if (nameOf(rel) === IGNORE_FILE) this.#rulesChanged(rel);
    else if (kind === 'changed') this.#debounce.path(rel, 'changed');
    else this.#cameOrWent(path, rel);
  }

  #cameOrWent(path: string, rel: RelPath): void {
    this.#options.fs.lstat(path).then(
      (stat) => this.#debounce.path(rel, stat === null ? 'gone' : 'added'),
      () => this.#debounce.path(rel, 'changed'),
    );
  }

  flooded(): void {
    if (this.#stop.signal.aborted || this.#polling !== null) return;
    this.#flooded = true;
    this.#debounce.everything(`more than ${BURST_PER_SECOND} changes in a second`);
  }

  lost(error: unknown): void {
    if (this.#stop.signal.aborted || this.#polling !== null) return;
    this.#degrade(error).catch(() => undefined);
  }

  // ---------------------------------------------------------------------------------------------------------------------

  /** After a flood the folders are watched anew before anyone looks: what comes after the look is heard again. */
  #tell(hint: WatchHint): void {
    const source = this.#source;
    if (hint.kind !== 'everything' || !this.#flooded || source?.renew === undefined) return this.#onHint(hint);
    this.#flooded = false;
    source.renew().then(
      () => {
        if (!this.#stop.signal.aborted) this.#onHint(hint);
      },
      (error: unknown) => this.lost(error),
    );
  }

  async #openSource(): Promise<void> {
    const { fs, source } = this.#options;
    try {
      this.#root = await fs.realPath(this.#root);
      this.#rootStat = await fs.lstat(this.#root);
      this.#source = await source.open(this.#root, this);
      await this.#polling?.stop();
      this.#polling = null;
    } catch (error) {
      await this.#degrade(error);
    }
  }

  async #degrade(error: unknown): Promise<void> {
    if (!(error instanceof SyncError)) throw error;
    // The very folder may come back, as it was.
    if (hasCode(error, 'root-missing', 'not-found')) this.#rootStat = null;
    await this.#poll(inWords(error));
    await this.#closeSource();
  }

  async #poll(why: string): Promise<void> {
    const { clock, pollEveryMs } = this.#options;
    await this.#polling?.stop();
    this.#polling = new PollingWatcher({ clock, everyMs: pollEveryMs, why });
    await this.#polling.start(this.#root, this.#onHint);
    // What happened around the loss was not noticed.
    this.#onHint({ kind: 'everything', why });
  }

  async #closeSource(): Promise<void> {
    const source = this.#source;
    this.#source = null;
    await source?.close();
  }

  /** An unmounted or exchanged root sends no event at all; so it is looked at now and then. */
  #beat(): void {
    this.#options.clock.sleep(HEARTBEAT_MS, this.#stop.signal).then(
      () => {
        this.#checkRoot().then(
          () => this.#beat(),
          () => this.#beat(),
        );
      },
      () => undefined,
    );
  }

  async #checkRoot(): Promise<void> {
    const stat = await this.#options.fs.lstat(this.#root);
    const isSame = stat !== null && stat.ino === this.#rootStat?.ino && stat.dev === this.#rootStat.dev;
    if (this.#source !== null && !isSame) return this.#degrade(new SyncError('root-missing', 'the folder went away', { path: this.#root }));
    // A limit of the system stays; a root that was away is tried again.
    if (this.#source !== null || stat === null || isSame) return;
    await this.#openSource();
    if (this.#source !== null) this.#onHint({ kind: 'everything', why: 'the folder is back' });
  }

  #relative(path: string): RelPath | null {
    const { names } = this.#options;
    const parts = path.slice(this.#root.length + 1).split(SEPARATOR);
    if (names.isOurTemp(parts.at(-1) ?? '')) return null;
    const parsed = parseRelPath(parts.map((part) => names.fromDisk(part)).join('/'));
    return 'path' in parsed ? parsed.path : null;
  }

  #isOutOfScope(path: RelPath): boolean {
    const rules = this.#options.ignore();
    return rules.ignores(path, false) && rules.ignores(path, true);
  }

  /** Other rules mean another look at all they stand over. */
  #rulesChanged(path: RelPath): void {
    const folder = parentOf(path);
    if (folder === null) this.#debounce.everything('the ignore rules changed');
    else this.#debounce.path(folder, 'changed');
  }

  #isBurst(): boolean {
    const second = Math.floor(this.#options.clock.monotonic() / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#count = 0;
    }
    return ++this.#count > BURST_PER_SECOND;
  }
}

function inWords(error: SyncError): string {
  switch (error.code) {
    case 'disk-full':
      return 'the system watches no more folders (inotify limit fs.inotify.max_user_watches)';
    case 'busy':
      return 'the system has no more file handles or watchers (limit of open files, or fs.inotify.max_user_instances)';
    case 'root-missing':
    case 'not-found':
      return 'the folder is not there';
    default:
      return error.message;
  }
}
