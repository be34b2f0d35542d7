import { CommanderError, InvalidArgumentError } from 'commander';
import { CONFLICT_POLICIES } from '../core/conflict.ts';
import { SyncError } from '../core/errors.ts';
import { LOG_LEVELS } from '../core/setting-limits.ts';
import { S3_PRESET_IDS } from '../settings/s3-presets.ts';
import { type AcceptRestoredFlags, acceptRestoredCommand } from './accept-restored.ts';
import { type ActivityFlags, activityCommand, DEFAULT_LIMIT } from './activity.ts';
import { catalogueOf } from './catalogue.ts';
import { CliCommand, wordArgument, wordOption } from './cli-command.ts';
import { completionCommand, SHELLS } from './completion.ts';
import { addConfigCommands } from './config/config-program.ts';
import { conflictsCommand, resolveCommand } from './conflicts.ts';
import type { CliContext, Output } from './context.ts';
import { doctorCommand } from './doctor.ts';
import { asSyncError, describeError, errorDocument } from './error-text.ts';
import { EXIT, type ExitCode, exitCodeOfError } from './exit-codes.ts';
import { addFileCommands } from './files-program.ts';
import { addHistoryCommands } from './history-program.ts';
import { type InitFlags, initCommand } from './init.ts';
import { type AddCommand, addKeysCommands, type Runner } from './keys-program.ts';
import { listCommand } from './list.ts';
import { pauseCommand, resumeCommand } from './pause.ts';
import { createPrinter } from './printer.ts';
import { addServiceCommands } from './service/service-program.ts';
import { type GlobalOptions, isDebugging, type Session } from './session.ts';
import { addStateCommands } from './state/state-commands.ts';
import { statusCommand } from './status.ts';
import { type SyncFlags, syncCommand } from './sync.ts';
import { type VerifyFlags, verifyCommand } from './verify.ts';
import { type VerifyBackendFlags, verifyBackendCommand } from './verify-backend.ts';
import { type WatchFlags, watchCommand } from './watch.ts';
import { whyCommand } from './why.ts';

const EXIT_HELP = `
Exit codes:
  0 in sync   1 some paths failed   2 wrong usage or settings   3 waiting for you (conflicts, held changes)
  4 the backup cannot be reached or refuses   5 another File Sync owns the folder   130 interrupted`;

/** Runs one command line and resolves to its exit code. Never throws, never exits. */
export async function runCli(argv: readonly string[], context: CliContext): Promise<number> {
  let exitCode: ExitCode = EXIT.inSync;
  const program = buildProgram(context, async (name, run) => {
    exitCode = await guarded(name, sessionOf(program, context), run);
  });
  try {
    await program.parseAsync(asTheParserReads(program, argv), { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) return guarded('file-sync', sessionOf(program, context), () => Promise.reject(error));
    // Help and version end that way too.
    if (error.exitCode === 0) return EXIT.inSync;
    if (argv.includes('--json'))
      sessionOf(program, context).printer.document({ command: null, ok: false, exitCode: EXIT.usage, error: { code: 'usage', message: error.message, hint: null, path: null } });
    return EXIT.usage;
  }
}

/** The program's own --version is found anywhere on the line; after `restore` it means a version of a file. Help for a command there is not ends as that command does: the nearest is named. */
function asTheParserReads(program: CliCommand, argv: readonly string[]): string[] {
  const [first, topic] = argv;
  const names = program.commands.flatMap((command) => [command.name(), ...command.aliases()]);
  if (first === 'help' && topic !== undefined && topic !== 'help' && !names.includes(topic) && !topic.startsWith('-')) return [topic];
  const restore = argv.indexOf('restore');
  return argv.map((word, i) => (restore >= 0 && i > restore ? word.replace(/^--version(?==|$)/, '--id') : word));
}

function sessionOf(program: CliCommand, context: CliContext): Session {
  const globals = program.opts<GlobalOptions>();
  return { context, globals, printer: createPrinter(context, { json: globals.json ?? false, color: globals.color }) };
}

/** Turns whatever a command throws into words, a document and an exit code. */
async function guarded(command: string, session: Session, run: (session: Session) => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await run(session);
  } catch (thrown) {
    const error = withNextStep(command, asSyncError(thrown));
    const exitCode = session.context.interrupt.aborted ? EXIT.interrupted : exitCodeOfError(error.code);
    session.printer.document({ command, ok: false, exitCode, error: errorDocument(error) });
    if (exitCode === EXIT.interrupted) session.printer.warn('interrupted; the next sync continues from here');
    else for (const line of describeError(error, isDebugging(session))) session.printer.warn(line);
    return exitCode;
  }
}

