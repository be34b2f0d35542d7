import type { LocalBackendOptions } from '../backends/local/local-backend.ts';
import { IgnoreRules } from '../core/ignore.ts';
import { nameRules } from '../core/name-rules.ts';
import type { PairSettings } from '../core/settings.ts';
import { isTempBeside } from '../local/control-folder.ts';
import { nodeFolderEvents, remoteFileSystem } from '../platform/node-watch.ts';
import type { Platform } from '../platform/platform.ts';
import { chokidarWatcher } from '../watch/chokidar-watcher.ts';
import type { EventWatcherOptions } from '../watch/event-watcher.ts';
import { folderWatcher } from '../watch/folder-watcher.ts';
import type { Watcher } from '../watch/watcher.ts';

/** On Linux folder by folder, which costs memory by the number of folders and not of files; elsewhere by chokidar, which has been used there for years (docs/decisions/0006). */
function watcherFor(platform: string, options: Omit<EventWatcherOptions, 'source'>): Watcher {
  return platform === 'linux' ? folderWatcher({ ...options, events: nodeFolderEvents }) : chokidarWatcher(options);
}

/** Watches the synced folder. */
export function localWatcher({ fs, clock, home }: Platform, settings: PairSettings): Watcher {
  const { fromDisk } = nameRules(home.platform);
  const rules = IgnoreRules.of(settings.ignorePatterns, { junk: settings.ignoreJunk });
  return watcherFor(home.platform, {
    fs,
    clock,
    remoteFileSystem,
    ignore: () => rules,
    names: { fromDisk, isOurTemp: isTempBeside },
    debounceMs: settings.debounceMs,
    pollEveryMs: settings.pollEveryMs,
  });
}

/** Watches the backup folder, where names stand for themselves and nothing is ignored. */
export function storeWatch({ fs, clock, home }: Platform, settings: PairSettings): NonNullable<LocalBackendOptions['watch']> {
  const rules = IgnoreRules.of([], { junk: false });
  return async (root, onHint) => {
    const watcher = watcherFor(home.platform, {
      fs,
      clock,
      remoteFileSystem,
      ignore: () => rules,
      names: { fromDisk: (name) => name, isOurTemp: () => false },
      debounceMs: settings.debounceMs,
      pollEveryMs: settings.pollEveryMs,
    });
    await watcher.start(root, (hint) => onHint(hint.kind === 'everything' ? null : [...hint.paths]));
    return () => watcher.stop();
  };
}
