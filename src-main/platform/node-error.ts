import { type ErrorCode, SyncError } from '../core/errors.ts';

const CODES: Readonly<Record<string, ErrorCode>> = {
  ENOENT: 'not-found',
  ENOTDIR: 'not-found',
  EEXIST: 'exists',
  ENOTEMPTY: 'not-empty',
  EACCES: 'no-permission',
  EPERM: 'no-permission',
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EROFS: 'read-only',
  EBUSY: 'busy',
  ETXTBSY: 'busy',
  // Out of file handles: worth another try, like a file in use.
  EMFILE: 'busy',
  ENFILE: 'busy',
  EXDEV: 'cross-device',
  ENAMETOOLONG: 'name-too-long',
  EINVAL: 'name-not-allowed',
  EILSEQ: 'name-not-allowed',
  // Node's own refusal of a path with a NUL byte.
  ERR_INVALID_ARG_VALUE: 'name-not-allowed',
  // A link where none is followed, or a loop of them.
  ELOOP: 'not-supported',
  ENOSYS: 'not-supported',
  ENOTSUP: 'not-supported',
  EOPNOTSUPP: 'not-supported',
};

/** The errno name of a Node error (`ENOENT`), or null when it is none. */
export function errnoOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** A Node error as the port promises it; `special` overrules the table for calls that give an errno another meaning. */
export function fromNodeError(error: unknown, path: string, special: Readonly<Record<string, ErrorCode>> = {}): SyncError {
  if (error instanceof SyncError) return error;
  const errno = errnoOf(error);
  const code = errno === null ? 'io' : (special[errno] ?? CODES[errno] ?? 'io');
  const message = errno === 'ENOENT' ? `there is no ${path}` : error instanceof Error ? error.message : String(error);
  return new SyncError(code, message, { path, cause: error });
}
