import { pathToFileURL } from 'node:url';
import Database from 'libsql';
import { hasCode, SyncError } from '../core/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Fs } from '../platform/fs.ts';
import type { Schema } from './migrations.ts';
import { stateError } from './sqlite-errors.ts';

export type Connection = Database.Database;

export interface OpenStateOptions {
  readonly file: string;
  readonly fs: Fs;
  readonly clock: Clock;
  readonly schema: Schema;
}

/** Opens the store for writing, creating it where there is none. A damaged one is renamed aside, never deleted; one from a newer version of the program is left alone (C50). */
export async function openConnection(options: OpenStateOptions): Promise<{ readonly db: Connection; readonly rebuilt: boolean }> {
  const { file, fs } = options;
  if ((await fs.lstat(file)) === null) return { db: await create(options), rebuilt: false };
  try {
    const version = inspect(file, options.schema);
    if (version < options.schema.version) await migrate(options, version);
    const db = connect(file);
    if (version < options.schema.version) checkTables(db, options.schema);
    return { db, rebuilt: false };
  } catch (error) {
    if (!hasCode(error, 'state-corrupt')) throw error;
    await setAside(options);
    return { db: await create(options), rebuilt: true };
  }
}

/** Renames the store and its companions to `<name>.damaged-<time>`. */
export async function setAside({ file, fs, clock }: Pick<OpenStateOptions, 'file' | 'fs' | 'clock'>): Promise<void> {
  const time = new Date(clock.now()).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  let aside = `${file}.damaged-${time}`;
  for (let n = 2; (await fs.lstat(aside)) !== null; n++) aside = `${file}.damaged-${time}-${n}`;
  for (const companion of ['', '-wal', '-shm']) {
    if ((await fs.lstat(file + companion)) !== null) await fs.rename(file + companion, aside + companion);
  }
}

/** A connection that cannot change the file. */
export function connectReadOnly(file: string): Connection {
  try {
    return new Database(`${pathToFileURL(file).href}?mode=ro`);
  } catch (error) {
    throw stateError(error, file);
  }
}

/** The version of an undamaged store of ours; throws `state-newer` or `state-corrupt`. Writes nothing. */
export function inspect(file: string, schema: Schema): number {
  const db = connectReadOnly(file);
  try {
    const version = versionOf(db);
    if (version > schema.version) {
      throw new SyncError('state-newer', `the state file was written by a newer version of File Sync (format ${version}, this one knows ${schema.version})`, {
        path: file,
        hint: 'Update File Sync, or choose another STATE_DIR to start from one full comparison.',
      });
    }
    const verdict = db.prepare('PRAGMA quick_check(1)').raw().get() as readonly unknown[] | undefined;
    if (version < 1 || verdict?.[0] !== 'ok') throw new SyncError('state-corrupt', 'the state file is damaged', { path: file });
    if (version === schema.version) checkTables(db, schema);
    return version;
  } catch (error) {
    throw stateError(error, file);
  } finally {
    db.close();
  }
}

function connect(file: string): Connection {
  try {
    const db = new Database(file);
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 2000;');
    return db;
  } catch (error) {
    throw stateError(error, file);
  }
}

async function create({ file, fs, schema }: OpenStateOptions): Promise<Connection> {
  // Made here and not by SQLite, so that it and its companions are this user's alone from the first moment.
  await (await fs.create(file, 0o600)).close();
  const db = connect(file);
  try {
    db.exec(`BEGIN IMMEDIATE; ${schema.sql} PRAGMA user_version = ${schema.version}; COMMIT;`);
    return db;
  } catch (error) {
    rollback(db);
    throw stateError(error, file);
  }
}

/** All steps in one transaction, with a copy of the old file kept beside it. */
async function migrate({ file, fs, schema }: OpenStateOptions, from: number): Promise<void> {
  const db = connect(file);
  try {
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    const copy = `${file}.version-${from}`;
    if ((await fs.lstat(copy)) === null) await fs.copyFile(file, copy);
    db.exec('BEGIN IMMEDIATE');
    for (const step of schema.migrations) if (step.to > from) db.exec(step.sql);
    db.exec(`PRAGMA user_version = ${schema.version}; COMMIT;`);
  } catch (error) {
    rollback(db);
    throw stateError(error, file);
  } finally {
    db.close();
  }
}

export function rollback(db: Connection): void {
  if (db.inTransaction) db.exec('ROLLBACK');
}

function versionOf(db: Connection): number {
  const row = db.prepare('PRAGMA user_version').raw().get() as readonly unknown[] | undefined;
  return Number(row?.[0] ?? 0);
}

/** Every table with its columns, as text. */
function tablesOf(db: Connection): string {
  const rows = db
    .prepare("SELECT m.name, c.name, c.type FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.name")
    .raw()
    .all();
  return JSON.stringify(rows);
}

function checkTables(db: Connection, schema: Schema): void {
  const reference = new Database(':memory:');
  reference.exec(schema.sql);
  const expected = tablesOf(reference);
  reference.close();
  if (tablesOf(db) !== expected)
    throw new SyncError('state-corrupt', 'the state file has an unexpected structure', { hint: 'It is set aside and rebuilt by comparing both sides.' });
}
