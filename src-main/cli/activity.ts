import { SyncError } from '../core/errors.ts';
import type { PairEngine } from '../engine/sync-manager.ts';
import type { ActivityQuery, ActivityRecord } from '../state/state-store.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { formatBytes, printable } from './format.ts';
import { pathArgument, type Session, withPair } from './session.ts';
import { timeArgument } from './time-argument.ts';

export interface ActivityFlags {
  readonly since?: string;
  readonly path?: string;
  readonly limit: string;
  readonly follow?: boolean;
}

export const DEFAULT_LIMIT = '50';
const FOLLOW_MS = 1000;

/** What happened, oldest first. Looks only, also while another engine is at work. */
export async function activityCommand(session: Session, { since, path, limit, follow = false }: ActivityFlags): Promise<ExitCode> {
  if (!/^[1-9]\d{0,6}$/.test(limit)) throw new SyncError('usage', `--limit takes a whole number from 1 on, not ${limit}`, { hint: `Left out, it is ${DEFAULT_LIMIT}.` });
  const { printer, context } = session;
  const from = since === undefined ? undefined : timeArgument(since, context.platform.clock.now(), '--since');
  return withPair(session, 'look', async ({ engine, source }) => {
    const query: ActivityQuery = {
      limit: Number(limit),
      ...(path === undefined ? {} : { below: pathArgument(session, source, path) }),
      ...(from === undefined ? {} : { since: from }),
    };
    const records = (await engine.activity(query)).toReversed();
    for (const record of records) printer.say(lineOf(printer, record));
    if (follow) return followOn(session, engine, query, records);
    printer.document({ command: 'activity', ok: true, exitCode: EXIT.inSync, activity: records });
    if (records.length === 0) printer.say('Nothing happened.');
    return EXIT.inSync;
  });
}

/** Goes on with what comes, until interrupted; with --json a document a line. */
async function followOn({ printer, context }: Session, engine: PairEngine, query: ActivityQuery, before: readonly ActivityRecord[]): Promise<ExitCode> {
  const { clock } = context.platform;
  for (const record of before) printer.document({ event: 'activity', ...record });
  let last = before.at(-1)?.at ?? clock.now();
  /** Those of the last instant that are told already: others may have come in the same one. */
  let told = new Set(before.filter(({ at }) => at === last).map(keyOf));
  while (!context.interrupt.aborted) {
    await clock.sleep(FOLLOW_MS, context.interrupt).catch(() => undefined);
    const news = (await engine.activity({ ...query, limit: 10_000, since: last })).filter((record) => !told.has(keyOf(record))).toReversed();
    for (const record of news) {
      printer.say(lineOf(printer, record));
      printer.document({ event: 'activity', ...record });
    }
    const newest = news.at(-1)?.at ?? last;
    told = new Set([...(newest === last ? told : []), ...news.filter(({ at }) => at === newest).map(keyOf)]);
    last = newest;
  }
  return EXIT.interrupted;
}

function keyOf({ at, cycle, path, what, outcome }: ActivityRecord): string {
  return JSON.stringify([at, cycle, path, what, outcome]);
}

function lineOf({ style }: Session['printer'], { at, what, path, to, outcome, reason, bytes, tries }: ActivityRecord): string {
  const names = to === null ? printable(path) : `${printable(path)} -> ${printable(to)}`;
  const size = bytes > 0 ? ` (${formatBytes(bytes)})` : '';
  const end =
    outcome === 'done' ? '' : outcome === 'failed' ? ` ${style.red('failed')}${tries === undefined ? '' : ` (tried ${tries} times)`}` : ` ${style.yellow('changed meanwhile')}`;
  return `${style.dim(new Date(at).toISOString())} ${what} ${names}${size}${end}: ${printable(reason)}`;
}
