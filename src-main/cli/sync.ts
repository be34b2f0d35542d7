import { SyncError } from '../core/errors.ts';
import type { CycleReport } from '../core/events.ts';
import type { SyncOptions } from '../engine/sync-manager.ts';
import { diskPath } from '../platform/disk-path.ts';
import { isVisible, wordsOf } from './describe-action.ts';
import { EXIT, type ExitCode, exitCodeOf } from './exit-codes.ts';
import { formatBytes, formatSeconds } from './format.ts';
import { createProgressView } from './progress-bar.ts';
import { reportDocument, sayLeftovers, sayPlanned, Tally } from './report-text.ts';
import { pathArgument, type Session } from './session.ts';
import { withDesk } from './with-desk.ts';

export interface SyncFlags {
  readonly full?: boolean;
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly path?: string;
  readonly yes?: boolean;
}

/** One sync, from looking to nothing left to do. A dry run only looks, and needs no lock. */
export async function syncCommand(session: Session, flags: SyncFlags): Promise<ExitCode> {
  const { printer, context } = session;
  const { clock } = context.platform;
  return withDesk(session, flags.dryRun ? 'look' : 'own', async (desk) => {
    const view = createProgressView(printer.json ? { ...context.stderr, write: () => undefined } : context.stderr, clock);
    const tally = new Tally();
    const unheard = [
      desk.on('progress', (progress) => view.show(progress)),
      desk.on('action', ({ action, outcome }) => {
        if (outcome === 'done') tally.add(action, wordsOf(action).past);
      }),
    ];
    const began = clock.monotonic();
    try {
      const options = asOptions(session, flags, desk.source);
      const report = await desk.sync(options);
      view.clear();
      await checkThere(session, desk.source, options.path, report);
      const exitCode = context.interrupt.aborted ? EXIT.interrupted : exitCodeOf(report);
      printer.document({
        command: 'sync',
        ok: exitCode === EXIT.inSync,
        exitCode,
        dryRun: flags.dryRun ?? false,
        counts: tally.toDocument(),
        seconds: (clock.monotonic() - began) / 1000,
        ...reportDocument(report),
      });
      if (flags.dryRun) sayPlan(session, report);
      else sayDone(session, report, tally, (clock.monotonic() - began) / 1000, exitCode);
      return exitCode;
    } finally {
      for (const stop of unheard) stop();
      view.clear();
    }
  });
}

function asOptions(session: Session, { full, force, dryRun, path, yes }: SyncFlags, source: string): SyncOptions {
  return {
    full: full ?? false,
    force: force ?? false,
    dryRun: dryRun ?? false,
    releaseHeld: yes ?? false,
    signal: session.context.interrupt,
    ...(path === undefined ? {} : { path: pathArgument(session, source, path) }),
  };
}

/** A path that is nowhere was mistyped, and "In sync" would be no answer to that. */
async function checkThere({ context }: Session, source: string, path: SyncOptions['path'], { done, planned, ...rest }: CycleReport): Promise<void> {
  const found = [planned, rest.failures, rest.problems, rest.conflicts, rest.held].some((list) => list.length > 0);
  if (path === undefined || done > 0 || found || (await context.platform.fs.lstat(diskPath(source, path, context.platform.home.platform))) !== null) return;
  throw new SyncError('usage', `${path} is not in ${source}, and nothing comes from the backup for it`, {
    hint: `Check the spelling; \`file-sync why ${path}\` tells what is known of it.`,
  });
}

function sayPlan({ printer }: Session, report: CycleReport): void {
  sayPlanned(printer, report.planned);
  sayLeftovers(printer, report);
  const count = report.planned.filter(isVisible).length;
  printer.say(count === 0 ? 'Nothing to do.' : `${count} to do. This was a dry run: nothing was changed.`);
}

function sayDone({ printer }: Session, report: CycleReport, tally: Tally, seconds: number, exitCode: ExitCode): void {
  sayLeftovers(printer, report);
  const done = String(tally) || 'nothing to do';
  const traffic = report.bytesUp + report.bytesDown === 0 ? '' : `, ${formatBytes(report.bytesUp)} up, ${formatBytes(report.bytesDown)} down`;
  const verdict =
    { [EXIT.inSync]: printer.style.green('In sync'), [EXIT.waiting]: printer.style.yellow('Waiting for you'), [EXIT.interrupted]: 'Interrupted' }[exitCode as number] ??
    printer.style.red('Not everything is in sync');
  printer.say(`${verdict}: ${done}${traffic} (${formatSeconds(seconds)})`);
}
