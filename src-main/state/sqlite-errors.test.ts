import { expect, it } from 'vitest';
import { isBusy, stateError } from './sqlite-errors.ts';

const sqlite = (code: string): Error => Object.assign(new Error('from SQLite'), { code });

it.each([
  ['SQLITE_CORRUPT', 'state-corrupt'],
  ['SQLITE_CORRUPT_INDEX', 'state-corrupt'],
  ['SQLITE_NOTADB', 'state-corrupt'],
  ['SQLITE_FULL', 'disk-full'],
  ['SQLITE_READONLY', 'read-only'],
  ['SQLITE_READONLY_DBMOVED', 'read-only'],
  ['SQLITE_CANTOPEN', 'no-permission'],
  ['SQLITE_PERM', 'no-permission'],
  ['SQLITE_BUSY', 'busy'],
  ['SQLITE_IOERR_WRITE', 'io'],
] as const)('C50 C55 %s is %s, with a hint', (code, expected) => {
  expect(stateError(sqlite(code), '/s/x.db')).toMatchObject({ code: expected, path: '/s/x.db', hint: expect.any(String), cause: expect.any(Error) });
});

it('a failure to open carries its code in the text only', () => {
  expect(stateError(Object.assign(new Error('ConnectionFailed("Unable to open connection to local database /s/x.db: 14")'), { code: '' }), '/s/x.db').code).toBe('no-permission');
  expect(stateError(new Error('something else: 14 times'), '/s/x.db').code).toBe('internal');
});

it('tells busy from the rest', () => {
  expect([isBusy(sqlite('SQLITE_BUSY')), isBusy(sqlite('SQLITE_LOCKED_SHAREDCACHE')), isBusy(sqlite('SQLITE_FULL')), isBusy('x')]).toEqual([true, true, false, false]);
});
