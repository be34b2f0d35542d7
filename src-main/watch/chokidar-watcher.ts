import { chokidarSource } from './chokidar-source.ts';
import { EventWatcher, type EventWatcherOptions } from './event-watcher.ts';

/** Watches by chokidar. */
export function chokidarWatcher(options: Omit<EventWatcherOptions, 'source'>): EventWatcher {
  return new EventWatcher({ ...options, source: chokidarSource });
}
