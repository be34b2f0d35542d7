import { resolve } from 'node:path';
import { type ErrorCode, SyncError } from '../core/errors.ts';
import { errorDocument } from './error-text.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { printable } from './format.ts';
import type { Session } from './session.ts';

/** What would be wrong with the next file too. */
const OF_ALL: readonly ErrorCode[] = ['aborted', 'config', 'refused', 'disk-full', 'read-only'];

/** Does one thing to each file. A file that fails keeps no other; what is wrong with all of them (no key, a wrong one in the settings) ends it. */
export async function eachFile(session: Session, command: string, files: readonly string[], work: (file: string) => Promise<string>): Promise<ExitCode> {
  const { context, printer } = session;
  const done: { readonly file: string; readonly to: string }[] = [];
  const failures: { readonly file: string; readonly error: object }[] = [];
  for (const given of files) {
    const file = resolve(context.cwd, given);
    try {
      const to = await work(file);
      done.push({ file, to });
      printer.say(printable(to));
    } catch (error) {
      if (!(error instanceof SyncError) || OF_ALL.includes(error.code)) throw error;
      failures.push({ file, error: errorDocument(error) });
      printer.warn(`failed ${printable(given)}: ${printable(error.message)}${error.reason === undefined ? '' : ` (${error.reason})`}`);
      if (error.hint !== undefined) printer.warn(`  next:    ${error.hint}`);
    }
  }
  const exitCode = failures.length > 0 ? EXIT.failed : EXIT.inSync;
  printer.document({ command, ok: exitCode === EXIT.inSync, exitCode, done, failures });
  return exitCode;
}
