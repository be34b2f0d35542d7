import { hasCode } from '../core/errors.ts';
import type { Notes } from '../core/notes.ts';
import type { Clock } from '../platform/clock.ts';
import type { Fs } from '../platform/fs.ts';
import { type LastRecord, logActivity } from './activity-log.ts';
import { SCHEMA, type Schema } from './migrations.ts';
import { ENTRY_COLUMNS, toEntryRow, toJson } from './rows.ts';
import { stateError } from './sqlite-errors.ts';
import { type Connection, openConnection, rollback, setAside } from './sqlite-open.ts';
import { indexActivity, readActivity, readFaults, readNote, readNotes, readState } from './sqlite-read.ts';
import type { ActivityFilter, ActivityIndex, ActivityQuery, ActivityRecord, StateChange, StateStore, StoredState } from './state-store.ts';

/** The activity log keeps so much; older records go. */
const ACTIVITY_ROWS = 100_000;
const ACTIVITY_MS = 30 * 86_400_000;
/** The log is cut back after so many new records. */
const PRUNE_EVERY = 1_000;

export interface SqliteStateOptions {
  readonly file: string;
  readonly fs: Fs;
  readonly clock: Clock;
  readonly schema?: Schema;
}

/** The state of one folder pair in an SQLite file. The caller holds the lock (lock.ts), so nobody else writes. */
export async function openSqliteState({ schema = SCHEMA, ...rest }: SqliteStateOptions): Promise<StateStore> {
  const options = { ...rest, schema };
  const { db, rebuilt } = await openConnection(options);
  return new SqliteStateStore(options, db, rebuilt);
}

class SqliteStateStore implements StateStore {
  readonly notes: Notes = {
    get: (kind, key) => this.#inOrder(async () => readNote(this.#db, kind, key)),
    all: (kind) => this.#inOrder(async () => readNotes(this.#db, kind)),
    put: (kind, key, text) => this.#write(() => this.#statements.putNote.run(kind, key, text)),
    drop: (kind, key) => this.#write(() => this.#statements.dropNote.run(kind, key)),
  };
  readonly #options: Required<SqliteStateOptions>;
  #db: Connection;
  #statements: ReturnType<typeof prepare>;
  #rebuilt: boolean;
  #sincePrune = PRUNE_EVERY;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(options: Required<SqliteStateOptions>, db: Connection, rebuilt: boolean) {
    this.#options = options;
    this.#db = db;
    this.#statements = prepare(db);
    this.#rebuilt = rebuilt;
  }

  load(): Promise<StoredState> {
    return this.#inOrder(async () => {
      try {
        return await this.#read();
      } catch (error) {
        if (!hasCode(stateError(error, this.#options.file), 'state-corrupt')) throw error;
        await this.#rebuild();
        return this.#read();
      }
    });
  }

  begin: StateStore['begin'] = (intents) =>
    this.#write(() => {
      for (const intent of intents) this.#statements.addIntent.run(intent.op, toJson(intent));
    });

  commit: StateStore['commit'] = (change) =>
    this.#write(() => {
      this.#apply(change);
      this.#log(change.activity ?? []);
    });

  activity(query: ActivityQuery): Promise<readonly ActivityRecord[]> {
    return this.#inOrder(async () => readActivity(this.#db, query));
  }

  activityIndex(filter: ActivityFilter): Promise<ActivityIndex> {
    return indexActivity(
      () => this.#db,
      filter,
      this.#options.clock,
      (look) => this.#inOrder(async () => look()),
    );
  }

  faults(): Promise<readonly string[]> {
    return this.#inOrder(async () => readFaults(this.#db));
  }

  close(): Promise<void> {
    return this.#inOrder(async () => {
      if (!this.#db.open) return;
      // A prepared statement keeps the file open until it is collected; with an empty log that harms nobody.
      this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      this.#db.close();
    });
  }

  async #read(): Promise<StoredState> {
    return { rebuilt: this.#rebuilt, ...(await readState(this.#db, this.#options.clock)) };
  }

  async #rebuild(): Promise<void> {
    this.#db.close();
    await setAside(this.#options);
    const { db } = await openConnection(this.#options);
    this.#db = db;
    this.#statements = prepare(db);
    this.#rebuilt = true;
  }

  #apply(change: StateChange): void {
    const run = this.#statements;
    for (const path of change.drop ?? []) run.dropEntry.run(path);
    for (const [path, base] of change.put ?? []) run.putEntry.run(...toEntryRow(path, base));
    for (const op of change.settled ?? []) run.settle.run(op);
    for (const path of change.dropConflicts ?? []) run.dropConflict.run(path);
    for (const conflict of change.putConflicts ?? []) run.putConflict.run(conflict.path, toJson(conflict));
    for (const path of change.dropResolutions ?? []) run.dropResolution.run(path);
    for (const resolution of change.putResolutions ?? []) run.putResolution.run(resolution.path, toJson(resolution));
    for (const [name, value] of Object.entries(change.values ?? {})) {
      if (value === null) run.dropFact.run(name);
      else run.putFact.run(name, value);
    }
  }

  #log(records: readonly ActivityRecord[]): void {
    if (records.length === 0) return;
    const run = this.#statements;
    logActivity(records, {
      last: (path) => (run.lastActivity.get(path) as LastRecord | undefined) ?? null,
      drop: (id) => run.dropActivity.run(id),
      add: ({ at, cycle, path, to, what, outcome, reason, bytes, code, tries }) => run.addActivity.run(at, cycle, path, to, what, outcome, reason, bytes, code ?? null, tries ?? 1),
    });
    this.#sincePrune += records.length;
    if (this.#sincePrune < PRUNE_EVERY) return;
    this.#sincePrune = 0;
    this.#statements.pruneActivity.run(this.#options.clock.now() - ACTIVITY_MS, ACTIVITY_ROWS);
  }

  #write(change: () => void): Promise<void> {
    return this.#inOrder(async () => {
      try {
        this.#db.exec('BEGIN IMMEDIATE');
        change();
        this.#db.exec('COMMIT');
      } catch (error) {
        rollback(this.#db);
        throw error;
      }
    });
  }

  /** One call after the other, in the order made. */
  #inOrder<T>(call: () => Promise<T>): Promise<T> {
    const done = this.#tail.then(call).catch((error: unknown) => {
      throw stateError(error, this.#options.file);
    });
    this.#tail = done.catch(() => undefined);
    return done;
  }
}

