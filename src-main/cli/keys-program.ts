import { Argument } from 'commander';
import { SECRET_KINDS } from '../codec/vault-secret.ts';
import type { CliCommand } from './cli-command.ts';
import type { ExitCode } from './exit-codes.ts';
import { keysCommand } from './keys.ts';
import { type AddFlags, addKeyCommand, changeKeyCommand, forgetCommand, rememberCommand, removeKeyCommand, sheetCommand } from './keys-change.ts';
import { restoreCopyCommand, saveCopyCommand } from './keys-copy.ts';
import { type ReEncryptFlags, reEncryptCommand } from './keys-reencrypt.ts';
import { type RotateFlags, rotateCommand } from './keys-rotate.ts';
import { type SwitchFlags, switchCommand } from './keys-switch.ts';
import type { Session } from './session.ts';

/** Adds a command with its examples. */
export type AddCommand = (parent: CliCommand, usage: string, description: string, examples: readonly string[]) => CliCommand;
export type Runner = (name: string, run: (session: Session) => Promise<ExitCode>) => Promise<void>;

/** `file-sync keys …`: whatever opens an encrypted vault. */
export function addKeysCommands(program: CliCommand, command: AddCommand, run: Runner): void {
  const keys = command(program, 'keys', 'What opens the encrypted vault: passphrases, keys, recovery words, and the epochs its files are under.', [
    'file-sync keys',
    'file-sync keys add passphrase',
    'file-sync keys sheet --out ~/recovery-sheet.html',
  ]).action(() => run('keys', keysCommand));

  command(keys, 'add', 'Add a secret that opens the vault: passphrase, key or recovery.', [
    'file-sync keys add passphrase --label "my laptop"',
    'file-sync keys add key --out ~/server.key',
    'NEW_ENCRYPTION_KEY="passphrase:..." file-sync keys add passphrase   # where nobody can type',
  ])
    .addArgument(kindArgument())
    .option('--label <text>', 'what the list calls it')
    .option('--out <file>', 'where a new key, or the sheet of a recovery key, is written (for you alone)')
    .action((kind: string, flags: AddFlags) => run('keys add', (session) => addKeyCommand(session, kind, flags)));

  command(keys, 'change [id]', 'Replace a secret, by default the one in use here: the old one opens the vault no more.', [
    'file-sync keys change',
    'file-sync keys change 1a2b3c4d --out ~/new.key',
  ])
    .option('--label <text>', 'what the list calls it')
    .option('--out <file>', 'where a new key or recovery sheet is written')
    .action((id: string | undefined, flags: AddFlags) => run('keys change', (session) => changeKeyCommand(session, id, flags)));

  command(keys, 'remove <id>', 'Remove a secret: it opens the vault no more.', ['file-sync keys remove 1a2b3c4d'])
    .option('--yes', 'do not ask')
    .action((id: string, flags: { yes?: boolean }) => run('keys remove', (session) => removeKeyCommand(session, id, flags)));

  command(keys, 'rotate', 'Start a new epoch: what is written from now on is under a new key.', [
    'file-sync keys rotate',
    'file-sync keys rotate --revoke --reencrypt   # somebody must be shut out',
  ])
    .option('--revoke', 'also under a new vault key: only the secret in use here opens the vault from now on')
    .option('--reencrypt', 'also write everything that is there again, under the new key')
    .option('--yes', 'do not ask')
    .action((flags: RotateFlags) => run('keys rotate', (session) => rotateCommand(session, flags)));

  command(keys, 'reencrypt', 'Write what is under an old epoch again under the newest, then retire the old ones; goes on where it was cut off.', [
    'file-sync keys reencrypt --dry-run',
    'file-sync keys reencrypt',
  ])
    .option('--dry-run', 'only say how much there is to look at')
    .option('--retire-now', 'do not wait a day for devices that may still be sending under an old key')
    .option('--yes', 'do not ask')
    .action((flags: ReEncryptFlags) => run('keys reencrypt', (session) => reEncryptCommand(session, flags)));

  command(keys, 'switch', 'Switch a vault in use to encryption, compression or hidden names while devices sync; goes on where it was cut off.', [
    'file-sync keys switch --encrypt --compress --encrypt-names --dry-run',
    'file-sync keys switch --encrypt --compress --encrypt-names',
    'file-sync keys switch   # go on, or end it a day later',
  ])
    .option('--encrypt', 'nobody reads the files without the secret')
    .option('--compress', 'files take less room')
    .option('--encrypt-names', 'nobody reads names of files and folders either')
    .option('--secret <kind>', 'what is to open it where ENCRYPTION_KEY is not set: passphrase (typed) or key (made)')
    .option('--out <file>', 'where a new key is written (for you alone)')
    .option('--dry-run', 'only say what would happen, and how much there is to do')
    .option('--finish-now', 'do not wait a day for devices that have not heard of it yet')
    .option('--yes', 'do not ask')
    .action((flags: SwitchFlags) => run('keys switch', (session) => switchCommand(session, flags)));

  command(keys, 'sheet', 'Write a recovery sheet to print: 24 words and a QR code that open the vault when all else is lost.', [
    'file-sync keys sheet --out ~/recovery-sheet.html --name "Family photos"',
  ])
    .requiredOption('--out <file>', 'the HTML file to write (for you alone)')
    .option('--name <text>', 'what the sheet calls the vault')
    .option('--label <text>', 'what the list calls it')
    .option('--replace', 'earlier recovery words open the vault no more')
    .action((flags: AddFlags & { out: string; replace?: boolean }) => run('keys sheet', (session) => sheetCommand(session, flags)));

  command(keys, 'remember', "Keep the secret in this device's keychain.", ['file-sync keys remember']).action(() => run('keys remember', rememberCommand));
  command(keys, 'forget', "Take the secret out of this device's keychain.", ['file-sync keys forget']).action(() => run('keys forget', forgetCommand));

  command(keys, 'save', 'Write a copy of vault.json, which every secret needs.', ['file-sync keys save --out ~/vault-copy.json'])
    .requiredOption('--out <file>', 'the file to write')
    .action((flags: { out: string }) => run('keys save', (session) => saveCopyCommand(session, flags)));
  command(keys, 'restore [copy]', 'Put vault.json back where it was lost, damaged or replaced: a copy, or as this device last opened it.', [
    'file-sync keys restore',
    'file-sync keys restore ~/vault-copy.json',
  ])
    .option('--yes', 'do not ask')
    .action((copy: string | undefined, flags: { yes?: boolean }) => run('keys restore', (session) => restoreCopyCommand(session, copy, flags)));
}

function kindArgument(): Argument {
  const argument = new Argument('<kind>', 'of secret');
  argument.argChoices = [...SECRET_KINDS];
  return argument;
}
