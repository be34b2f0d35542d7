import { appendFileSync, mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SyncError } from '../core/errors.ts';
import { IgnoreRules } from '../core/ignore.ts';
import { nodeClock } from '../platform/node-clock.ts';
import { nodeFs } from '../platform/node-fs.ts';
import { type FolderEvents, nodeFolderEvents } from '../platform/node-watch.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { chokidarSource } from './chokidar-source.ts';
import type { EventSink, EventSource } from './event-source.ts';
import { EventWatcher, type EventWatcherOptions } from './event-watcher.ts';
import { folderSource } from './folder-source.ts';
import type { WatchHint, WatchMode } from './watcher.ts';

const names = { fromDisk: (name: string) => name, isOurTemp: (name: string) => name.endsWith('.ours') };
const RULES = IgnoreRules.of(['ignored/', '*.log'], { junk: false });
const fs = nodeFs();

describe.each([
  ['chokidar', chokidarSource],
  ['folders', folderSource(fs, nodeFolderEvents)],
] as const)('EventWatcher on the real file system, %s', (_name, source) => {
  let root = '';
  let watcher: EventWatcher;
  let hints: WatchHint[] = [];
  const at = (path: string): string => join(root, path);
  const open = async (options: Partial<EventWatcherOptions> = {}): Promise<void> => {
    hints = [];
    watcher = new EventWatcher({ source, fs, clock: nodeClock, ignore: () => RULES, names, debounceMs: 20, pollEveryMs: 60_000, ...options });
    await watcher.start(root, (hint) => hints.push(hint));
  };
  const newRoot = (): void => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'watch-')));
  };
  const heard = (): string[] => [...new Set(hints.flatMap((hint) => (hint.kind === 'paths' ? [...hint.paths] : ['*'])))].sort();
  const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 10_000, interval: 10 });
  afterEach(async () => {
    await watcher.stop();
    rmSync(root, { recursive: true, force: true });
  });

  it('tells of what is made, written, moved and removed, deep down and in new folders too', async () => {
    newRoot();
    mkdirSync(at('a/b'), { recursive: true });
    writeFileSync(at('a/b/old'), '1');
    // Long enough that both ends of a rename are noticed within it on a busy machine.
    await open({ debounceMs: 500 });
    expect(watcher.mode()).toEqual({ kind: 'events' });
    appendFileSync(at('a/b/old'), '2');
    writeFileSync(at('top'), '1');
    await until(() => expect(heard()).toEqual(expect.arrayContaining(['a/b/old', 'top'])));
    mkdirSync(at('new/deep'), { recursive: true });
    await until(() => expect(heard()).toContain('new'));
    // The folder's own watch may come a little later than the first word of it.
    await until(() => {
      appendFileSync(at('new/deep/file'), '3');
      expect(heard()).toContain('new/deep/file');
    });
    hints = [];
    renameSync(at('top'), at('a/moved'));
    unlinkSync(at('a/b/old'));
    await until(() => expect(heard()).toEqual(expect.arrayContaining(['top', 'a/moved', 'a/b/old'])));
    expect(hints.find((hint) => hint.kind === 'paths' && hint.paths.has('top' as never))).toMatchObject({ paths: expect.toSatisfy((paths: Set<string>) => paths.has('a/moved')) });
  });

  it('goes with a folder that is renamed', async () => {
    newRoot();
    mkdirSync(at('one/in'), { recursive: true });
    writeFileSync(at('one/in/f'), '1');
    await open();
    renameSync(at('one'), at('two'));
    await until(() => expect(heard()).toEqual(expect.arrayContaining(['one', 'two'])));
    await until(() => {
      appendFileSync(at('two/in/f'), '2');
      expect(heard()).toContain('two/in/f');
    });
    expect(heard()).not.toContain('one/in/f');
  });

  it('is silent about our own folder, our temporary files and what is ignored', async () => {
    newRoot();
    mkdirSync(at('.file-sync/tmp'), { recursive: true });
    mkdirSync(at('ignored/deep'), { recursive: true });
    mkdirSync(at('seen'));
    await open();
    writeFileSync(at('.file-sync/tmp/x'), '1');
    writeFileSync(at('ignored/deep/x'), '1');
    writeFileSync(at('seen/x.log'), '1');
    writeFileSync(at('seen/x.ours'), '1');
    writeFileSync(at('seen/last'), '1');
    await until(() => expect(heard()).toContain('seen/last'));
    expect(heard()).toEqual(['seen/last']);
  });

  it('asks for a look at all that a .syncignore stands over', async () => {
    newRoot();
    mkdirSync(at('sub'));
    await open();
    writeFileSync(at('sub/.syncignore'), 'x');
    await until(() => expect(heard()).toContain('sub'));
    writeFileSync(at('.syncignore'), 'x');
    await until(() => expect(heard()).toContain('*'));
  });

  it('C26 falls back to regular looks when the root goes away', async () => {
    newRoot();
    mkdirSync(at('d'));
    const clock = new FakeClock();
    await open({ clock, pollEveryMs: 5_000 });
    renameSync(root, `${root}.away`);
    await until(async () => {
      await clock.advance(30_000);
      expect(watcher.mode()).toMatchObject({ kind: 'polling', why: 'the folder is not there' });
    });
    hints = [];
    await clock.advance(5_000);
    expect(heard()).toEqual(['*']);
    mkdirSync(root);
    await until(async () => {
      await clock.advance(30_000);
      expect(watcher.mode()).toEqual({ kind: 'events' });
    });
    rmSync(`${root}.away`, { recursive: true });
  });

  it('C26 hears of changes again once the very same root is back', async () => {
    newRoot();
    const clock = new FakeClock();
    await open({ clock, pollEveryMs: 600_000 });
    const later = async (mode: WatchMode): Promise<void> => {
      await clock.advance(30_000);
      expect(watcher.mode()).toMatchObject(mode);
    };
    renameSync(root, `${root}.away`);
    await until(() => later({ kind: 'polling', everyMs: 600_000, why: 'the folder is not there' }));
    renameSync(`${root}.away`, root);
    await until(() => later({ kind: 'events' }));
  });
});

