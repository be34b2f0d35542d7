/** The closed list of what can go wrong; adapters map foreign errors to it at their edge, with `cause`. */
export type ErrorCode =
  | 'aborted'
  | 'usage'
  | 'config'
  | 'not-found'
  | 'exists'
  | 'no-permission'
  | 'disk-full'
  | 'read-only'
  | 'busy'
  | 'not-empty'
  | 'not-a-folder'
  | 'cross-device'
  | 'name-not-allowed'
  | 'name-too-long'
  | 'not-supported'
  | 'io'
  | 'unreachable'
  | 'refused'
  | 'throttled'
  | 'quota'
  | 'corrupt'
  | 'root-missing'
  | 'root-replaced'
  | 'remote-missing'
  | 'remote-replaced'
  | 'overlap'
  | 'locked'
  | 'state-corrupt'
  | 'state-newer'
  | 'internal';

/**
 * What is wrong with bytes that are `corrupt` (codec/FORMAT.md, "Errors"). `not-a-container`: no sealed object at all; `malformed`: a field holds nonsense; `tampered`: authentication fails: changed, reordered or put
 * together from pieces; `wrong-key`: made with another key; `unknown-epoch`: made with a key of this vault that this device has not heard of; `wrong-place`: made for another path; `not-encrypted`: readable
 * without a key where a key is due; `mixed`: metadata of one version with the bytes of another; `rolled-back`: an older version came back; `bomb`: would grow beyond its recorded size; `hash-mismatch`: whole, but not the recorded content.
 */
export type CorruptReason =
  | 'not-a-container'
  | 'newer-format'
  | 'malformed'
  | 'truncated'
  | 'over-long'
  | 'tampered'
  | 'wrong-key'
  | 'unknown-epoch'
  | 'other-vault'
  | 'wrong-place'
  | 'not-encrypted'
  | 'mixed'
  | 'rolled-back'
  | 'bomb'
  | 'hash-mismatch';

/** Of a `config`, for whoever asks the user for it: what opens the encrypted vault is missing, or is another's. */
export type ErrorReason = CorruptReason | 'secret';

export interface ErrorDetail {
  readonly path?: string;
  /** Only with `corrupt` and `config`. */
  readonly reason?: ErrorReason;
  /** What the user can do about it, one sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** The one error class. `code` decides; `message` is for people and is never read by the program. */
export class SyncError extends Error {
  override readonly name = 'SyncError';
  readonly code: ErrorCode;
  readonly path: string | undefined;
  readonly hint: string | undefined;
  readonly reason: ErrorReason | undefined;

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.code = code;
    this.path = detail.path;
    this.hint = detail.hint;
    this.reason = detail.reason;
  }
}

export function hasCode(error: unknown, ...codes: readonly ErrorCode[]): error is SyncError {
  return error instanceof SyncError && codes.includes(error.code);
}

/** Errors of the place, not of one path: they end the cycle, and the folder waits (C26-C28, C50, C55). */
export const PLACE_ERRORS: readonly ErrorCode[] = [
  'aborted',
  'unreachable',
  'refused',
  'root-missing',
  'root-replaced',
  'remote-missing',
  'remote-replaced',
  'locked',
  'state-corrupt',
  'state-newer',
  'disk-full',
  'quota',
  'read-only',
  'config',
];

/** What happened and what to do about it, in one text, where a path is listed with it. */
export function messageOf({ message, reason, hint }: SyncError): string {
  return reason === undefined || hint === undefined ? message : `${message}: ${hint}`;
}

export function assertNever(value: never): never {
  throw new SyncError('internal', `unexpected value: ${JSON.stringify(value)}`);
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new SyncError('aborted', 'interrupted');
}
