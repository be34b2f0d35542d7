import type { CliCommand } from '../cli-command.ts';
import type { AddCommand, Runner } from '../keys-program.ts';
import { DEFAULT_SERVICE, type ServiceFlags, serviceInstallCommand, serviceRemoveCommand, serviceStatusCommand } from './service-commands.ts';

/** `file-sync service …`: `watch` as a service of the system. */
export function addServiceCommands(program: CliCommand, command: AddCommand, run: Runner): void {
  const service = command(program, 'service', 'Have your system run `watch` on these settings whenever you are logged in: systemd, launchd or the Task Scheduler.', [
    'file-sync service install',
    'file-sync service status',
  ]);
  command(service, 'install', 'Write the service and start it; the settings are checked first.', [
    'file-sync service install',
    'file-sync service install --config work.env --name file-sync-work',
    'file-sync service install --print   # only shows it',
  ])
    .option('--name <name>', 'one service a settings file', DEFAULT_SERVICE)
    .option('--print', 'show what would be written and do nothing')
    .action((flags: ServiceFlags) => run('service install', (session) => serviceInstallCommand(session, flags)));
  command(service, 'remove', 'Stop the service and take it away; nothing else is touched.', ['file-sync service remove'])
    .option('--name <name>', 'the name it was installed by', DEFAULT_SERVICE)
    .action((flags: ServiceFlags) => run('service remove', (session) => serviceRemoveCommand(session, flags)));
  command(service, 'status', 'Whether the service is installed and running; exit code 1 when it is not.', ['file-sync service status'])
    .option('--name <name>', 'the name it was installed by', DEFAULT_SERVICE)
    .action((flags: ServiceFlags) => run('service status', (session) => serviceStatusCommand(session, flags)));
}
