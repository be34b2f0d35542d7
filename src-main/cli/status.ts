import type { StoreReport } from '../backends/backend.ts';
import type { CodecSettings } from '../codec/vault-document.ts';
import { pairDesk } from '../compose/desk.ts';
import type { Owner } from '../control/control-client.ts';
import type { PairDesk, PairLook } from '../control/pair-desk.ts';
import { filesHeld, isBurst } from '../core/burst.ts';
import type { CycleReport, PairStatus } from '../core/events.ts';
import { type CostEstimate, estimateCost, type OwnPrices } from '../settings/s3-prices.ts';
import { nextRuns, type Schedule } from '../settings/schedule.ts';
import type { Config } from '../settings/settings.ts';
import { describeHolder, type Holder } from '../state/lock.ts';
import { isVisible } from './describe-action.ts';
import { asSyncError, describeError, errorDocument } from './error-text.ts';
import { EXIT, type ExitCode, exitCodeOf, exitCodeOfError } from './exit-codes.ts';
import { protectionWords } from './findings.ts';
import { formatAge, formatBytes, formatCount } from './format.ts';
import { inWords } from './progress-bar.ts';
import { reportDocument, sayLeftovers } from './report-text.ts';
import { isDebugging, loadConfig, type Session } from './session.ts';
import { timeWords } from './time-argument.ts';
import { describeCost, describeUsage } from './usage-text.ts';
import { codecWords, wished } from './vault-words.ts';

/** Looks at both sides without changing anything and says how things stand. Works while another engine owns the folder, and tells who. What is known from the last sync is shown even when a side cannot be reached. */
export async function statusCommand(session: Session): Promise<ExitCode> {
  const { context } = session;
  const config = await loadConfig(session);
  const owner = await context.owner(config, context.platform);
  try {
    if (owner !== null) return tell(session, await askOwner(session, owner), config);
  } catch (error) {
    if (owner?.isLost !== true) throw error;
  } finally {
    owner?.close();
  }
  const pair = await context.compose(config, context.platform, { kind: 'cli', mode: 'look' });
  try {
    const desk = pairDesk(pair, { schedule: config.schedule });
    const seen = await look(session, desk);
    return tell(session, { ...seen, ...(await desk.look()), holder: await pair.holder(), isBusy: false }, config);
  } finally {
    await pair.close();
  }
}

interface Seen extends PairLook {
  readonly report: CycleReport | null;
  readonly error: ReturnType<typeof asSyncError> | null;
  readonly holder: Holder | null;
  /** In the middle of a sync, which nobody waits for to look. */
  readonly isBusy: boolean;
}

/** What the process that owns the folder says. */
async function askOwner(session: Session, { desk, who }: Owner): Promise<Seen> {
  const { source: _, ...holder } = who;
  const now = await desk.look();
  if (now.status.state === 'syncing') return { ...now, report: null, error: null, holder, isBusy: true };
  const seen = await look(session, desk);
  return { ...seen, ...(await desk.look()), holder, isBusy: false };
}

function tell(session: Session, { status, protection, codec, schedule, report, error, holder, isBusy }: Seen, config: Config): ExitCode {
  const cost = costOf(status, config.prices);
  const pending = isBusy ? status.pending : (report?.planned.filter(isVisible).length ?? null);
  const exitCode =
    error !== null
      ? exitCodeOfError(error.code)
      : report !== null
        ? exitCodeOf(report)
        : isBusy
          ? exitCodeOf({ ...status, held: status.held.map((held) => ({ ...held, actions: [] })) })
          : EXIT.failed;
  session.printer.document({
    command: 'status',
    ok: exitCode === EXIT.inSync,
    exitCode,
    status,
    cost,
    holder,
    protection,
    codec,
    pending,
    schedule: scheduleDocument(session, schedule),
    now: report === null ? null : reportDocument(report),
    error: error === null ? null : errorDocument(error),
  });
  sayStatus(session, status, { pending, holder: holder === null ? null : describeHolder(holder), report, protection, codec, wish: wished(config), cost });
  saySchedule(session, schedule, holder);
  if (error !== null) for (const line of describeError(error, isDebugging(session))) session.printer.warn(line);
  return exitCode;
}

async function look({ context }: Session, desk: PairDesk): Promise<{ readonly report: CycleReport | null; readonly error: ReturnType<typeof asSyncError> | null }> {
  try {
    return { report: await desk.sync({ dryRun: true, signal: context.interrupt }), error: null };
  } catch (error) {
    return { report: null, error: asSyncError(error) };
  }
}

