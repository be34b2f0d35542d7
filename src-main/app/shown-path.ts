import { SyncError } from '../core/errors.ts';

/** A native path for the screen: the home folder is written `~`. */
export function shownPath(path: string, homeDir: string): string {
  return path.startsWith(homeDir) && /^[/\\]/.test(path.slice(homeDir.length)) ? `~${path.slice(homeDir.length)}` : path;
}

/** The same for the paths a message names. */
export function shownMessage(message: string, homeDir: string): string {
  const home = homeDir.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return message.replaceAll(new RegExp(`(^|[\\s(])${home}(?=[/\\\\])`, 'g'), '$1~');
}

/** The same for the paths an error names. */
export function shownError(error: unknown, homeDir: string): unknown {
  if (!(error instanceof SyncError)) return error;
  const message = shownMessage(error.message, homeDir);
  return message === error.message ? error : new SyncError(error.code, message, { ...(error.hint === undefined ? {} : { hint: error.hint }), cause: error });
}
