import type { PastRun } from '../control/pair-desk.ts';
import { SyncError } from '../core/errors.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { formatCount } from './format.ts';
import { restoreInPlace, sayRevised } from './restore.ts';
import type { Session } from './session.ts';
import { timeWords } from './time-argument.ts';
import { withDesk } from './with-desk.ts';

export interface UndoFlags {
  readonly run?: string;
  readonly list?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** Takes back what the last run, or an earlier one, changed on both sides; itself a run that can be undone. */
export async function undoCommand(session: Session, { run: named, list = false, dryRun = false, yes = false }: UndoFlags): Promise<ExitCode> {
  const { printer } = session;
  const run = named ?? '1';
  if (list && named !== undefined)
    throw new SyncError('usage', '--list names all runs, --run chooses one: give one of the two', {
      hint: '`file-sync undo --run N --dry-run` shows what undoing one would change.',
    });
  if (!/^\d{1,3}$/.test(run) || run === '0') throw new SyncError('usage', '--run takes a number: 1 is the last run', { hint: '`file-sync undo --list` numbers them.' });
  return withDesk(session, dryRun || list ? 'look' : 'own', async (desk) => {
    const runs = await desk.runs();
    if (list) {
      printer.document({ command: 'undo', ok: true, exitCode: EXIT.inSync, runs: runs.map(({ id, atMs, changes }, i) => ({ run: i + 1, id, at: atMs, changes })) });
      runs.forEach((one, i) => {
        printer.say(`${String(i + 1).padStart(3)}  ${words(one)}`);
      });
      if (runs.length === 0) printer.say('No run is remembered that changed anything.');
      return EXIT.inSync;
    }
    const chosen = runs[Number(run) - 1];
    if (chosen === undefined)
      throw new SyncError('usage', runs.length === 0 ? 'no run is remembered that changed anything' : `only ${formatCount(runs.length, 'run')} can be undone`, {
        hint: '`file-sync undo --list` numbers them; `file-sync restore --date` goes back further.',
      });
    printer.say(`Undoing the run of ${words(chosen)}.`);
    const revised = await restoreInPlace(session, desk, { what: { kind: 'run', id: chosen.id }, dryRun, releaseHeld: yes });
    return sayRevised(session, 'undo', revised, { dryRun, run: Number(run), at: chosen.atMs });
  });
}

function words({ atMs, changes }: PastRun): string {
  return `${timeWords(atMs)}: ${formatCount(changes, 'change')}`;
}
