import type { FolderEvents } from '../platform/node-watch.ts';
import { EventWatcher, type EventWatcherOptions } from './event-watcher.ts';
import { folderSource } from './folder-source.ts';

/** Watches folder by folder, by the system's own notices. */
export function folderWatcher(options: Omit<EventWatcherOptions, 'source'> & { readonly events: FolderEvents }): EventWatcher {
  return new EventWatcher({ ...options, source: folderSource(options.fs, options.events) });
}
