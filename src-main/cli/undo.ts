import { SyncError } from '../core/errors.ts';
import { before } from '../engine/undo.ts';
import type { Run } from '../engine/undo-log.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { formatCount } from './format.ts';
import { sayRevised } from './restore.ts';
import { type Session, withPair } from './session.ts';
import { timeWords } from './time-argument.ts';

export interface UndoFlags {
  readonly run?: string;
  readonly list?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** Takes back what the last run, or an earlier one, changed on both sides; itself a run that can be undone. */
export async function undoCommand(session: Session, { run = '1', list = false, dryRun = false, yes = false }: UndoFlags): Promise<ExitCode> {
  const { printer, context } = session;
  if (!/^\d{1,3}$/.test(run) || run === '0') throw new SyncError('usage', '--run takes a number: 1 is the last run', { hint: '`file-sync undo --list` numbers them.' });
  return withPair(session, dryRun || list ? 'look' : 'own', async ({ past, reviser }) => {
    const runs = await reviser.runs();
    if (list) {
      printer.document({ command: 'undo', ok: true, exitCode: EXIT.inSync, runs: runs.map(({ id, atMs, deeds }, i) => ({ run: i + 1, id, at: atMs, changes: deeds.length })) });
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
    const asItEnded = async (): Promise<Run> => (await reviser.runs()).find(({ id }) => id === chosen.id) ?? chosen;
    printer.say(`Undoing the run of ${words(chosen)}.`);
    const revised = await reviser.revise(before(past, asItEnded), { dryRun, releaseHeld: yes, signal: context.interrupt });
    return sayRevised(session, 'undo', revised, { dryRun, run: Number(run), at: chosen.atMs });
  });
}

function words({ atMs, deeds }: Run): string {
  return `${timeWords(atMs)}: ${formatCount(deeds.length, 'change')}`;
}
