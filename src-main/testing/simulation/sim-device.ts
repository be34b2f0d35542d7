import type { RelPath } from '../../core/rel-path.ts';
import { DEFAULT_PAIR_SETTINGS, type PairSettings } from '../../core/settings.ts';
import type { SyncEngine } from '../../engine/sync-engine.ts';
import type { Clock } from '../../platform/clock.ts';
import { type MemoryStorage, memoryStorage } from '../../state/memory-store.ts';
import type { Watcher, WatchHint } from '../../watch/watcher.ts';
import type { DiskOptions } from '../fake-disk.ts';
import { FakeFs } from '../fake-fs.ts';
import type { SeededRandom } from '../random.ts';
import type { Life } from './scheduler.ts';
import { withoutArrow } from './users.ts';
import type { Place } from './watchdog.ts';

export type DiskTraits = Omit<DiskOptions, 'clock'>;

/** One machine: its disk, its state store, its clock, and the one process of ours that may be running on it. */
export class SimDevice implements Place {
  readonly name: string;
  readonly root: string;
  readonly fs: FakeFs;
  readonly skewMs: number;
  storage: MemoryStorage = memoryStorage();
  /** An older copy of the state, as a backup program may bring back. */
  saved: MemoryStorage | null = null;
  settings: PairSettings;
  life: Life;
  /** What the process does; it ends with the process. */
  mode: 'idle' | 'syncing' | 'watching' = 'idle';
  engine: SyncEngine | null = null;
  watcher: FakeWatcher | null = null;
  mounted = true;

  constructor(name: string, traits: DiskTraits, clock: Pick<Clock, 'now'>, skewMs: number, settings: Partial<PairSettings>, root = `/${name}`) {
    this.name = name;
    this.root = root;
    this.fs = new FakeFs({ clock, ...traits });
    this.fs.edit.mkdir(this.root);
    this.skewMs = skewMs;
    this.settings = { ...DEFAULT_PAIR_SETTINGS, deviceName: name, maxConcurrent: 3, ignoreJunk: false, ...settings };
    this.life = { name, alive: true };
  }

  visible(): ReadonlyMap<string, string> {
    return filesOf(this.fs, this.#home);
  }

  *contents(): Iterable<string> {
    for (const [path, text] of Object.entries(this.fs.tree(this.#home, { all: true }))) if (!path.endsWith('/')) yield withoutArrow(text);
  }

  /** The whole tree in words: paths, contents, and bits where every disk keeps them. */
  picture(withModes: boolean): string {
    return Object.entries(this.fs.tree(this.root))
      .map(
        ([path, text]) => `${path.normalize('NFC')} ${text}${withModes && !path.endsWith('/') ? ` ${(this.fs.disk.need(`${this.root}/${path}`).mode & 0o777).toString(8)}` : ''}`,
      )
      .sort()
      .join('\n');
  }

  /** Away, an empty folder is in its place, as a mount point is without its drive (C26). */
  mount(there: boolean): void {
    if (there === this.mounted) return;
    this.mounted = there;
    if (there) this.fs.edit.remove(this.root);
    this.fs.edit.rename(...((there ? [this.#away, this.root] : [this.root, this.#away]) as [string, string]));
    if (!there) this.fs.edit.mkdir(this.root);
  }
  get #away(): string {
    return `${this.root}.away`;
  }
  get #home(): string {
    return this.mounted ? this.root : this.#away;
  }
}

export function filesOf(fs: FakeFs, root: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const [path, text] of Object.entries(fs.tree(root))) if (!path.endsWith('/')) files.set(path, withoutArrow(text));
  return files;
}

/** Tells of a user's acts, except for those that get lost. */
export class FakeWatcher implements Watcher {
  #onHint: ((hint: WatchHint) => void) | null = null;
  async start(_root: string, onHint: (hint: WatchHint) => void): Promise<void> {
    this.#onHint = onHint;
  }
  mode(): { readonly kind: 'events' } {
    return { kind: 'events' };
  }
  async stop(): Promise<void> {
    this.#onHint = null;
  }
  tellAll(): void {
    this.#onHint?.({ kind: 'everything', why: 'the test says so' });
  }
  tell(paths: readonly string[]): void {
    this.#onHint?.({ kind: 'paths', paths: new Set(paths as readonly RelPath[]) });
  }
}

/** A state store's content as a file copy would have it. */
export function copyOf(storage: MemoryStorage): MemoryStorage {
  return {
    base: new Map(storage.base),
    intents: [...storage.intents],
    notes: new Map(storage.notes),
    conflicts: new Map(storage.conflicts),
    resolutions: new Map(storage.resolutions),
    facts: new Map(storage.facts),
    activity: [...storage.activity],
  };
}

/** A disk with ways of its own, as the seed has it. */
export function oddDisk(random: SeededRandom): DiskTraits {
  const often = (): boolean => random.below(3) > 0;
  return {
    timeStepNs: random.pick([1n, 100n, 10_000_000n, 1_000_000_000n, 2_000_000_000n]),
    caseInsensitive: !often(),
    normalises: !often(),
    stableIds: often(),
    hardLinks: often(),
    symlinks: often(),
    modes: often(),
  };
}

/** What a file copy of one machine onto another brings along. */
export function copyTree(from: SimDevice, to: SimDevice): void {
  for (const [path, text] of Object.entries(from.fs.tree(from.root, { all: true }))) {
    const target = `${to.root}/${path}`;
    // Names that are one to the other disk: the first one counts.
    if (path.endsWith('/')) to.fs.edit.mkdir(target.slice(0, -1));
    else if (to.fs.edit.exists(target)) continue;
    else if (text.startsWith('-> ')) {
      if (to.fs.disk.options.symlinks !== false) to.fs.edit.symlink(text.slice(3), target);
    } else {
      const { mode, mtimeNs } = from.fs.disk.need(`${from.root}/${path}`);
      to.fs.edit.write(target, text, { mode, mtimeNs });
    }
  }
}
