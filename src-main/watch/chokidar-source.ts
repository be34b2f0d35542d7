import { type FSWatcher, watch } from 'chokidar';
import { SyncError } from '../core/errors.ts';
import { fromNodeError } from '../platform/node-error.ts';
import type { EventSource } from './event-source.ts';

/**
 * chokidar keeps track of the folders; what happens in them is taken from the raw notices it gets for each. It is told to ignore the files themselves: it would otherwise keep a record of
 * each of them. It still stats every entry once at the start, which is why the product watches by folderSource (docs/decisions/0006).
 */
export const chokidarSource: EventSource = {
  async open(root, sink) {
    const watcher = watch(root, {
      ignoreInitial: true,
      followSymlinks: false,
      ignorePermissionErrors: true,
      atomic: false,
      ignored: (path, stats) => path !== root && ((stats !== undefined && !stats.isDirectory()) || sink.ignored(path)),
    });
    await ready(watcher, root);
    watcher.on('raw', (event, name, details) => {
      const folder = watchedPath(details) ?? root;
      sink.seen(name ? `${folder}/${name}` : folder, event === 'change' ? 'changed' : 'renamed');
    });
    watcher.on('error', (error) => sink.lost(fromNodeError(error, root)));
    watcher.on('unlinkDir', (path) => {
      if (path === root) sink.lost(new SyncError('root-missing', `the folder ${root} went away`, { path: root }));
    });
    return { close: () => watcher.close() };
  },
};

function ready(watcher: FSWatcher, root: string): Promise<void> {
  return new Promise((resolve, reject) => {
    watcher.once('ready', () => {
      watcher.removeAllListeners('error');
      resolve();
    });
    watcher.once('error', (error) => {
      watcher.close().then(() => reject(fromNodeError(error, root)), reject);
    });
  });
}

function watchedPath(details: unknown): string | null {
  return typeof details === 'object' && details !== null && 'watchedPath' in details && typeof details.watchedPath === 'string' ? details.watchedPath : null;
}
