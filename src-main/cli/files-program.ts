import { type CliCommand, wordOption } from './cli-command.ts';
import { type DecryptFlags, decryptCommand } from './decrypt.ts';
import { type EncryptFlags, encryptCommand } from './encrypt.ts';
import type { AddCommand, Runner } from './keys-program.ts';

/** `encrypt` and `decrypt`: files by themselves, and a vault without its store. */
export function addFileCommands(program: CliCommand, command: AddCommand, run: Runner): void {
  command(program, 'encrypt <file...>', 'Encrypt single files with a key of yours, each into FILE.enc; the originals stay.', [
    'file-sync encrypt secret.txt',
    'file-sync encrypt --out /media/usb *.pdf',
  ])
    .option('--out <dir>', 'where the results go (default: beside the file)')
    .option('--compress', 'compress what shrinks')
    .addOption(wordOption('--level <level>', 'how hard --compress does it: 1 quick, 9 small (default: 3)', ['1', '2', '3', '4', '5', '6', '7', '8', '9']))
    .option('--force', 'replace results that are there')
    .option('--remember', 'keep the key in the keychain of this device')
    .action((files: string[], flags: EncryptFlags) => run('encrypt', (session) => encryptCommand(session, files, flags)));

  command(program, 'decrypt [file...]', 'Decrypt FILE.enc, single objects of a vault, or a whole copy of its storage; offline, with a key alone.', [
    'file-sync decrypt secret.txt.enc',
    'file-sync decrypt --tree downloaded-bucket --out rescued',
    'file-sync decrypt --tree /media/usb/backup --out rescued --versions',
    'file-sync decrypt object --vault vault-copy.json --out rescued',
  ])
    .option('--tree <dir>', 'a downloaded bucket or a backup folder; everything in it is decrypted')
    .option('--out <dir>', 'where the results go')
    .option('--vault <file>', "the vault's vault.json, or a copy of it (default: the one that lies with the objects)")
    .option('--versions', 'with --tree: kept versions too')
    .option('--force', 'replace results that are there (not with --tree)')
    .option('--remember', 'keep the key of single files in the keychain of this device')
    .action((files: string[], flags: DecryptFlags) => run('decrypt', (session) => decryptCommand(session, files, flags)));
}
