import { EXIT, type ExitCode } from './exit-codes.ts';
import { formatBytes, formatCount, printable } from './format.ts';
import { sayList } from './report-text.ts';
import { restoreInPlace, sayRevised } from './restore.ts';
import { pathArgument, type Session, withPair } from './session.ts';
import { timeWords } from './time-argument.ts';
import { withDesk } from './with-desk.ts';

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
  return withDesk(session, dryRun ? 'look' : 'own', async (desk) => {
    const what = { kind: 'trash', path: pathArgument(session, desk.source, text), batch: batch ?? null } as const;
    return sayRevised(session, 'trash restore', await restoreInPlace(session, desk, { what, dryRun, releaseHeld: false }), { dryRun });
  });
}
