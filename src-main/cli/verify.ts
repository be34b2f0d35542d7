import type { PairDesk } from '../control/pair-desk.ts';
import { assertNever, SyncError } from '../core/errors.ts';
import { parseSample } from '../core/sample.ts';
import { type Finding, severityOf, type VerifyReport } from '../engine/verify-report.ts';
import { documentOf } from './describe-action.ts';
import { countsAsFailure, EXIT, type ExitCode } from './exit-codes.ts';
import { formatBytes, formatCount, printable } from './format.ts';
import type { Printer } from './printer.ts';
import { createProgressView } from './progress-bar.ts';
import { heldDocument, sayLeftovers, sayList } from './report-text.ts';
import type { Session } from './session.ts';
import { withDesk } from './with-desk.ts';

export interface VerifyFlags {
  readonly state?: boolean;
  readonly sample?: string;
}

/** Compares what is remembered with what both sides hold, and says what does not fit. Changes nothing; whoever owns the folder does it between two syncs. */
export async function verifyCommand(session: Session, { state = false, sample }: VerifyFlags): Promise<ExitCode> {
  const { printer, context } = session;
  if (sample !== undefined) return drillCommand(session, sample, state);
  return withDesk(session, 'still', async (desk) => {
    const report = await withProgress(session, desk, () => desk.verify({ content: !state, signal: context.interrupt }));
    const exitCode = exitCodeOfVerdict(report);
    printer.document({ command: 'verify', ok: exitCode === EXIT.inSync, exitCode, ...verdictDocument(report) });
    sayVerdict(printer, report);
    return exitCode;
  });
}

async function withProgress<T>({ printer, context }: Session, desk: PairDesk, work: () => Promise<T>): Promise<T> {
  const view = createProgressView(printer.json ? { ...context.stderr, write: () => undefined } : context.stderr, context.platform.clock);
  const unheard = desk.on('progress', (progress) => view.show(progress));
  try {
    return await work();
  } finally {
    unheard();
    view.clear();
  }
}

/** A restore to nowhere of some files. It writes down what it found, so it takes the folder, or has its owner do it. */
async function drillCommand(session: Session, text: string, state: boolean): Promise<ExitCode> {
  const { printer, context } = session;
  if (state) throw new SyncError('usage', '--sample fetches contents, --state leaves them alone: give one of the two', { hint: 'file-sync verify --help' });
  const sample = parseSample(text);
  if (sample === null) throw new SyncError('usage', '--sample takes a number of files, such as 25, or a part of them, such as 1%', { hint: 'file-sync verify --help' });
  return withDesk(session, 'own', async (desk) => {
    const { files, bytes, passed, failed } = await withProgress(session, desk, () => desk.drill({ sample, signal: context.interrupt }));
    const exitCode = failed.length > 0 ? EXIT.failed : EXIT.inSync;
    printer.document({ command: 'verify', ok: exitCode === EXIT.inSync, exitCode, sample: { files, bytes, passed, failed: failed.map(({ path, why }) => ({ path, why })) } });
    const { red, green } = printer.style;
    sayList(printer, failed, ({ path, why }) => `${red('cannot be brought back')} ${printable(path)}: ${printable(why)}`);
    if (passed > 0) printer.say(`${formatCount(passed, 'file')} changed in the backup meanwhile; nothing is said about them.`);
    if (files + failed.length === 0) printer.say('Nothing is synced yet that could be fetched.');
    else {
      const whole = `${formatCount(files, 'file')} fetched and proven, ${formatBytes(bytes)}`;
      printer.say(failed.length === 0 ? green(`Restore drill passed: ${whole}.`) : `Restore drill failed: ${whole}; ${formatCount(failed.length, 'file')} not.`);
    }
    return exitCode;
  });
}

/** What is left over is harmless: the next sync settles it. */
function exitCodeOfVerdict({ findings, conflicts, held }: VerifyReport): ExitCode {
  if (findings.some(isBad)) return EXIT.failed;
  return conflicts.length + held.length > 0 ? EXIT.waiting : EXIT.inSync;
}

