import { dirname } from 'node:path';
import { SyncError } from '../../core/errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { printable } from '../format.ts';
import { configFile, loadConfig, type Session } from '../session.ts';
import { type ServiceManager, serviceManager } from './service-manager.ts';
import type { ServiceSpec } from './service-spec.ts';

export interface ServiceFlags {
  readonly name: string;
  readonly print?: boolean;
}

export const DEFAULT_SERVICE = 'file-sync';

/** Has the system run `watch` on these settings whenever the user is logged in. The settings are checked first. */
export async function serviceInstallCommand(session: Session, { name, print = false }: ServiceFlags): Promise<ExitCode> {
  const { printer } = session;
  const manager = managerFor(session, name);
  const spec = await specOf(session, name);
  const text = manager.describe(spec);
  if (!print) await manager.install(spec);
  printer.document({ command: 'service install', ok: true, exitCode: EXIT.inSync, system: manager.system, name, file: manager.file(name), text, installed: !print });
  if (print) printer.say(text.trimEnd());
  else printer.say(`Installed ${printable(manager.file(name))}; it is running. \`file-sync service status\` looks at it, \`file-sync service remove\` takes it away.`);
  return EXIT.inSync;
}

export async function serviceRemoveCommand(session: Session, { name }: ServiceFlags): Promise<ExitCode> {
  const manager = managerFor(session, name);
  const removed = await manager.remove(name);
  session.printer.document({ command: 'service remove', ok: true, exitCode: EXIT.inSync, system: manager.system, name, file: manager.file(name), removed });
  session.printer.say(removed ? `Stopped and removed ${printable(manager.file(name))}.` : `There is no service ${name}.`);
  return EXIT.inSync;
}

/** Exit code 1 when it is not running. */
export async function serviceStatusCommand(session: Session, { name }: ServiceFlags): Promise<ExitCode> {
  const manager = managerFor(session, name);
  const { isInstalled, isRunning, detail } = await manager.state(name);
  const exitCode = isRunning ? EXIT.inSync : EXIT.failed;
  const { system } = manager;
  session.printer.document({ command: 'service status', ok: isRunning, exitCode, system, name, file: manager.file(name), installed: isInstalled, running: isRunning, detail });
  session.printer.say(
    isInstalled
      ? `${printable(manager.file(name))}: ${isRunning ? 'running' : 'not running'} (${printable(detail)})`
      : `There is no service ${name}: \`file-sync service install\` makes one.`,
  );
  return exitCode;
}

function managerFor({ context }: Session, name: string): ServiceManager {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(name))
    throw new SyncError('usage', '--name takes letters, digits, - and _', { hint: 'One service a settings file: give each a name of its own.' });
  return serviceManager({ ...context.platform, run: context.run });
}

async function specOf(session: Session, name: string): Promise<ServiceSpec> {
  const { profile } = session.globals;
  const command = [...session.context.self, 'watch'];
  if (profile !== undefined) {
    const { source } = await loadConfig(session);
    return { name, description: `File Sync of ${source}`, command: [...command, '--profile', profile], folder: session.context.platform.home.homeDir };
  }
  const file = configFile(session);
  if ((await session.context.platform.fs.lstat(file)) === null)
    throw new SyncError('config', `a service needs a settings file, and there is none at ${file}`, {
      path: file,
      hint: 'Write one with `file-sync init`, or name it by --config.',
    });
  const { source } = await loadConfig(session);
  return { name, description: `File Sync of ${source}`, command: [...command, '--config', file], folder: dirname(file) };
}
