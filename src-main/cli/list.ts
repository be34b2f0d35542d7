import { documentOf, isVisible } from './describe-action.ts';
import { EXIT, type ExitCode, exitCodeOf } from './exit-codes.ts';
import { reportDocument, sayLeftovers, sayPlanned } from './report-text.ts';
import type { Session } from './session.ts';
import { withDesk } from './with-desk.ts';

/** The plan of the next sync, one line each. Changes nothing and works while another engine owns the folder. */
export async function listCommand(session: Session): Promise<ExitCode> {
  const { printer, context } = session;
  return withDesk(session, 'look', async (desk) => {
    const report = await desk.sync({ dryRun: true, signal: context.interrupt });
    const pending = report.planned.filter(isVisible);
    const exitCode = exitCodeOf(report);
    printer.document({ command: 'list', ok: exitCode === EXIT.inSync, exitCode, pending: pending.map(documentOf), ...reportDocument(report) });
    sayPlanned(printer, pending);
    sayLeftovers(printer, report);
    if (pending.length === 0) printer.say('No pending changes.');
    return exitCode;
  });
}
