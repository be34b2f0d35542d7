import type { CliCommand } from './cli-command.ts';
import { type HeldRestoreFlags, heldCommand, heldRestoreCommand } from './held.ts';
import type { AddCommand, Runner } from './keys-program.ts';
import { type RestoreFlags, restoreCommand } from './restore.ts';
import { type TrashRestoreFlags, trashCommand, trashRestoreCommand } from './trash.ts';
import { type UndoFlags, undoCommand } from './undo.ts';
import { versionsCommand } from './versions.ts';

/** What was: kept versions, restores, the trash. */
export function addHistoryCommands(program: CliCommand, command: AddCommand, run: Runner): void {
  command(program, 'versions <path>', 'What is kept of a file: when, how large, by whom, and what ended it.', [
    'file-sync versions report.docx',
    'file-sync versions photos/cat.jpg --json',
  ]).action((path: string) => run('versions', (session) => versionsCommand(session, path)));

  command(program, 'restore [path]', 'Bring back the folder, or a file or folder in it, as it was at a time; in place as an ordinary sync, or into a folder of its own.', [
    'file-sync restore --date 2024-01-15 --dry-run            # what would change',
    'file-sync restore --date "2 hours ago" --path reports    # only this folder, in place',
    'file-sync restore --date 2024-01-15T10:30 --to ~/then    # into another folder',
    'file-sync restore report.docx --version 1705312800000    # one version, by its beginning in `file-sync versions`',
  ])
    .option('--date <time>', 'as it was then: 2024-01-15, 2024-01-15T10:30, with Z or +02:00; or 2h, 3d, yesterday')
    .option('--id <version>', 'this version of the file at PATH; --version does the same')
    .option('--path <path>', 'only this file or folder, relative to the synced folder')
    .option('--to <dir>', 'write it into this folder instead; what is there already stays')
    .option('--dry-run', 'show what would be done and do nothing')
    .option('--yes', 'go on although unusually many files would go')
    .action((path: string | undefined, flags: RestoreFlags) => run('restore', (session) => restoreCommand(session, path, flags)));

  command(program, 'undo', 'Take back what the last sync changed, here and in the backup; what has changed since stays.', [
    'file-sync undo --dry-run',
    'file-sync undo --list     # the runs that can be undone',
    'file-sync undo --run 2    # the one before the last',
  ])
    .option('--run <number>', 'which run: 1 is the last (default: 1)')
    .option('--list', 'list the runs that can be undone, and do nothing')
    .option('--dry-run', 'show what would be done and do nothing')
    .option('--yes', 'go on although unusually many files would go')
    .action((flags: UndoFlags) => run('undo', (session) => undoCommand(session, flags)));

  const held = command(program, 'held', 'Deletions and rewrites that wait for your word because they are unusually many.', ['file-sync held']).action(() =>
    run('held', heldCommand),
  );
  command(held, 'restore', 'Bring back what is held: files that went or were rewritten here, and files that went elsewhere; what took their place goes to the trash.', [
    'file-sync held restore --dry-run    # what would change',
    'file-sync held restore',
  ])
    .option('--dry-run', 'show what would be done and do nothing')
    .option('--yes', 'go on although unusually many files would go')
    .action((flags: HeldRestoreFlags) => run('held restore', (session) => heldRestoreCommand(session, flags)));

  const trash = command(program, 'trash [path]', 'What changes from elsewhere replaced or removed in this folder, and when.', [
    'file-sync trash',
    'file-sync trash reports',
  ]).action((path: string | undefined) => run('trash', (session) => trashCommand(session, path)));
  command(trash, 'restore <path>', 'Put a file, or all files of a folder, back from the trash; what is there now goes to the trash.', [
    'file-sync trash restore report.docx',
    'file-sync trash restore reports --batch 2026-11-23T05-45-03Z',
  ])
    .option('--batch <time>', 'what went then, instead of the latest')
    .option('--dry-run', 'show what would be done and do nothing')
    .action((path: string, flags: TrashRestoreFlags) => run('trash restore', (session) => trashRestoreCommand(session, path, flags)));
}
