import type { CliCommand } from '../cli-command.ts';
import { wordArgument } from '../cli-command.ts';
import type { AddCommand, Runner } from '../keys-program.ts';
import { configGetCommand, configListCommand } from './config-list.ts';
import { configSetCommand, configUnsetCommand } from './config-set.ts';
import { IMPORT_KINDS, type ImportFlags, importCommand } from './import-command.ts';
import { profilesCommand } from './profiles-command.ts';

/** Settings: what counts, from where, and changing it. */
export function addConfigCommands(program: CliCommand, command: AddCommand, run: Runner): void {
  command(program, 'profiles', 'The settings that --profile can name: profiles of yours and the folders of the desktop app.', [
    'file-sync profiles',
    'file-sync --profile Documents status',
  ]).action(() => run('profiles', profilesCommand));

  const config = command(program, 'config', 'The settings that count here, and changing them.', [
    'file-sync config list',
    'file-sync config set CONFLICT_RESOLUTION manual',
    'file-sync config import rclone b2:my-bucket/documents --dry-run',
  ]);
  command(config, 'list', 'Every setting that is set, its value and where it comes from; secrets are named and not shown.', [
    'file-sync config list',
    'file-sync --profile work config list --json',
  ]).action(() => run('config list', configListCommand));
  command(config, 'get <name>', 'The value of one setting that counts here; exit code 1 when it is not set.', ['file-sync config get WATCH_DIR']).action((name: string) =>
    run('config get', (session) => configGetCommand(session, name)),
  );
  command(config, 'set <name> <value>', 'Write a setting into the settings file; everything else in it stays as it is.', [
    'file-sync config set BANDWIDTH_LIMIT_UP 2M',
    'file-sync --profile work config set WATCH_DIR ~/Work',
  ]).action((name: string, value: string) => run('config set', (session) => configSetCommand(session, name, value)));
  command(config, 'unset <name>', 'Take a setting out of the settings file.', ['file-sync config unset QUIET_HOURS']).action((name: string) =>
    run('config unset', (session) => configUnsetCommand(session, name)),
  );
  command(config, 'import', 'Take over settings of other programs: another .env, a profile of ~/.aws, an S3 remote of rclone. Keys go into the keychain.', [
    'file-sync config import env ../old-project/.env --dry-run     # what would change',
    'file-sync config import aws work',
    'file-sync config import rclone b2:my-bucket/documents',
    'file-sync --profile photos config import rclone b2:photos --file ~/backup/rclone.conf',
  ])
    .addArgument(wordArgument('<kind>', 'what it is', IMPORT_KINDS))
    .argument('[what]', 'env: the file; aws: the profile (default: default); rclone: REMOTE:BUCKET/FOLDER')
    .option('--file <file>', 'where the profiles or remotes are, if not in their usual place')
    .option('--dry-run', 'show what would change and do nothing')
    .action((kind: string, what: string | undefined, flags: ImportFlags) => run('config import', (session) => importCommand(session, kind, what, flags)));
}