function isBad(finding: Finding): boolean {
  return finding.kind === 'unsyncable' ? countsAsFailure(finding) : severityOf(finding) === 'damage';
}

function verdictDocument({ findings, pending, conflicts, held, ...rest }: VerifyReport): object {
  return {
    ...rest,
    counts: { ...countsOf(findings), pending: pending.length, conflicts: conflicts.length, held: held.reduce((sum, { actions }) => sum + actions.length, 0) },
    findings: findings.map((finding) => ({ severity: severityOf(finding), ...finding })),
    pending: pending.map(documentOf),
    conflicts,
    held: held.map(heldDocument),
  };
}

function countsOf(findings: readonly Finding[]): Record<ReturnType<typeof severityOf>, number> {
  const counts = { damage: 0, leftover: 0, unsyncable: 0 };
  for (const finding of findings) counts[severityOf(finding)]++;
  return counts;
}

function sayVerdict(printer: Printer, report: VerifyReport): void {
  const { checked, content, pending, conflicts, held } = report;
  const { red, yellow, green, dim } = printer.style;
  const paint = { damage: red, leftover: dim, unsyncable: yellow };
  sayList(printer, report.findings, (finding) => describe(finding, paint[severityOf(finding)]));
  sayLeftovers(printer, { failures: [], problems: [], conflicts, held });
  if (pending.length > 0) printer.say(`${formatCount(pending.length, 'pending change')} (file-sync list shows them)`);
  const counts = countsOf(report.findings);
  const looked = `${formatCount(checked.base, 'path')} agreed, ${checked.local.toLocaleString('en-US')} here, ${checked.remote.toLocaleString('en-US')} in the backup, ${content ? 'every content read' : 'contents not read'}`;
  const found = [
    counts.damage > 0 ? red(formatCount(counts.damage, 'content in doubt', 'contents in doubt')) : '',
    counts.unsyncable > 0 ? yellow(`${formatCount(counts.unsyncable, 'path')} left alone`) : '',
    counts.leftover > 0 ? `${formatCount(counts.leftover, 'leftover')} for the next sync` : '',
  ].filter((part) => part !== '');
  printer.say(`${found.length === 0 ? green('Consistent') : found.join(', ')}: ${looked}`);
}

function describe(finding: Finding, paint: (text: string) => string): string {
  const row = (label: string, value: string | null): string => `\n  ${label.padEnd(10)} ${value === null ? '-' : printable(value)}`;
  const { path, base, local, remote, next } = finding;
  return `${paint(wordsOf(finding))} ${printable(path)}${row('agreed', base)}${row('here', local)}${row('backup', remote)}${row('next sync', next)}`;
}

function wordsOf({ kind }: Finding): string {
  switch (kind) {
    case 'local-damaged':
      return 'other content here than was agreed, though its size and times are as recorded:';
    case 'local-changed-unseen':
      return 'changed here without its time of change:';
    case 'remote-damaged':
      return 'damaged in the backup:';
    case 'remote-differs':
      return 'other content in the backup than was agreed, though it is the recorded version:';
    case 'base-damaged':
      return 'remembered wrongly, both sides hold the same:';
    case 'state-damaged':
      return 'damaged:';
    case 'base-orphan':
      return 'remembered, and on neither side:';
    case 'base-missing':
      return 'the same on both sides, and not remembered:';
    case 'base-outdated':
      return 'the same on both sides, and remembered otherwise:';
    case 'base-unsaved':
      return 'not stored as the running engine has it:';
    case 'stale-intent':
      return 'begun and not recorded as done:';
    case 'stale-answer':
      return 'an answer to a conflict that is none any more:';
    case 'leftover-file':
      return 'left over:';
    case 'unsyncable':
      return 'left alone:';
    default:
      return assertNever(kind);
  }
}
