import { resolve } from 'node:path';
import type { Backend } from '../backends/backend.ts';
import { vaultBackend } from '../backends/wrap/vault-backend.ts';
import { bandwidthOf } from '../compose/bandwidth.ts';
import { isSynced, restoreElsewhere } from '../compose/restore-elsewhere.ts';
import { passingNotes } from '../compose/store.ts';
import { PairVault } from '../compose/vault.ts';
import type { PairDesk } from '../control/pair-desk.ts';
import type { RestoreDone, RestoreRequest } from '../control/restore-request.ts';
import { SyncError } from '../core/errors.ts';
import type { Progress } from '../core/events.ts';
import { parseRelPath, type RelPath } from '../core/rel-path.ts';
import type { Change } from '../core/revision.ts';
import { lifeById } from '../engine/life-by-id.ts';
import { nothingThen, type PastTree, readPastTree } from '../engine/restore.ts';
import type { SkippedPath } from '../engine/sync-manager.ts';
import type { Past } from '../remote/history/past.ts';
import { openPast } from '../remote/history/past-on-backend.ts';
import type { Config } from '../settings/settings.ts';
import { EXIT, type ExitCode, exitCodeOf } from './exit-codes.ts';
import { formatCount, printable } from './format.ts';
import { createProgressView, type ProgressView } from './progress-bar.ts';
import { reportDocument, sayLeftovers, sayList } from './report-text.ts';
import { loadConfig, pathArgument, type Session } from './session.ts';
import { timeArgument, timeWords } from './time-argument.ts';
import { withDesk } from './with-desk.ts';

