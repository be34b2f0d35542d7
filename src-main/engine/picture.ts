import type { HeldDeletions } from '../core/action.ts';
import type { PathProblem } from '../core/entry.ts';
import type { SyncError } from '../core/errors.ts';
import type { Progress } from '../core/events.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { KeptVersions } from '../remote/remote-tree.ts';

const LAST_SYNC = 'last-sync';
const LAST_FULL_SCAN = 'last-full-scan';
const KEPT_VERSIONS = 'kept-versions';

type Values = Readonly<Record<string, string>>;

/** What the last cycles left, and when they were; the files themselves are in {@link World}. */
export class Picture {
  problems: readonly PathProblem[] = [];
  held: readonly HeldDeletions[] = [];
  /** Changes that are not done: refused, failed, held. */
  pending = 0;
  /** Files that were being written at the last look. */
  restless: readonly RelPath[] = [];
  /** Null while nothing is at work. */
  progress: Progress | null = null;
  /** What stops the whole pair. */
  error: SyncError | null = null;
  /** Both sides were looked at in full. */
  looked = false;
  /** The last turn left something that another may settle, without anybody's word. */
  unfinished = false;
  lastSyncAt: number | null;
  lastFullScanAt: number | null;
  /** What the last sweep left. */
  kept: KeptVersions | null;

  constructor(values: Values) {
    this.lastSyncAt = asTime(values[LAST_SYNC]);
    this.lastFullScanAt = asTime(values[LAST_FULL_SCAN]);
    this.kept = asKept(values[KEPT_VERSIONS]);
  }

  /** To be kept in the state. */
  get times(): Values {
    return { ...asValue(LAST_FULL_SCAN, this.lastFullScanAt), ...asValue(LAST_SYNC, this.lastSyncAt) };
  }

  get versions(): Values {
    return { [KEPT_VERSIONS]: JSON.stringify(this.kept) };
  }
}

function asValue(name: string, time: number | null): Values {
  return time === null ? {} : { [name]: String(time) };
}

function asTime(text: string | undefined): number | null {
  const value = Number(text);
  return text === undefined || !Number.isFinite(value) ? null : value;
}

function asKept(text: string | undefined): KeptVersions | null {
  const [, count, bytes] = /^\{"count":(\d+),"bytes":(\d+)\}$/.exec(text ?? '') ?? [];
  return count === undefined ? null : { count: Number(count), bytes: Number(bytes) };
}
