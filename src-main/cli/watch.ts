import { PairRest } from '../compose/pair-rest.ts';
import type { ComposeOptions, Pair } from '../compose.ts';
import { restingUntil } from '../control/pair-desk.ts';
import { SyncError } from '../core/errors.ts';
import type { PairStatus } from '../core/events.ts';
import type { Schedule } from '../settings/schedule.ts';
import type { Config } from '../settings/settings.ts';
import { documentOf, heldLine, isVisible, lineOf } from './describe-action.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { printable } from './format.ts';
import { createProgressView } from './progress-bar.ts';
import { conflictLine, heldDocument, reportDocument } from './report-text.ts';
import { supervisor } from './service/sd-notify.ts';
import { type Session, withPair } from './session.ts';
import { watchMetrics } from './watch-metrics.ts';
import { keepSyncing } from './watch-times.ts';

export interface WatchFlags {
  readonly metricsPort?: string;
}

/** As changes come, at any hour. */
const NO_TIMES: Schedule = { cron: null, timeZone: null, quiet: [] };

/** A first sync, then changes on both sides as they come, until interrupted. With --json a document a line, each with `event`. */
export async function watchCommand(session: Session, { metricsPort }: WatchFlags): Promise<ExitCode> {
  const { printer, context } = session;
  const { clock } = context.platform;
  const rest = new PairRest(clock, { pause: null, holds: [] }, () => undefined);
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
      tell('status', { status: restingUntil(status, rest.until) });
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
    await keepSyncing(session, { engine, rest, schedule: config.schedule ?? NO_TIMES, say });
    await metrics?.close();
    view.clear();
    say('stopping; the step in flight is finished first');
    await above.stopping();
    await engine.stop();
    return EXIT.interrupted;
  };
  const serves: ComposeOptions['serves'] = {
    pause: async (until) => rest.pause(until),
    resume: async () => rest.resume(),
    restsUntil: () => rest.until,
  };
  return withPair(session, 'own', work, { serves });
}

function portArgument(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new SyncError('usage', `${text} is no port`, { hint: 'A number up to 65535; 0 takes any that is free.' });
}

/** Changes while work goes on are the progress bar's business. */
function statusLine({ state, summary, watchMode, error }: PairStatus): string {
  if (state === 'syncing') return 'syncing';
  const hint = error?.hint ? ` - ${error.hint}` : '';
  return `${printable(summary)}${hint}${state === 'ok' ? ` (${watchMode === 'events' ? 'watching for changes' : watchMode})` : ''}`;
}
