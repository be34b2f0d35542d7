import { SyncError } from '../core/errors.ts';

/** SQLite's primary result codes; a name such as SQLITE_IOERR_WRITE starts with its primary one. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string' && error.code !== '') return error.code;
  // libsql reports a failure to open as text that ends in the primary code: 14 is SQLITE_CANTOPEN.
  return /: (\d+)"?\)$/.exec(error.message)?.[1] === '14' ? 'SQLITE_CANTOPEN' : '';
}

export function isBusy(error: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error));
}

/** Maps what SQLite throws to the closed list (STYLE rule 7). */
export function stateError(error: unknown, file: string): SyncError {
  if (error instanceof SyncError) return error;
  const code = codeOf(error);
  const detail = { path: file, cause: error };
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code))
    return new SyncError('state-corrupt', 'the state file is damaged', {
      ...detail,
      hint: 'Run the command again: the damaged file is set aside and rebuilt by comparing both sides.',
    });
  if (code.startsWith('SQLITE_FULL'))
    return new SyncError('disk-full', 'no space left for the state file', { ...detail, hint: 'Free some space on the disk that holds the state folder (STATE_DIR).' });
  if (code.startsWith('SQLITE_READONLY'))
    return new SyncError('read-only', 'the state file cannot be written', { ...detail, hint: 'Make the state folder (STATE_DIR) writable, or choose another one.' });
  if (code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_PERM') || code.startsWith('SQLITE_AUTH'))
    return new SyncError('no-permission', 'the state file cannot be opened', { ...detail, hint: 'Check the owner and the permissions of the state folder (STATE_DIR).' });
  if (isBusy(error)) return new SyncError('busy', 'another program is using the state file', { ...detail, hint: 'Close the other program and try again.' });
  if (code.startsWith('SQLITE_IOERR'))
    return new SyncError('io', 'the state file could not be read or written', { ...detail, hint: 'Check the disk that holds the state folder (STATE_DIR).' });
  return new SyncError('internal', error instanceof Error ? error.message : String(error), detail);
}
