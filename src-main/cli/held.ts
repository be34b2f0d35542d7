import { heldLine } from './describe-action.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { printable } from './format.ts';
import { heldDocument, sayList } from './report-text.ts';
import { restoreInPlace, sayRevised } from './restore.ts';
import type { Session } from './session.ts';
import { withDesk } from './with-desk.ts';

export interface HeldRestoreFlags {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** What the guard holds back as things are now, and what can be done about it. */
export async function heldCommand(session: Session): Promise<ExitCode> {
  const { printer, context } = session;
  return withDesk(session, 'look', async (desk) => {
    const { held } = await desk.sync({ dryRun: true, signal: context.interrupt });
    const exitCode = held.length === 0 ? EXIT.inSync : EXIT.waiting;
    printer.document({ command: 'held', ok: exitCode === EXIT.inSync, exitCode, held: held.map(heldDocument) });
    for (const each of held) {
      printer.say(`${printer.style.yellow('held')} ${heldLine(each)}`);
      sayList(printer, each.actions, ({ path }) => `    ${printable(path)}`);
    }
    if (held.length === 0) printer.say('Nothing is held.');
    else {
      printer.say('Not meant? Bring the files back:  file-sync held restore --dry-run, then without --dry-run');
      printer.say('Meant? Carry it out:              file-sync sync --yes');
    }
    return exitCode;
  });
}

/** Every file that is held comes back as both sides last agreed on it; what took its place goes to the trash. */
export async function heldRestoreCommand(session: Session, { dryRun = false, yes = false }: HeldRestoreFlags): Promise<ExitCode> {
  return withDesk(session, dryRun ? 'look' : 'own', async (desk) =>
    sayRevised(session, 'held restore', await restoreInPlace(session, desk, { what: { kind: 'held' }, dryRun, releaseHeld: yes }), { dryRun }),
  );
}
