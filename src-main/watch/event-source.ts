/** Where events come from: chokidar, or the folders' own notices. Paths are absolute and native. */
export interface EventSource {
  /** Resolves once changes are noticed. Rejects with a SyncError. */
  open(root: string, sink: EventSink): Promise<OpenSource>;
}

export interface OpenSource {
  /** Finds the folders to watch anew: some came, went or changed places without a word. Rejects with a SyncError. */
  renew?(): Promise<void>;
  close(): Promise<void>;
}

export interface EventSink {
  /** Folders for which this is true need not be watched. */
  ignored(path: string): boolean;
  /** Something was written (`changed`), or a name came or went (`renamed`). */
  seen(path: string, kind: 'changed' | 'renamed'): void;
  /** So much came at once that the system may have dropped some. */
  flooded(): void;
  /** Changes are no longer noticed, all or some. */
  lost(error: unknown): void;
}
