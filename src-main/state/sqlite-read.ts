import type { Base } from '../core/entry.ts';
import type { ErrorCode } from '../core/errors.ts';
import type { NoteKind } from '../core/notes.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { Clock } from '../platform/clock.ts';
import { SCHEMA } from './migrations.ts';
import { ENTRY_COLUMNS, type EntryRow, fromEntryRow, parseConflict, parseIntent, parseResolution } from './rows.ts';
import type { Connection } from './sqlite-open.ts';
import type { ActivityFilter, ActivityIndex, ActivityQuery, ActivityRecord, StoredState } from './state-store.ts';

/** Rows read in one go: about 8 ms of work, so that loading a large base never blocks the process for a frame (DESIGN 1). */
const LOAD_BATCH = 2_500;

/** Everything but the activity. Throws `state-corrupt` on rows that make no sense. */
export async function readState(db: Connection, clock: Clock): Promise<Omit<StoredState, 'rebuilt'>> {
  const column = (sql: string): unknown[] => (db.prepare(sql).raw().all() as unknown[][]).map((row) => row[0]);
  return {
    base: await readBase(db, clock),
    intents: column('SELECT data FROM intents ORDER BY id').map(parseIntent),
    conflicts: column('SELECT data FROM conflicts ORDER BY path').map(parseConflict),
    resolutions: column('SELECT data FROM resolutions ORDER BY path').map(parseResolution),
    values: Object.fromEntries(db.prepare('SELECT name, value FROM facts').raw().all() as [string, string][]),
  };
}

async function readBase(db: Connection, clock: Clock): Promise<Map<RelPath, Base>> {
  const page = db.prepare(`SELECT ${ENTRY_COLUMNS} FROM entries WHERE path > ? ORDER BY path LIMIT ?`).raw();
  const base = new Map<RelPath, Base>();
  for (let after = ''; ; ) {
    const rows = page.all(after, LOAD_BATCH) as EntryRow[];
    for (const row of rows) {
      const [path, entry] = fromEntryRow(row);
      base.set(path, entry);
    }
    if (rows.length < LOAD_BATCH) return base;
    after = String(rows.at(-1)?.[0]);
    await clock.sleep(0);
  }
}

export function readNote(db: Connection, kind: NoteKind, key: string): string | null {
  const row = db.prepare('SELECT text FROM notes WHERE kind = ? AND key = ?').raw().get(kind, key) as [string] | undefined;
  return row?.[0] ?? null;
}

export function readNotes(db: Connection, kind: NoteKind): ReadonlyMap<string, string> {
  return new Map(db.prepare('SELECT key, text FROM notes WHERE kind = ?').raw().all(kind) as [string, string][]);
}

/** Faults told of one file at most. */
const FAULTS = 10;

/** Every page, row and index entry, read whole. */
export function readFaults(db: Connection): readonly string[] {
  const rows = db.prepare(`PRAGMA integrity_check(${FAULTS})`).raw().all() as unknown[][];
  return rows.map(([text]) => String(text)).filter((text) => text !== 'ok');
}

/** What is no news to anyone: the kinds that are given, and what did nothing. */
const TOLD = "what NOT IN (SELECT value FROM json_each(?)) AND outcome <> 'stale'";

/** Of a store of an older version that is only looked at. */
function activityOf(version: number): string {
  const lacking = [version < 3 ? 'NULL AS moved_to' : '', version < 4 ? 'NULL AS code, 1 AS tries' : ''].filter((columns) => columns !== '');
  return lacking.length === 0 ? 'activity' : `(SELECT *, ${lacking.join(', ')} FROM activity)`;
}

type ActivityRow = Omit<ActivityRecord, 'code' | 'tries'> & { readonly code: ErrorCode | null; readonly tries: number };

function fromActivityRow({ code, tries, ...rest }: ActivityRow): ActivityRecord {
  return { ...rest, ...(code === null ? {} : { code }), ...(tries === 1 ? {} : { tries }) };
}

export function readActivity(db: Connection, { limit, path, below, before, since, ids, without }: ActivityQuery, version: number = SCHEMA.version): readonly ActivityRecord[] {
  // All that starts with `below/`: `0` comes right after `/`.
  const within = [below ?? '', `${below}/`, `${below}0`];
  const isWithin = (column: string): string => `(${column} = ? OR (${column} > ? AND ${column} < ?))`;
  const conditions: (readonly [string, ...(string | number)[]])[] = [
    ...(path === undefined ? [] : [['(path = ? OR moved_to = ?)', path, path] as const]),
    ...(below === undefined ? [] : [[`(${isWithin('path')} OR ${isWithin('moved_to')})`, ...within, ...within] as const]),
    ...(before === undefined ? [] : [['at < ?', before] as const]),
    ...(since === undefined ? [] : [['at >= ?', since] as const]),
    ...(ids === undefined ? [] : [['id IN (SELECT value FROM json_each(?))', JSON.stringify(ids)] as const]),
    ...(without === undefined ? [] : [[TOLD, JSON.stringify(without)] as const]),
  ];
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.map(([text]) => text).join(' AND ')}`;
  const given = conditions.flatMap(([, ...values]) => values);
  const columns = 'at, cycle, path, moved_to AS "to", what, outcome, reason, bytes, code, tries';
  const rows = db.prepare(`SELECT ${columns} FROM ${activityOf(version)} ${where} ORDER BY id DESC LIMIT ?`).all(...given, limit) as ActivityRow[];
  return rows.map(fromActivityRow);
}

/** Records looked at in one go: a few ms of work. */
const INDEX_BATCH = 5_000;

/** `inTurn` runs each look at the database when it is its turn. */
export async function indexActivity(
  db: () => Connection,
  { search, failedOnly, without, after = 0 }: ActivityFilter,
  clock: Clock,
  inTurn: <T>(look: () => T) => Promise<T>,
  version: number = SCHEMA.version,
): Promise<ActivityIndex> {
  const wanted = search.toLowerCase();
  const fits = `${TOLD} ${failedOnly ? "AND outcome = 'failed'" : ''}`;
  // The paths are compared here: SQLite knows small and capital letters of English only.
  const sql = `SELECT id, at${wanted === '' ? '' : ', path, moved_to'} FROM ${activityOf(version)} WHERE id > ? AND id < ? AND ${fits} ORDER BY id DESC LIMIT ${INDEX_BATCH}`;
  const [ids, times]: [number[], number[]] = [[], []];
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const rows = await inTurn(() => db().prepare(sql).raw().all(after, before, JSON.stringify(without)) as [number, number, string?, (string | null)?][]);
    for (const [id, at, path, to] of rows) {
      if (path !== undefined && ![path, to ?? ''].some((name) => name.toLowerCase().includes(wanted))) continue;
      ids.push(id);
      times.push(at);
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < INDEX_BATCH) return { ids: Float64Array.from(ids), times: Float64Array.from(times) };
    before = last[0];
    await clock.sleep(0);
  }
}
