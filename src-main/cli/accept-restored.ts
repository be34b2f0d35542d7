import { SyncError } from '../core/errors.ts';
import type { RestoredReport } from '../engine/sync-manager.ts';
import { EXIT, type ExitCode, exitCodeOf } from './exit-codes.ts';
import { formatCount, printable } from './format.ts';
import { confirm } from './keys-change.ts';
import { reportDocument, sayLeftovers, sayList } from './report-text.ts';
import type { Session } from './session.ts';
import { withDesk } from './with-desk.ts';

export interface AcceptRestoredFlags {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** The owner restored the storage from a backup: shows what that took back and, on his word, brings the storage up to date from here. Deletes nothing on either side. */
export async function acceptRestoredCommand(session: Session, { dryRun = false, yes = false }: AcceptRestoredFlags): Promise<ExitCode> {
  const { printer, context } = session;
  return withDesk(session, dryRun ? 'look' : 'own', async (desk) => {
    const options = { signal: context.interrupt };
    const seen = await desk.acceptRestored({ ...options, dryRun: true });
    sayLost(session, seen);
    const count = countOf(seen);
    if (dryRun || count === 0) {
      printer.document({ command: 'accept-restored', ok: true, exitCode: EXIT.inSync, dryRun, ...lostDocument(seen) });
      printer.say(count === 0 ? 'Nothing went back: the storage has what this device last saw there.' : 'This was a dry run: nothing was changed.');
      return EXIT.inSync;
    }
    await confirm(session, 'Did you restore the storage from a backup yourself, and is it to be brought up to date from this device?', yes);
    const done = await desk.acceptRestored({ ...options, dryRun: false });
    const { report } = done;
    if (report === null) throw new SyncError('internal', 'no sync followed');
    const exitCode = exitCodeOf(report);
    printer.document({ command: 'accept-restored', ok: exitCode === EXIT.inSync, exitCode, dryRun, ...lostDocument(done), ...reportDocument(report) });
    sayLeftovers(printer, report);
    printer.say(`Accepted: ${formatCount(report.done, 'change')} carried over. Run it on your other devices too, as far as they list older versions.`);
    return exitCode;
  });
}

function sayLost({ printer }: Session, { older, missing, differing }: RestoredReport): void {
  const { yellow } = printer.style;
  sayList(printer, older, (path) => `${yellow('older there')} ${printable(path)}: this device's is sent again, the older one stays as a version`);
  sayList(printer, missing, (path) => `${yellow('gone there')} ${printable(path)}: sent again`);
  sayList(printer, differing, (path) => `${yellow('other there')} ${printable(path)}: both are kept`);
}

function countOf({ older, missing, differing }: RestoredReport): number {
  return older.length + missing.length + differing.length;
}

function lostDocument({ older, missing, differing }: RestoredReport): object {
  return { older, missing, differing };
}
