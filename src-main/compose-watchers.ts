import type { LocalBackendOptions } from './backends/local/local-backend.ts';
import { IgnoreRules } from './core/ignore.ts';
import type { PairSettings } from './core/settings.ts';
import { isTempBeside } from './local/control-folder.ts';
import { nameRules } from './local/name-rules.ts';
import { nodeFolderEvents, remoteFileSystem } from './platform/node-watch.ts';
import type { Platform } from './platform/platform.ts';
import { folderWatcher } from './watch/folder-watcher.ts';
import type { Watcher } from './watch/watcher.ts';

/** Watches the synced folder: folder by folder, which costs memory by the number of folders and not of files. */
export function localWatcher({ fs, clock, home }: Platform, settings: PairSettings): Watcher {
  const { fromDisk } = nameRules(home.platform === 'win32' ? 'win32' : 'posix');
  const rules = IgnoreRules.of(settings.ignorePatterns, { junk: settings.ignoreJunk });
  return folderWatcher({
    fs,
    clock,
    events: nodeFolderEvents,
    remoteFileSystem,
    ignore: () => rules,
    names: { fromDisk, isOurTemp: isTempBeside },
    debounceMs: settings.debounceMs,
    pollEveryMs: settings.pollEveryMs,
  });
}

/** Watches the backup folder, where names stand for themselves and nothing is ignored. */
export function storeWatch({ fs, clock }: Platform, settings: PairSettings): NonNullable<LocalBackendOptions['watch']> {
  const rules = IgnoreRules.of([], { junk: false });
  return async (root, onHint) => {
    const watcher = folderWatcher({
      fs,
      clock,
      events: nodeFolderEvents,
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
