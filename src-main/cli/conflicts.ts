import type { Choice } from '../core/conflict.ts';
import { SyncError } from '../core/errors.ts';
import { EXIT, type ExitCode, exitCodeOf } from './exit-codes.ts';
import { printable } from './format.ts';
import { conflictLine, reportDocument, sayLeftovers } from './report-text.ts';
import { pathArgument, type Session } from './session.ts';
import { withDesk } from './with-desk.ts';

/** The files in two versions that wait for a choice, as the last sync left them. */
export async function conflictsCommand(session: Session): Promise<ExitCode> {
  const { printer } = session;
  return withDesk(session, 'look', async (desk) => {
    const conflicts = await desk.conflicts();
    const exitCode = conflicts.length === 0 ? EXIT.inSync : EXIT.waiting;
    printer.document({ command: 'conflicts', ok: exitCode === EXIT.inSync, exitCode, conflicts });
    for (const conflict of conflicts) printer.say(conflictLine(conflict));
    printer.say(conflicts.length === 0 ? 'No file waits for a choice.' : 'Choose with: file-sync conflicts resolve PATH --keep local|remote|both');
    return exitCode;
  });
}

/** Answers one conflict and carries the answer out. It holds only for the two versions that were seen: if one has changed since, the conflict is asked anew (C38). */
export async function resolveCommand(session: Session, text: string, keep: string): Promise<ExitCode> {
  const { printer, context } = session;
  const choice = asChoice(keep);
  return withDesk(session, 'own', async (desk) => {
    const path = pathArgument(session, desk.source, text);
    if (!(await desk.conflicts()).some((conflict) => conflict.path === path)) {
      throw new SyncError('usage', `${printable(path)} does not wait for a choice`, { hint: '`file-sync conflicts` lists what does.' });
    }
    await desk.resolve(path, choice);
    const report = await desk.sync({ signal: context.interrupt });
    const exitCode = exitCodeOf(report);
    const resolved = !(await desk.conflicts()).some((conflict) => conflict.path === path);
    printer.document({ command: 'conflicts resolve', ok: resolved && exitCode === EXIT.inSync, exitCode, path, keep: choice, resolved, ...reportDocument(report) });
    printer.say(
      resolved
        ? `Resolved ${printable(path)}: kept ${choice === 'both' ? 'both' : `the ${choice} version`}.`
        : `${printable(path)} has changed meanwhile and waits for a new choice.`,
    );
    sayLeftovers(printer, report);
    return exitCode;
  });
}

function asChoice(text: string): Choice {
  if (text === 'local' || text === 'remote' || text === 'both') return text;
  throw new SyncError('usage', `--keep takes local, remote or both, not ${text}`);
}
