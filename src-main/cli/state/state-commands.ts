import { dirname, resolve } from 'node:path';
import { hasCode, SyncError } from '../../core/errors.ts';
import type { Fs } from '../../platform/fs.ts';
import { readText } from '../../platform/text-file.ts';
import type { CliCommand } from '../cli-command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { formatCount, printable } from '../format.ts';
import type { AddCommand, Runner } from '../keys-program.ts';
import { sayList } from '../report-text.ts';
import { type Session, withPair } from '../session.ts';
import { LONGEST_STATE, readState, STATE_FILE, stateText } from './state-file.ts';

export function addStateCommands(program: CliCommand, command: AddCommand, run: Runner): void {
  const state = command(program, 'state', 'What is remembered of the folder, as a file.', ['file-sync state export', 'file-sync state import .sync_state.json --dry-run']);
  command(state, 'export [file]', 'Write checksums, times of the last syncs, pending transfers and conflicts into a JSON file (default: .sync_state.json).', [
    'file-sync state export',
    'file-sync state export ~/documents-state.json --force',
  ])
    .option('--force', 'replace a file that is there')
    .action((file: string | undefined, flags: { readonly force?: boolean }) => run('state export', (session) => exportCommand(session, file ?? STATE_FILE, flags.force ?? false)));
  command(
    state,
    'import <file>',
    'Take over what an exported state remembers, for a folder whose own state is lost or new: what changed on one side since is then an edit or a deletion, not a conflict.',
    ['file-sync state import .sync_state.json --dry-run', 'file-sync state import ~/documents-state.json'],
  )
    .option('--dry-run', 'show what would be taken over and do nothing')
    .action((file: string, flags: { readonly dryRun?: boolean }) => run('state import', (session) => importStateCommand(session, file, flags.dryRun ?? false)));
}

/** Looks at both sides, so that what is pending is what is pending now; changes nothing and needs no lock. */
async function exportCommand(session: Session, name: string, force: boolean): Promise<ExitCode> {
  const { context, printer } = session;
  const { fs, clock } = context.platform;
  const file = resolve(context.cwd, name);
  if (!force && (await fs.lstat(file)) !== null) throw new SyncError('usage', `${file} is already there`, { path: file, hint: 'Replace it with --force, or name another.' });
  if ((await fs.lstat(dirname(file))) === null) throw new SyncError('usage', `there is no folder ${dirname(file)}`, { path: file, hint: 'Create it, or name a file elsewhere.' });
  return withPair(session, 'look', async ({ engine, book }) => {
    const { planned } = await engine.syncAll({ dryRun: true, signal: context.interrupt });
    const [status, agreed] = [engine.status(), book.agreed()];
    await writePieces(fs, file, stateText({ exportedAt: new Date(clock.now()).toISOString(), status, agreed, pending: planned }));
    printer.document({ command: 'state export', ok: true, exitCode: EXIT.inSync, file, paths: agreed.size, conflicts: status.conflicts.length });
    printer.say(`Wrote ${printable(file)}: ${formatCount(agreed.size, 'path')} that both sides agree on.`);
    return EXIT.inSync;
  });
}

/** For this user alone: names of files may be nobody else's business. Readers see the old file or the whole new one. */
async function writePieces(fs: Fs, file: string, pieces: Iterable<string>): Promise<void> {
  const temporary = `${file}.new`;
  if ((await fs.lstat(temporary)) !== null) await fs.unlink(temporary);
  const handle = await fs.create(temporary, 0o600);
  try {
    for (const piece of pieces) await handle.write(new TextEncoder().encode(piece));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await fs.rename(temporary, file);
}

async function importStateCommand(session: Session, name: string, dryRun: boolean): Promise<ExitCode> {
  const { context, printer } = session;
  const file = resolve(context.cwd, name);
  const remembered = readState(await textOf(context.platform.fs, file), file);
  return withPair(session, dryRun ? 'look' : 'own', async ({ book }) => {
    const { adopted, known, passed } = await book.adopt(remembered, { dryRun, signal: context.interrupt });
    printer.document({ command: 'state import', ok: true, exitCode: EXIT.inSync, dryRun, file, adopted, known, passed });
    sayList(printer, passed, (path) => `passed over ${printable(path)}: neither side holds what was remembered`);
    printer.say(`${formatCount(adopted, 'path')} ${dryRun ? 'would be taken over' : 'taken over'}, ${known} known already, ${passed.length} passed over.`);
    printer.say(dryRun ? 'This was a dry run: nothing was changed.' : 'Next: `file-sync sync --dry-run` shows what follows from it.');
    return EXIT.inSync;
  });
}

async function textOf(fs: Fs, file: string): Promise<string> {
  try {
    return await readText(fs, await fs.realPath(file), LONGEST_STATE);
  } catch (error) {
    if (!hasCode(error, 'not-found')) throw error;
    throw new SyncError('usage', `there is no file ${file}`, { path: file, hint: '`file-sync state export` writes one.' });
  }
}