export interface RestoreFlags {
  readonly date?: string;
  readonly id?: string;
  readonly path?: string;
  readonly to?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** Brings back what was. In place what gives way is kept, and the whole can be undone like any sync. */
export async function restoreCommand(session: Session, given: string | undefined, flags: RestoreFlags): Promise<ExitCode> {
  const { date, id: version, to } = flags;
  if ((date === undefined) === (version === undefined)) throw new SyncError('usage', 'restore takes either --date or --version', { hint: 'file-sync restore --help' });
  if (given !== undefined && flags.path !== undefined) throw new SyncError('usage', 'the path is named twice', { hint: 'Give it once.' });
  const text = given ?? flags.path;
  if (version !== undefined && text === undefined) throw new SyncError('usage', '--version needs the path of the file', { hint: 'file-sync restore PATH --version ID' });
  return to === undefined ? inPlace(session, text, flags) : elsewhere(session, text, to, flags);
}

/** The instant meant, said out loud. */
async function instant({ printer }: Session, text: string, storeNow: number): Promise<number> {
  const atMs = timeArgument(text, storeNow, '--date');
  printer.say(`As of ${timeWords(atMs)}, by the store's clock.`);
  if (atMs > storeNow + 2_000) throw new SyncError('usage', `${timeWords(atMs)} lies in the future`, { hint: `By the store's clock it is ${timeWords(storeNow)} now.` });
  return atMs;
}

async function inPlace(session: Session, text: string | undefined, { date, id: version = '', dryRun = false, yes = false }: RestoreFlags): Promise<ExitCode> {
  return withDesk(session, dryRun ? 'look' : 'own', async (desk) => {
    const path = text === undefined ? null : pathArgument(session, desk.source, text);
    const atMs = date === undefined ? null : await instant(session, date, await desk.storeNow());
    const what = atMs === null ? ({ kind: 'version', path: path as RelPath, id: version } as const) : ({ kind: 'time', atMs, path } as const);
    return sayRevised(session, 'restore', await restoreInPlace(session, desk, { what, dryRun, releaseHeld: yes }), { dryRun, at: atMs, to: null });
  });
}

/** Has the desk do it, and shows how it goes. */
export async function restoreInPlace(session: Session, desk: PairDesk, request: RestoreRequest): Promise<RestoreDone> {
  const view = terminalView(session);
  const unheard = desk.on('progress', (progress) => view.show(progress));
  try {
    return await desk.restore(request, { signal: session.context.interrupt });
  } finally {
    unheard();
    view.clear();
  }
}

/** Progress for who sits in front of it; elsewhere the result is all there is to say. */
function terminalView({ printer, context }: Session): ProgressView {
  const isWatched = context.stderr.isTTY && !printer.json;
  return isWatched ? createProgressView(context.stderr, context.platform.clock) : { show: () => undefined, clear: () => undefined };
}

/** What a revision of the folder did, for people and programs. */
export function sayRevised({ printer }: Session, command: string, revised: RestoreDone, more: { readonly dryRun: boolean } & Readonly<Record<string, unknown>>): ExitCode {
  const { planned, done, left, held, report, again } = revised;
  const after = report === null ? EXIT.inSync : exitCodeOf(report);
  const exitCode = held !== null ? EXIT.waiting : left.length > 0 ? EXIT.failed : after;
  printer.document({
    command,
    ok: exitCode === EXIT.inSync,
    exitCode,
    ...more,
    planned: [...planned.map(changeDocument), ...again.map((path) => ({ kind: 'send', path }))],
    done: held === null && !more.dryRun ? done.length + again.length : 0,
    left,
    held,
    sync: report === null ? null : reportDocument(report),
  });
  const { yellow, green } = printer.style;
  const plan = [...planned.map(changeWords), ...again.map((path) => `send ${printable(path)} again`)];
  if (more.dryRun || held !== null) for (const line of plan) printer.say(line);
  sayLeft({ printer }, left);
  if (report !== null) sayLeftovers(printer, report);
  if (held !== null) printer.say(`${yellow('held')} ${formatCount(held, 'file')} would go, which is unusually many. Nothing was changed. If it is meant: --yes`);
  else if (more.dryRun) printer.say(plan.length === 0 ? 'Nothing to do.' : `${plan.length} to do. This was a dry run: nothing was changed.`);
  else {
    const count = done.length + again.length;
    printer.say(count === 0 ? 'Nothing to do: it is so already.' : green(`${formatCount(count, 'change')} done and synced.`));
  }
  return exitCode;
}

function sayLeft({ printer }: Pick<Session, 'printer'>, left: readonly SkippedPath[]): void {
  sayList(printer, left, ({ path, why }) => `${printer.style.yellow('left')} ${printable(path)}: ${printable(why)}`);
}

export function changeDocument(change: Change): object {
  const { kind, path } = change;
  return { kind, path, ...('to' in change ? { to: change.to } : {}), ...('entry' in change && change.entry.kind === 'file' ? { size: change.entry.size } : {}) };
}

function changeWords(change: Change): string {
  switch (change.kind) {
    case 'remove':
    case 'remove-folder':
      return `remove ${printable(change.path)}`;
    case 'make-folder':
      return `make folder ${printable(change.path)}`;
    case 'move':
      return `rename ${printable(change.path)} to ${printable(change.to)}`;
    case 'write':
      return `${change.replaces === null ? 'bring back' : 'replace'} ${printable(change.path)}`;
    case 'set-mode':
      return `set the bits of ${printable(change.path)} to ${change.mode.toString(8)}`;
  }
}

/** Needs the store and nothing else: no synced folder, no state, no lock. */
async function elsewhere(session: Session, text: string | undefined, to: string, flags: RestoreFlags): Promise<ExitCode> {
  const { context } = session;
  const { platform } = context;
  const folder = resolve(context.cwd, to);
  // On a fresh machine there is no synced folder to name.
  const config = await loadConfig({ ...session, globals: { ...session.globals, source: session.globals.source ?? folder } });
  if (await isSynced(platform, folder))
    throw new SyncError('usage', `${to} is a synced folder or a backup`, { hint: 'Choose a folder of its own, or leave --to out to restore in place.' });
  const closers: (() => Promise<void>)[] = [];
  try {
    const store = await context.stores.open(config.backend, { client: platform.random.id(), bandwidth: bandwidthOf(config, platform.clock, closers) });
    return await bringBack(session, store, { config, folder, text, flags });
  } finally {
    for (const close of closers) await close();
  }
}

interface Elsewhere {
  readonly config: Config;
  readonly folder: string;
  readonly text: string | undefined;
  readonly flags: RestoreFlags;
}

/** Closes the store at the end. */
async function bringBack(session: Session, store: Backend, { config, folder, text, flags: { date, id: version = '', dryRun = false } }: Elsewhere): Promise<ExitCode> {
  const { printer, context } = session;
  const { platform, interrupt: signal } = context;
  const vault = new PairVault({
    ...platform,
    store,
    notes: passingNotes(),
    keychain: context.keychain,
    wish: config.vault ?? { encryption: false, compression: false, hideNames: false },
    given: config.vaultSecret,
  });
  const backend = vaultBackend(store, (options) => vault.open(options));
  const view = terminalView(session);
  try {
    if ((await vault.read({ signal })) === null)
      throw new SyncError('remote-missing', `${backend.id} holds no vault of File Sync`, { hint: 'Check the settings of the store: folder, bucket, prefix.' });
    const past = openPast({ backend, newHasher: platform.newHasher });
    const scope = text === undefined ? null : scopeOf(text);
    const atMs = date === undefined ? null : await instant(session, date, await (backend.now?.({ signal }) ?? platform.clock.now()));
    const tree =
      atMs === null
        ? await treeOfVersion(past, scope as RelPath, version, signal)
        : await readPastTree(past, { atMs, scope, signal, onProgress: ({ paths }) => view.show(looking(paths)) });
    if (tree.entries.size === 0 && tree.lost.length === 0) throw nothingThen(scope);
    const { planned, done, left, cut } = await restoreElsewhere(past, platform, { tree, folder, dryRun, signal, onProgress: (progress) => view.show(progress) });
    view.clear();
    if (cut !== null) throw cut;
    const doubts = [...tree.unsure].map((path) => ({ path, why: 'it is not certain that this was there then' }));
    const exitCode = left.length > 0 ? EXIT.failed : EXIT.inSync;
    printer.document({
      command: 'restore',
      ok: exitCode === EXIT.inSync,
      exitCode,
      dryRun,
      at: atMs,
      to: folder,
      planned: planned.map(changeDocument),
      done: done.length,
      left,
      unsure: [...tree.unsure],
      held: null,
    });
    if (dryRun) for (const change of planned) printer.say(changeWords(change));
    sayLeft(session, [...left, ...doubts]);
    const files = (dryRun ? planned : done).filter(({ kind }) => kind === 'write').length;
    printer.say(
      dryRun
        ? `${formatCount(files, 'file')} to bring back into ${folder}. This was a dry run: nothing was changed.`
        : `${formatCount(files, 'file')} brought back into ${folder}, each proven by its SHA-256.`,
    );
    return exitCode;
  } finally {
    view.clear();
    await backend.close();
  }
}

function looking(paths: number): Progress {
  return { phase: 'looking', done: paths, total: 0, bytes: 0, totalBytes: 0, rate: null, etaSeconds: null, inFlight: [] };
}

async function treeOfVersion(past: Past, path: RelPath, id: string, signal: AbortSignal): Promise<PastTree> {
  const { found } = await lifeById(past, path, id, signal);
  const entries: PastTree['entries'] = new Map([[path, found.entry]]);
  return { entries, bytes: new Map(found.bytes === null ? [] : [[path, found.bytes]]), lost: [], unsure: new Set() };
}

function scopeOf(text: string): RelPath {
  const parsed = parseRelPath(text.replaceAll('\\', '/').replace(/\/+$/, ''));
  if ('fault' in parsed) throw new SyncError('usage', `${text} does not name a file or folder of the vault`, { hint: 'Give a path relative to the synced folder.' });
  return parsed.path;
}