function prepare(db: Connection) {
  return {
    putEntry: db.prepare(`INSERT OR REPLACE INTO entries (${ENTRY_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    dropEntry: db.prepare('DELETE FROM entries WHERE path = ?'),
    addIntent: db.prepare('INSERT INTO intents (op, data) VALUES (?, ?)'),
    settle: db.prepare('DELETE FROM intents WHERE op = ?'),
    putConflict: db.prepare('INSERT OR REPLACE INTO conflicts (path, data) VALUES (?, ?)'),
    dropConflict: db.prepare('DELETE FROM conflicts WHERE path = ?'),
    putResolution: db.prepare('INSERT OR REPLACE INTO resolutions (path, data) VALUES (?, ?)'),
    dropResolution: db.prepare('DELETE FROM resolutions WHERE path = ?'),
    putFact: db.prepare('INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)'),
    dropFact: db.prepare('DELETE FROM facts WHERE name = ?'),
    putNote: db.prepare('INSERT OR REPLACE INTO notes (kind, key, text) VALUES (?, ?, ?)'),
    dropNote: db.prepare('DELETE FROM notes WHERE kind = ? AND key = ?'),
    addActivity: db.prepare('INSERT INTO activity (at, cycle, path, moved_to, what, outcome, reason, bytes, code, tries) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    lastActivity: db.prepare("SELECT id, outcome, code, tries FROM activity WHERE path = ? AND outcome <> 'stale' ORDER BY id DESC LIMIT 1"),
    dropActivity: db.prepare('DELETE FROM activity WHERE id = ?'),
    pruneActivity: db.prepare('DELETE FROM activity WHERE at < ? OR id <= (SELECT max(id) FROM activity) - ?'),
  };
}
