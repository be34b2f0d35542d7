import { hasCode, SyncError } from '../core/errors.ts';
import { printable } from './format.ts';

/** Any failure as a SyncError: what nobody mapped is a fault of the program itself. */
export function asSyncError(error: unknown): SyncError {
  if (error instanceof SyncError) return error;
  return new SyncError('internal', error instanceof Error ? error.message : String(error), {
    cause: error,
    hint: 'This is a fault in File Sync. Run again with --log-level debug and report what it prints.',
  });
}

/** What happened, why, and the next step; the stack only while debugging. */
export function describeError(error: SyncError, debug: boolean): readonly string[] {
  const lines = error.message.split('\n').map(printable);
  const why = error.cause instanceof Error && !isSaid(error, error.cause) ? [`  because: ${printable(error.cause.message)}`] : [];
  const hint = error.hint === undefined ? [] : [`  next:    ${printable(error.hint)}`];
  const stack = debug ? stackOf(error) : [];
  return [`error: ${lines[0]}`, ...lines.slice(1), ...why, ...hint, ...stack];
}

/** "there is no folder /x, because there is no /x" would help nobody. */
function isSaid(error: SyncError, cause: Error): boolean {
  const isMissing = hasCode(cause, 'not-found') || ('code' in cause && cause.code === 'ENOENT');
  return error.message.includes(cause.message) || (isMissing && /there is no|not there/.test(error.message));
}

function stackOf(error: Error): readonly string[] {
  const own = (error.stack ?? '').split('\n');
  return error.cause instanceof Error ? [...own, 'caused by:', ...stackOf(error.cause)] : own;
}

export function errorDocument(error: SyncError): { readonly code: string; readonly message: string; readonly hint: string | null; readonly path: string | null } {
  return { code: error.code, message: error.message, hint: error.hint ?? null, path: error.path ?? null };
}
