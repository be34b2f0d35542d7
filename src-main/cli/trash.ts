import { SyncError } from '../core/errors.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { TrashItem } from '../local/trash-reader.ts';
import { fromTrash } from '../restore-trash.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { formatBytes, formatCount, printable } from './format.ts';
import { sayList } from './report-text.ts';
import { sayRevised } from './restore.ts';
import { pathArgument, type Session, withPair } from './session.ts';
import { timeWords } from './time-argument.ts';

export interface TrashRestoreFlags {
  readonly batch?: string;
  readonly dryRun?: boolean;
}

export async function trashCommand(session: Session, text: string | undefined): Promise<ExitCode> {
  const { printer } = session;
  return withPair(session, 'look', async ({ trash, source }) => {
    const items = await trash.list(text === undefined ? undefined : pathArgument(session, source, text));
    printer.document({ command: 'trash', ok: true, exitCode: EXIT.inSync, items: items.map(({ atMs, ...item }) => ({ ...item, at: atMs })) });
    sayList(printer, items, ({ path, batch, size, atMs }) => `${atMs === null ? batch : timeWords(atMs)}  ${formatBytes(size)}  ${printable(path)}  ${printer.style.dim(batch)}`);
    const bytes = items.reduce((sum, { size }) => sum + size, 0);
    printer.say(items.length === 0 ? 'The trash is empty.' : `${formatCount(items.length, 'file')}, ${formatBytes(bytes)}. Put one back with: file-sync trash restore PATH`);
    return EXIT.inSync;
  });
}

/** Puts back the latest of each path, or what went at one time. */
export async function trashRestoreCommand(session: Session, text: string, { batch, dryRun = false }: TrashRestoreFlags): Promise<ExitCode> {
  const { context } = session;
  return withPair(session, dryRun ? 'look' : 'own', async ({ trash, reviser, source }) => {
    const path = pathArgument(session, source, text);
    const chosen = latest((await trash.list(path)).filter((item) => batch === undefined || item.batch === batch));
    if (chosen.size === 0)
      throw new SyncError('usage', `nothing of ${printable(path)} is in the trash${batch === undefined ? '' : ` of ${printable(batch)}`}`, { hint: '`file-sync trash` lists it.' });
    const revised = await reviser.revise(fromTrash(trash, chosen.values()), { dryRun, releaseHeld: false, signal: context.interrupt });
    return sayRevised(session, 'trash restore', revised, { dryRun });
  });
}

function latest(items: readonly TrashItem[]): ReadonlyMap<RelPath, TrashItem> {
  const chosen = new Map<RelPath, TrashItem>();
  for (const item of items) if (!chosen.has(item.path)) chosen.set(item.path, item);
  return chosen;
}