/** Wrong usage always has one: what the command takes. */
function withNextStep(command: string, error: SyncError): SyncError {
  if (error.code !== 'usage' || error.hint !== undefined) return error;
  const { message, path, cause } = error;
  const hint = `${command === 'file-sync' ? command : `file-sync ${command}`} --help shows what it takes, with examples.`;
  return new SyncError('usage', message, { hint, cause, ...(path === undefined ? {} : { path }) });
}

/** The commands without anything to run them on: what there is to type. */
export function bareProgram(): CliCommand {
  const nowhere: Output = { write: () => undefined, isTTY: false, columns: () => 80 };
  return buildProgram({ stdout: nowhere, stderr: nowhere, version: '' }, async () => undefined);
}

function buildProgram(context: Pick<CliContext, 'stdout' | 'stderr' | 'version'>, run: Runner): CliCommand {
  const program = new CliCommand('file-sync')
    .description('Keeps a folder in two-way sync with storage you own.')
    .version(context.version, '-V, --version')
    .option('--config <file>', 'settings file (default: .env in the current folder)')
    .option('--profile <name>', 'settings under a name instead: a profile of yours, or a folder of the desktop app (file-sync profiles)')
    .option('--source <dir>', 'the folder to keep in sync (WATCH_DIR)')
    .addOption(wordOption('--backend <type>', 'kind of storage (BACKEND_TYPE)', ['local', 's3']))
    .option('--backup-dir <dir>', 'the backup folder (BACKUP_DIR)')
    .option('--set <name=value>', 'any other setting; may be repeated', (value: string, before: readonly string[] | undefined) => [...(before ?? []), asAssignment(value)])
    .option('--json', 'one JSON document on standard output (watch: one a line)')
    .addOption(wordOption('--log-level <level>', 'what goes into the log (LOG_LEVEL); debug also shows where an error comes from', LOG_LEVELS))
    .option('--no-color', 'no colours (also: NO_COLOR)')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: (text) => context.stdout.write(text), writeErr: (text) => context.stderr.write(text) })
    .exitOverride()
    .showHelpAfterError('(file-sync --help shows what there is)');
  program.addHelpText('after', EXIT_HELP);
  const command: AddCommand = (parent, usage, description, examples) => parent.command(usage).description(description).withExamples(examples);

  command(program, 'init', 'Set up a folder: asks on a terminal, or takes everything by options; writes the settings file.', [
    'file-sync init',
    'file-sync init --source ~/Documents --backup-dir /media/usb/Documents --create',
    'file-sync init --backend s3 --provider b2 --region us-west-004 --bucket my-bucket --prefix documents --source ~/Documents --keep-keys keychain',
    'file-sync init --source ~/Documents --backup-dir /media/usb/Documents --encrypt --compress --recovery-sheet ~/recovery-sheet.html',
    'file-sync init --backend s3 --bucket my-bucket --prefix documents --show-policy',
    'file-sync init --profile work --source ~/Work --backup-dir /mnt/nas/work --set IGNORE_PATTERNS=node_modules/,*.log',
  ])
    .option('--device-name <name>', 'how this device is called in conflict names')
    .addOption(wordOption('--conflict-resolution <policy>', 'when a file was changed on both sides (CONFLICT_RESOLUTION)', CONFLICT_POLICIES))
    .option('--create', 'create folders that do not exist')
    .addOption(wordOption('--provider <name>', 'fills in endpoint and style', S3_PRESET_IDS))
    .option('--account <id>', 'the account in the endpoint (r2)')
    .option('--bucket <name>', 'the bucket (S3_BUCKET)')
    .option('--prefix <folder>', 'the folder in the bucket (S3_PREFIX)')
    .option('--endpoint <url>', "the provider's address (S3_ENDPOINT)")
    .option('--region <name>', 'the region of the bucket (AWS_REGION)')
    .option('--aws-profile <name>', 'a profile of ~/.aws (AWS_PROFILE)')
    .option('--path-style', 'the bucket is part of the path (S3_FORCE_PATH_STYLE)')
    .addOption(wordOption('--keep-keys <place>', 'where the keys of the environment, or typed now, are kept', ['keychain', 'file']))
    .option('--create-bucket', 'create the bucket if it does not exist')
    .option('--clean-up-rule', 'add a rule to the bucket that gives up uploads nobody finished after 7 days')
    .option('--encrypt', 'encrypt files before they leave this computer (ENCRYPTION_ENABLED), at a new, empty place')
    .option('--encrypt-names', 'encrypt the names of files and folders too (ENCRYPT_NAMES)')
    .option('--compress', 'compress files (COMPRESSION_ENABLED), at a new, empty place')
    .option('--recovery-sheet <file>', 'where the sheet with the recovery words is written (for you alone); left out: they are shown on the terminal')
    .option('--no-recovery-sheet', 'make no recovery words')
    .addOption(wordOption('--keep-secret <place>', 'where what opens the files is kept; left out: the keychain, or the file where there is none', ['keychain', 'file']))
    .option('--show-policy', 'print the IAM policy this bucket and prefix need, and do nothing')
    .option('--force', 'replace an existing settings file')
    .action((flags: InitFlags) => run('init', (session) => initCommand(session, flags)));

  command(program, 'sync', 'Sync once, in both directions.', [
    'file-sync sync',
    'file-sync sync --dry-run           # what would be done',
    'file-sync sync --path photos/2024  # only this folder',
    'file-sync sync --yes               # go on with held deletions',
  ])
    .option('--full', 'read every file on both sides again instead of trusting sizes and times')
    .option('--force', 'send every local file again')
    .option('--dry-run', 'show what would be done and do nothing')
    .option('--path <path>', 'only this file or folder, relative to the synced folder')
    .option('--yes', 'go on with deletions and rewrites that are held because they are unusually many')
    .action((flags: SyncFlags) => run('sync', (session) => syncCommand(session, flags)));

  command(program, 'watch', 'Sync, then keep syncing as things change, until Ctrl-C.', ['file-sync watch', 'file-sync start --json >> sync.jsonl'])
    .alias('start')
    .option('--metrics-port <port>', 'show metrics for Prometheus at http://127.0.0.1:PORT/metrics, on this machine only; 0: any free port')
    .action((flags: WatchFlags) => run('watch', (session) => watchCommand(session, flags)));

  command(program, 'pause [length]', 'Have the File Sync that keeps this folder in sync (watch, a service, the app) leave it alone, for so long or until resume.', [
    'file-sync pause 30m',
    'file-sync pause 1w',
    'file-sync pause',
  ]).action((length: string | undefined) => run('pause', (session) => pauseCommand(session, length)));
  command(program, 'resume', 'End a pause; said in quiet hours, these too.', ['file-sync resume']).action(() => run('resume', resumeCommand));

  command(program, 'status', 'How things stand; works while another File Sync owns the folder.', ['file-sync status', 'file-sync status --json']).action(() =>
    run('status', statusCommand),
  );

  command(program, 'list', 'The pending changes: what the next sync would do.', ['file-sync list']).action(() => run('list', listCommand));

  const conflicts = command(program, 'conflicts', 'Files in two versions that wait for your choice (CONFLICT_RESOLUTION=manual).', [
    'file-sync conflicts',
    'file-sync conflicts resolve report.docx --keep both',
  ]).action(() => run('conflicts', conflictsCommand));
  command(conflicts, 'resolve <path>', 'Choose a version; the other one is kept as a version or as a copy.', ['file-sync conflicts resolve report.docx --keep local'])
    .addOption(wordOption('--keep <side>', 'the version to keep', ['local', 'remote', 'both'], { isNeeded: true }))
    .action((path: string, { keep }: { keep: string }) => run('conflicts resolve', (session) => resolveCommand(session, path, keep)));

  command(program, 'verify', 'Check that the state, the folder and the backup fit together, and read every content again; changes nothing.', [
    'file-sync verify',
    'file-sync verify --state        # without reading contents',
    'file-sync verify --sample 1%    # a restore drill of some files',
  ])
    .option('--state', 'compare what is recorded only: quick, and blind to bytes that changed under the recorded times')
    .option('--sample <number>', 'a restore drill instead: fetch so many files, or a part of them (1%), chosen by chance, and prove their bytes')
    .action((flags: VerifyFlags) => run('verify', (session) => verifyCommand(session, flags)));

  command(
    program,
    'accept-restored',
    'After you restored the storage from a backup yourself: show what that took back, and bring the storage up to date from this device. Deletes nothing.',
    ['file-sync accept-restored --dry-run', 'file-sync accept-restored'],
  )
    .option('--dry-run', 'show what went back and do nothing')
    .option('--yes', 'do not ask')
    .action((flags: AcceptRestoredFlags) => run('accept-restored', (session) => acceptRestoredCommand(session, flags)));

  command(program, 'doctor', 'Look at everything a sync needs (settings, folder, machine, storage), and say what is wrong and what to do.', [
    'file-sync doctor',
    'file-sync doctor --json',
  ]).action(() => run('doctor', doctorCommand));

  command(program, 'verify-backend', 'Check that your own bucket or backup folder keeps the promises a sync rests on, below a throw-away prefix.', [
    'file-sync verify-backend',
    'file-sync verify-backend --quick   # without big objects and long listings',
  ])
    .option('--quick', 'leave out what takes many requests or bytes')
    .action((flags: VerifyBackendFlags) => run('verify-backend', (session) => verifyBackendCommand(session, flags)));

  command(program, 'why <path>', 'Everything known about one path: rule, both sides, decision, last error, history.', ['file-sync why photos/cat.jpg']).action((path: string) =>
    run('why', (session) => whyCommand(session, path)),
  );

  command(program, 'activity', 'What happened, oldest first: transfers, deletions, renames, failures, each with its reason.', [
    'file-sync activity',
    'file-sync activity --since 2h --path photos',
    'file-sync activity --since yesterday',
    'file-sync activity --follow --json',
  ])
    .option('--since <when>', 'from then on: 2024-01-15, 2024-01-15T10:30, with Z or +02:00; or 2h, 3d, yesterday')
    .option('--path <path>', 'only this file or folder')
    .option('--limit <number>', 'at most so many, the newest', DEFAULT_LIMIT)
    .option('--follow', 'go on with what comes, until Ctrl-C')
    .action((flags: ActivityFlags) => run('activity', (session) => activityCommand(session, flags)));

  addConfigCommands(program, command, run);
  addHistoryCommands(program, command, run);
  addKeysCommands(program, command, run);
  addStateCommands(program, command, run);
  addFileCommands(program, command, run);
  addServiceCommands(program, command, run);

  command(program, 'completion', 'Print a script that completes commands, options and values in your shell.', [
    'eval "$(file-sync completion bash)"                                            # in ~/.bashrc',
    'file-sync completion zsh > ~/.zfunc/_file-sync                                 # a folder of $fpath',
    'file-sync completion fish > ~/.config/fish/completions/file-sync.fish',
  ])
    .addArgument(wordArgument('<shell>', 'the shell', SHELLS))
    .action((shell: string) => run('completion', (session) => completionCommand(session, shell, catalogueOf(program))));
  return program;
}

function asAssignment(text: string): string {
  if (!/^[A-Za-z0-9_]+=/.test(text)) throw new InvalidArgumentError('It takes NAME=VALUE.');
  return text;
}
