/** Where events come from: chokidar, or the folders' own notices. Paths are absolute and native. */
export interface EventSource {
  /** Resolves, once changes are noticed, to a function that ends it. Rejects with a SyncError. */
  open(root: string, sink: EventSink): Promise<() => Promise<void>>;
}

export interface EventSink {
  /** Folders for which this is true need not be watched. */
  ignored(path: string): boolean;
  /** Something was written (`changed`), or a name came or went (`renamed`). */
  seen(path: string, kind: 'changed' | 'renamed'): void;
  /** Changes are no longer noticed, all or some. */
  lost(error: unknown): void;
}
