import type { Pair } from '../compose.ts';
import { hasCode, SyncError } from '../core/errors.ts';
import type { PairStatus } from '../core/events.ts';
import { keepSchedule } from '../engine/scheduler.ts';
import type { PairEngine } from '../engine/sync-manager.ts';
import { nextRuns, quietHours, recurrence, type Schedule } from '../settings/schedule.ts';
import type { Config } from '../settings/settings.ts';
import { documentOf, heldLine, isVisible, lineOf } from './describe-action.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { printable } from './format.ts';
import { createProgressView } from './progress-bar.ts';
import { conflictLine, heldDocument, reportDocument } from './report-text.ts';
import { supervisor } from './service/sd-notify.ts';
import { type Session, withPair } from './session.ts';
import { watchMetrics } from './watch-metrics.ts';

export interface WatchFlags {
  readonly metricsPort?: string;
}

/** A first sync, then changes on both sides as they come, until interrupted. With --json a document a line, each with `event`. */
export async function watchCommand(session: Session, { metricsPort }: WatchFlags): Promise<ExitCode> {
  const { printer, context } = session;
  const { clock } = context.platform;
  const port = metricsPort === undefined ? null : portArgument(metricsPort);
  const work = async ({ engine }: Pair, config: Config): Promise<ExitCode> => {
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
      tell('held', heldDocument(held));
    });
    engine.on('cycle', (report) => tell('cycle', reportDocument(report)));
    const metrics = port === null ? null : await watchMetrics(session, engine, port);
    if (metrics !== null) {
      say(`metrics at ${metrics.url}`);
      tell('metrics', { url: metrics.url });
    }
    await above.ready('watching');
    await keepSyncing(session, engine, config.schedule, say);
    await metrics?.close();
    view.clear();
    say('stopping; the step in flight is finished first');
    await above.stopping();
    await engine.stop();
    return EXIT.interrupted;
  };
  return withPair(session, 'own', work, { serves: {} });
}

function portArgument(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new SyncError('usage', `${text} is no port`, { hint: 'A number up to 65535; 0 takes any that is free.' });
}

/** As changes come or, with a schedule, at its times only; in quiet hours not at all. */
async function keepSyncing({ context: { platform, interrupt } }: Session, engine: PairEngine, schedule: Schedule | undefined, say: (line: string) => void): Promise<void> {
  const { clock } = platform;
  const quiet = quietHours(schedule ?? { quiet: [], timeZone: null });
  const time = (at: number): string => new Date(at).toISOString();
  if (schedule === undefined || schedule.cron === null) {
    await engine.start();
    const hush = async (): Promise<'done'> => {
      const until = quiet.endsAt(clock.now());
      if (until === null) return 'done';
      say(`quiet hours until ${time(until)}`);
      engine.pause(until);
      return 'done';
    };
    await hush();
    return keepSchedule({ clock, next: quiet.beginsAt, quietUntil: () => null, run: hush }, clock.now(), interrupt).then(() => interrupted(interrupt));
  }
  const { next } = recurrence(schedule.cron, schedule.timeZone);
  const tell = (): void => {
    const [at] = nextRuns(schedule, clock.now(), 1);
    if (at !== undefined) say(`next sync at ${time(at)}`);
  };
  const run = async (): Promise<'failed' | 'done'> => {
    // What ends a cycle is in the status, which is told.
    const isDone = await engine.syncAll({ signal: interrupt }).then(
      ({ failures }) => failures.length === 0,
      // Paused: nothing failed.
      (error: unknown) => hasCode(error, 'usage', 'aborted'),
    );
    if (!interrupt.aborted && isDone) tell();
    return isDone ? 'done' : 'failed';
  };
  const onRetry = (at: number): void => say(`trying again at ${time(at)}`);
  const { lastFullScanAt } = engine.status();
  if (lastFullScanAt !== null) tell();
  await keepSchedule({ clock, next, quietUntil: quiet.endsAt, run, onRetry }, lastFullScanAt, interrupt);
}

/** Changes while work goes on are the progress bar's business. */
function statusLine({ state, summary, watchMode, error }: PairStatus): string {
  if (state === 'syncing') return 'syncing';
  const hint = error?.hint ? ` - ${error.hint}` : '';
  return `${printable(summary)}${hint}${state === 'ok' ? ` (${watchMode === 'events' ? 'watching for changes' : watchMode})` : ''}`;
}

function interrupted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
