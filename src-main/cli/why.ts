import { EXIT, type ExitCode } from './exit-codes.ts';
import { printable } from './format.ts';
import { pathArgument, type Session, withPair } from './session.ts';

/** Everything known about one path: the rule, the three sides, the decision, the last error, its history. */
export async function whyCommand(session: Session, text: string): Promise<ExitCode> {
  const { printer } = session;
  return withPair(session, 'look', async ({ engine, source }) => {
    const { facts: _, ...report } = await engine.why(pathArgument(session, source, text));
    printer.document({ command: 'why', ok: true, exitCode: EXIT.inSync, ...report });
    const row = (label: string, value: string | null): void => printer.say(`${printer.style.bold(label.padEnd(10))} ${value === null ? '-' : printable(value)}`);
    row('Path', report.path);
    row('Ignored by', report.ignoredBy);
    row('Agreed', report.base);
    row('Here', report.local);
    row('Backup', report.remote);
    row('Decision', report.decision);
    row('Last error', report.lastError);
    for (const { at, what, path, to, outcome, reason } of report.activity) {
      const moved = to === null ? '' : ` ${path} -> ${to}`;
      row('History', `${new Date(at).toISOString()} ${what}${moved} ${outcome}: ${reason}`);
    }
    return EXIT.inSync;
  });
}