describe.skipIf(process.platform !== 'linux')('watching by folders on the real file system', () => {
  it("C25 S17 a flood in one folder counts for all others: they share the kernel's queue", async () => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'watch-')));
    for (const name of ['flooded', 'quiet']) mkdirSync(join(root, name));
    const hints: WatchHint[] = [];
    const options = { source: folderSource(fs, nodeFolderEvents), fs, clock: nodeClock, ignore: () => RULES, names, debounceMs: 20, pollEveryMs: 60_000 };
    const [flooded, quiet] = [new EventWatcher(options), new EventWatcher(options)];
    await flooded.start(join(root, 'flooded'), () => undefined);
    await quiet.start(join(root, 'quiet'), (hint) => hints.push(hint));
    // Nobody reads the queue meanwhile: this thread is the one that would.
    for (let n = 0; n < 9_000; n++) {
      writeFileSync(join(root, 'flooded/passing'), '');
      unlinkSync(join(root, 'flooded/passing'));
    }
    writeFileSync(join(root, 'quiet/unheard'), '');
    await vi.waitFor(() => expect(hints.map((hint) => hint.kind)).toContain('everything'), { timeout: 10_000, interval: 10 });
    for (const watcher of [flooded, quiet]) await watcher.stop();
    rmSync(root, { recursive: true });
  });
});