interface Facts {
  readonly pending: number | null;
  readonly holder: string | null;
  readonly report: CycleReport | null;
  readonly protection: StoreReport['protection'] | null;
  readonly codec: CodecSettings | null;
  /** What the first sync makes of a place where there is nothing yet. */
  readonly wish: CodecSettings | null;
  readonly cost: CostEstimate | null;
}

function sayStatus({ printer, context }: Session, status: PairStatus, { pending, holder, report, protection, codec, wish, cost }: Facts): void {
  const now = context.platform.clock.now();
  const row = (label: string, value: string): void => printer.say(`${printer.style.bold(label.padEnd(10))} ${value}`);
  row('Folder', status.source);
  row('Backup', status.target);
  if (report !== null) row('Files', codec === null && wish !== null ? `not there yet; the first sync makes it ${codecWords(wish)}` : codecWords(codec));
  row('Races', protection === null ? 'not known yet: found out before the first write, or by `file-sync doctor`' : protectionWords(protection, status.target));
  row('State', stateWords(status, pending, report));
  row('Last sync', formatAge(status.lastSyncAt, now));
  row('Known', `${formatCount(status.files, 'file')}, ${formatBytes(status.bytes)}`);
  if (status.kept != null) row('Versions', `${formatCount(status.kept.count, 'kept version')}, ${formatBytes(status.kept.bytes)} besides what is known`);
  if (status.drill != null) row('Drill', drillWords(status.drill, now));
  row('Pending', pending === null ? 'unknown' : `${formatCount(pending, 'change')}${pending > 0 ? ' (file-sync list shows them)' : ''}`);
  if (status.usage !== null) {
    row('Requests', describeUsage(status.usage));
    row('Cost', describeCost(cost));
  }
  row('Running', holder ?? 'nothing: run `file-sync sync` or `file-sync watch`');
  if (report !== null) sayLeftovers(printer, report);
}

function drillWords({ at, files, bytes, failed, succeededAt }: NonNullable<PairStatus['drill']>, now: number): string {
  const what = `${formatCount(files, 'file')}, ${formatBytes(bytes)} fetched and proven ${formatAge(at, now)}`;
  if (failed === 0) return `${what}`;
  return `${formatCount(failed, 'file')} could not be brought back ${formatAge(at, now)}; last passed: ${succeededAt === null ? 'never' : formatAge(succeededAt, now)}`;
}

const SHOWN_RUNS = 3;

function scheduleDocument({ context }: Session, schedule: Schedule | null): object | null {
  return schedule === null ? null : { ...schedule, next: nextRuns(schedule, context.platform.clock.now(), SHOWN_RUNS) };
}

function saySchedule({ printer, context }: Session, schedule: Schedule | null, holder: Holder | null): void {
  if (schedule === null) return;
  const row = (label: string, value: string): void => printer.say(`${printer.style.bold(label.padEnd(10))} ${value}`);
  const next = nextRuns(schedule, context.platform.clock.now(), SHOWN_RUNS).map((at) => new Date(at).toISOString());
  if (schedule.cron !== null)
    row('Schedule', `${schedule.cron}${schedule.timeZone === null ? '' : ` (${schedule.timeZone})`}${holder === null ? ', while `watch` runs' : ''}; next: ${next.join(', ')}`);
  if (schedule.quiet.length > 0) row('Quiet', schedule.quiet.join(', '));
}

function costOf({ usage, target, bytes, kept }: PairStatus, prices?: OwnPrices): CostEstimate | null {
  return usage === null ? null : estimateCost(target, usage, bytes + (kept?.bytes ?? 0), prices);
}

function stateWords({ summary, state, progress, pausedUntil }: PairStatus, pending: number | null, report: CycleReport | null): string {
  if (state === 'syncing' && progress !== null) return `${summary}: ${inWords(progress)}`;
  if (state === 'paused' && pausedUntil !== null) return `${summary} until ${timeWords(pausedUntil)}`;
  if (state === 'paused' || report === null || pending === null) return summary;
  const parts = [
    report.failures.length + report.problems.length > 0 ? formatCount(report.failures.length + report.problems.length, 'path with a problem', 'paths with a problem') : '',
    report.conflicts.length > 0 ? formatCount(report.conflicts.length, 'file in two versions', 'files in two versions') : '',
    heldWords(report.held, false),
    heldWords(report.held, true),
    pending > 0 ? formatCount(pending, 'pending change') : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'In sync' : parts.join(', ');
}

function heldWords(held: CycleReport['held'], bursts: boolean): string {
  const files = held.filter((each) => isBurst(each) === bursts).reduce((sum, each) => sum + filesHeld(each), 0);
  return files === 0 ? '' : formatCount(files, bursts ? 'held rewrite' : 'held deletion');
}
