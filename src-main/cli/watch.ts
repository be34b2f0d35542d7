import type { PairStatus } from '../core/events.ts';
import { keepSchedule } from '../engine/scheduler.ts';
import type { PairEngine } from '../engine/sync-manager.ts';
import { nextRuns, quietHours, recurrence, type Schedule } from '../settings/schedule.ts';
import { documentOf, heldLine, isVisible, lineOf } from './describe-action.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { printable } from './format.ts';
import { createProgressView } from './progress-bar.ts';
import { conflictLine, reportDocument } from './report-text.ts';
import { supervisor } from './service/sd-notify.ts';
import { type Session, withPair } from './session.ts';

/** A first sync, then changes on both sides as they come, until interrupted. With --json a document a line, each with `event`. */
export async function watchCommand(session: Session): Promise<ExitCode> {
  const { printer, context } = session;
  const { clock } = context.platform;
  return withPair(session, 'own', async ({ engine }, config) => {
    const view = createProgressView(printer.json ? { ...context.stderr, isTTY: false, write: () => undefined } : context.stderr, clock);
    const time = (): string => new Date(clock.now()).toISOString();
    const say = (line: string): void => {
      view.clear();
      printer.say(`${printer.style.dim(time())} ${line}`);
    };
    const tell = (event: string, value: object): void => printer.document({ event, at: time(), ...value });
    const above = supervisor({ ...context.platform, run: context.run });
    let before = '';
    engine.on('progress', (progress) => view.show(progress));
    engine.on('status', (status) => {
      const line = statusLine(status);
      if (line === before) return;
      before = line;
      say(line);
      tell('status', { status });
      if (status.state !== 'syncing') void above.status(status.summary);
    });
    engine.on('action', ({ cycle, action, outcome, message }) => {
      if (!isVisible(action) || outcome === 'stale') return;
      if (outcome === 'done') say(lineOf(action, 'past'));
      else say(`${printer.style.red('failed')} ${printable(action.path)}: ${printable(message ?? '')}`);
      tell('action', { cycle, outcome, message, ...documentOf(action) });
    });
    engine.on('conflict', (conflict) => {
      say(`${printer.style.yellow('two versions')} ${conflictLine(conflict)}`);
      tell('conflict', { conflict });
    });
    engine.on('held', (held) => {
      say(`${printer.style.yellow('held')} ${heldLine(held)}`);
      tell('held', { side: held.side, why: held.why, paths: held.actions.map((action) => action.path) });
    });
    engine.on('cycle', (report) => tell('cycle', reportDocument(report)));
    await above.ready('watching');
    await keepSyncing(session, engine, config.schedule, say);
    view.clear();
    say('stopping; the step in flight is finished first');
    await above.stopping();
    await engine.stop();
    return EXIT.interrupted;
  });
}

/** As changes come or, with a schedule, at its times only; in quiet hours not at all. */
async function keepSyncing({ context: { platform, interrupt } }: Session, engine: PairEngine, schedule: Schedule | undefined, say: (line: string) => void): Promise<void> {
  const { clock } = platform;
  const quiet = quietHours(schedule ?? { quiet: [], timeZone: null });
  const time = (at: number): string => new Date(at).toISOString();
  if (schedule === undefined || schedule.cron === null) {
    await engine.start();
    const hush = async (): Promise<void> => {
      const until = quiet.endsAt(clock.now());
      if (until === null) return;
      say(`quiet hours until ${time(until)}`);
      engine.pause(until);
    };
    await hush();
    return keepSchedule({ clock, next: quiet.beginsAt, quietUntil: () => null, run: hush }, clock.now(), interrupt).then(() => interrupted(interrupt));
  }
  const { next } = recurrence(schedule.cron, schedule.timeZone);
  const tell = (): void => {
    const [at] = nextRuns(schedule, clock.now(), 1);
    if (at !== undefined) say(`next sync at ${time(at)}`);
  };
  const run = async (): Promise<void> => {
    // What ends a cycle is in the status, which is told; the next time is another try.
    await engine.syncAll({ signal: interrupt }).catch(() => undefined);
    if (!interrupt.aborted) tell();
  };
  const { lastFullScanAt } = engine.status();
  if (lastFullScanAt !== null) tell();
  await keepSchedule({ clock, next, quietUntil: quiet.endsAt, run }, lastFullScanAt, interrupt);
}

/** Changes while work goes on are the progress bar's business. */
function statusLine({ state, summary, watchMode, error }: PairStatus): string {
  if (state === 'syncing') return 'syncing';
  const hint = error?.hint ? ` - ${error.hint}` : '';
  return `${printable(summary)}${hint}${state === 'ok' ? ` (${watchMode})` : ''}`;
}

function interrupted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
