import type { Action, HeldDeletions } from '../core/action.ts';
import { filesHeld } from '../core/burst.ts';
import type { Conflict } from '../core/conflict.ts';
import type { CycleReport } from '../core/events.ts';
import { documentOf, heldHint, heldLine, isVisible, lineOf } from './describe-action.ts';
import { countsAsFailure } from './exit-codes.ts';
import { formatBytes, printable } from './format.ts';
import type { Printer } from './printer.ts';

/** Longer lists are cut for people; --json has them whole. */
const SHOWN = 20;

/** What is left over after a cycle: what failed, what waits and what is left alone, each with its reason. */
export function sayLeftovers(printer: Printer, report: Pick<CycleReport, 'failures' | 'problems' | 'conflicts' | 'held'>): void {
  const { red, yellow, dim } = printer.style;
  const failing = report.problems.filter(countsAsFailure);
  const skipped = report.problems.filter((problem) => !countsAsFailure(problem));
  sayList(printer, report.failures, (f) => `${red('failed')} ${printable(f.path)}: ${printable(f.message)} (${f.code})`);
  sayList(printer, failing, (p) => `${red('cannot sync')} ${printable(p.path)}: ${p.reason}${p.detail === undefined ? '' : `, ${printable(p.detail)}`} (${p.side} side)`);
  sayList(printer, skipped, (p) => `${dim('left out')} ${printable(p.path)}: ${p.reason}${p.detail === undefined ? '' : `, ${printable(p.detail)}`}`);
  sayList(printer, report.conflicts, (c) => `${yellow('two versions')} ${conflictLine(c)}`);
  if (report.conflicts.length > 0) printer.say('  next: file-sync conflicts resolve PATH --keep local|remote|both');
  for (const held of report.held) {
    printer.say(`${yellow('held')} ${heldLine(held)}`);
    sayList(printer, held.actions, (action) => `    ${printable(action.path)}`);
  }
  if (report.held.length > 0) printer.say(`  next: ${heldHint(report.held)}`);
}

/** Item by item, the first so many of them. */
export function sayList<T>(printer: Printer, items: readonly T[], line: (item: T) => string): void {
  for (const item of items.slice(0, SHOWN)) printer.say(line(item));
  if (items.length > SHOWN) printer.say(`  and ${items.length - SHOWN} more; --json lists all`);
}

export function sayPlanned(printer: Printer, planned: readonly Action[]): void {
  for (const action of planned) if (isVisible(action)) printer.say(lineOf(action, 'verb'));
}

export function conflictLine({ path, local, remote, remoteDevice }: Conflict): string {
  const side = (entry: Conflict['local']): string =>
    entry.kind === 'file' ? `${formatBytes(entry.size)}, modified ${new Date(Number(entry.mtimeNs / 1_000_000n)).toISOString()}` : entry.kind;
  return `${printable(path)}: here ${side(local)}; in the backup ${side(remote)}${remoteDevice === null ? '' : ` by ${printable(remoteDevice)}`}`;
}

/** A cycle's report in a JSON document. */
export function reportDocument(report: CycleReport): object {
  const { planned, held, ...rest } = report;
  return {
    ...rest,
    held: held.map(heldDocument),
    planned: planned.filter(isVisible).map(documentOf),
  };
}

export function heldDocument(held: HeldDeletions): object {
  const { side, why, actions } = held;
  return { side, why, files: filesHeld(held), paths: actions.map((action) => action.path) };
}

/** What was done, counted by what it was: "2 uploaded, 1 deleted here". */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(action: Action, past: string): void {
    if (isVisible(action)) this.#counts.set(past, (this.#counts.get(past) ?? 0) + 1);
  }

  toString(): string {
    return [...this.#counts].map(([past, count]) => `${count.toLocaleString('en-US')} ${past.replace(/ of$/, '')}`).join(', ');
  }

  toDocument(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}