describe('EventWatcher', () => {
  const setUp = async (options: Partial<EventWatcherOptions> & { readonly refuse?: SyncError } = {}) => {
    const clock = new FakeClock();
    const root = realpathSync(tmpdir());
    let sink: EventSink | null = null;
    let closed = 0;
    const told: string[] = [];
    const source: EventSource = {
      open: async (_root, to) => {
        if (options.refuse) throw options.refuse;
        sink = to;
        return {
          renew: async () => {
            told.push('renewed');
          },
          close: async () => {
            closed++;
          },
        };
      },
    };
    const hints: WatchHint[] = [];
    const watcher = new EventWatcher({ source, fs, clock, ignore: () => RULES, names, debounceMs: 300, pollEveryMs: 30_000, ...options });
    await watcher.start(root, (hint) => {
      hints.push(hint);
      told.push(hint.kind);
    });
    return { clock, root, watcher, hints, told, closed: () => closed, sink: () => sink ?? expect.fail('not opened') };
  };

  it('C24 C25 S17 beyond 4,000 events a second asks for a look at everything', async () => {
    const { clock, root, watcher, hints, sink } = await setUp();
    for (let n = 0; n < 4_001; n++) sink().seen(`${root}/f${n}`, 'changed');
    await clock.advance(3_000);
    expect(hints).toEqual([{ kind: 'everything', why: 'more than 4000 changes in a second' }]);
    await watcher.stop();
  });

  it('C25 S17 after a flood, its own or of another folder, the folders are watched anew before the look', async () => {
    const { clock, watcher, told, sink } = await setUp();
    sink().flooded();
    await clock.advance(3_000);
    expect(told).toEqual(['renewed', 'everything']);
    await clock.advance(60_000);
    expect(told).toHaveLength(2);
    await watcher.stop();
  });

  it.each([
    ['disk-full', 'max_user_watches'],
    ['busy', 'max_user_instances'],
    ['io', 'broken'],
  ] as const)('C25 S18 %s at the start or later: regular looks, and says why', async (code, why) => {
    const error = new SyncError(code, 'broken');
    const refused = await setUp({ refuse: error });
    expect(refused.watcher.mode()).toMatchObject({ kind: 'polling', why: expect.stringContaining(why), everyMs: 30_000 });
    const { clock, watcher, hints, sink, closed } = await setUp();
    sink().lost(error);
    await clock.advance(0);
    expect(watcher.mode()).toMatchObject({ kind: 'polling', why: expect.stringContaining(why) });
    await clock.advance(65_000);
    expect(hints.filter((hint) => hint.kind === 'everything')).toHaveLength(3);
    expect(closed()).toBe(1);
    await watcher.stop();
    await clock.advance(65_000);
    expect(hints).toHaveLength(3);
    await refused.watcher.stop();
  });

  it('S19 does not trust events on a network file system', async () => {
    const { watcher, clock } = await setUp({ remoteFileSystem: async () => 'NFS' });
    expect(watcher.mode()).toMatchObject({ kind: 'polling', why: expect.stringContaining('NFS') });
    await watcher.stop();
    await clock.advance(1);
  });
});

describe('watching by folders', () => {
  it('C25 S17 finds folders that came, went and changed places unheard', async () => {
    const tree = new Map([
      ['/r', ['gone', 'same']],
      ['/r/same', []],
      ['/r/gone', []],
    ]);
    const watched: string[] = [];
    let flood = (): void => undefined;
    const events: FolderEvents = {
      recursive: false,
      watch: (folder) => {
        watched.push(folder);
        return () => void watched.splice(watched.indexOf(folder), 1);
      },
      subfolders: async (folder) => tree.get(folder) ?? [],
      onFlood: (listener) => {
        flood = listener;
        return () => undefined;
      },
    };
    let floods = 0;
    const sink: EventSink = { ignored: () => false, seen: () => undefined, lost: () => expect.fail('lost'), flooded: () => floods++ };
    const source = await folderSource(fs, events).open('/r', sink);
    expect(watched).toEqual(['/r', '/r/gone', '/r/same']);
    tree.set('/r', ['same', 'unheard']).set('/r/unheard', ['deep']).set('/r/unheard/deep', []);
    flood();
    expect(floods).toBe(1);
    await source.renew?.();
    expect(watched).toEqual(['/r', '/r/same', '/r/unheard', '/r/unheard/deep']);
    await source.close();
    expect(watched).toEqual([]);
  });
});
