import { posix, win32 } from 'node:path';
import { hasCode, SyncError } from '../../core/errors.ts';
import type { Fs } from '../../platform/fs.ts';
import type { Home } from '../../platform/platform.ts';
import { writeText } from '../../platform/text-file.ts';
import type { RunProgram } from '../run-program.ts';
import { launchdLabel, launchdPlist } from './launchd-plist.ts';
import type { ServiceSpec } from './service-spec.ts';
import { systemdUnit } from './systemd-unit.ts';
import { taskXml } from './task-xml.ts';

export interface ServiceState {
  readonly isInstalled: boolean;
  readonly isRunning: boolean;
  /** What the system itself says, one line. */
  readonly detail: string;
}

/** What starts programs with the session on one system. */
export interface ServiceManager {
  readonly system: 'systemd' | 'launchd' | 'task-scheduler';
  /** Where the service is described. */
  file(name: string): string;
  describe(spec: ServiceSpec): string;
  /** Writes the description and starts it. */
  install(spec: ServiceSpec): Promise<void>;
  /** False where there was none. */
  remove(name: string): Promise<boolean>;
  state(name: string): Promise<ServiceState>;
}

export interface ServicePorts {
  readonly fs: Fs;
  readonly home: Home;
  readonly run: RunProgram;
}

export function serviceManager(ports: ServicePorts): ServiceManager {
  switch (ports.home.platform) {
    case 'linux':
      return systemd(ports);
    case 'darwin':
      return launchd(ports);
    case 'win32':
      return taskScheduler(ports);
    default:
      throw new SyncError('not-supported', `there are no services on ${ports.home.platform} that File Sync knows`, {
        hint: 'Have your system start `file-sync watch` with your session.',
      });
  }
}

function systemd({ fs, home, run }: ServicePorts): ServiceManager {
  const config = home.env['XDG_CONFIG_HOME'];
  const folder = posix.join(config !== undefined && posix.isAbsolute(config) ? config : posix.join(home.homeDir, '.config'), 'systemd', 'user');
  const unit = (name: string): string => `${name}.service`;
  const file = (name: string): string => posix.join(folder, unit(name));
  const systemctl = (...args: readonly string[]) => run('systemctl', ['--user', ...args]);
  const must = async (...args: readonly string[]): Promise<void> => {
    const { code, err } = await systemctl(...args);
    if (code === 0) return;
    throw new SyncError('not-supported', `systemctl --user ${args.join(' ')}: ${err.trim() || `exit code ${code}`}`, {
      hint: 'The unit is written. A user’s systemd must run: log in as this user (not by su or sudo), on a server after `loginctl enable-linger`.',
    });
  };
  return {
    system: 'systemd',
    file,
    describe: systemdUnit,
    async install(spec) {
      await makeFolders(fs, folder, posix.dirname);
      await writeText(fs, file(spec.name), systemdUnit(spec), 0o644);
      await must('daemon-reload');
      await must('enable', unit(spec.name));
      await must('restart', unit(spec.name));
    },
    async remove(name) {
      if ((await fs.lstat(file(name))) === null) return false;
      // What is not loaded needs no stopping.
      await systemctl('disable', '--now', unit(name)).catch(() => undefined);
      await fs.unlink(file(name));
      await systemctl('daemon-reload').catch(() => undefined);
      return true;
    },
    async state(name) {
      const isInstalled = (await fs.lstat(file(name))) !== null;
      const { out, err } = await systemctl('is-active', unit(name));
      const detail = (out.trim() || err.trim()).split('\n')[0] ?? '';
      return { isInstalled, isRunning: detail === 'active', detail };
    },
  };
}

function launchd({ fs, home, run }: ServicePorts): ServiceManager {
  const folder = posix.join(home.homeDir, 'Library', 'LaunchAgents');
  const file = (name: string): string => posix.join(folder, `${launchdLabel(name)}.plist`);
  const domain = async (): Promise<string> => `gui/${(await run('id', ['-u'])).out.trim()}`;
  const describe = (spec: ServiceSpec): string => launchdPlist(spec, posix.join(home.homeDir, 'Library', 'Logs', `${spec.name}.log`));
  return {
    system: 'launchd',
    file,
    describe,
    async install(spec) {
      await makeFolders(fs, folder, posix.dirname);
      await writeText(fs, file(spec.name), describe(spec), 0o644);
      const where = await domain();
      await run('launchctl', ['bootout', `${where}/${launchdLabel(spec.name)}`]);
      await succeed(run, 'launchctl', ['bootstrap', where, file(spec.name)]);
    },
    async remove(name) {
      if ((await fs.lstat(file(name))) === null) return false;
      await run('launchctl', ['bootout', `${await domain()}/${launchdLabel(name)}`]);
      await fs.unlink(file(name));
      return true;
    },
    async state(name) {
      const isInstalled = (await fs.lstat(file(name))) !== null;
      const { code, out } = await run('launchctl', ['print', `${await domain()}/${launchdLabel(name)}`]);
      const detail = /^\s*state = (.+)$/m.exec(out)?.[1] ?? (code === 0 ? 'loaded' : 'not loaded');
      return { isInstalled, isRunning: detail === 'running', detail };
    },
  };
}

function taskScheduler({ fs, home, run }: ServicePorts): ServiceManager {
  const folder = win32.join(home.env['LOCALAPPDATA'] || win32.join(home.homeDir, 'AppData', 'Local'), 'File Sync', 'services');
  const file = (name: string): string => win32.join(folder, `${name}.xml`);
  const task = (name: string): string => `\\File Sync\\${name}`;
  const user = `${home.env['USERDOMAIN'] ?? home.hostname}\\${home.env['USERNAME'] ?? ''}`;
  return {
    system: 'task-scheduler',
    file,
    describe: (spec) => taskXml(spec, user),
    async install(spec) {
      await makeFolders(fs, folder, win32.dirname);
      await writeText(fs, file(spec.name), taskXml(spec, user), 0o600);
      await succeed(run, 'schtasks', ['/Create', '/F', '/TN', task(spec.name), '/XML', file(spec.name)]);
      await succeed(run, 'schtasks', ['/Run', '/TN', task(spec.name)]);
    },
    async remove(name) {
      if ((await fs.lstat(file(name))) === null) return false;
      await run('schtasks', ['/End', '/TN', task(name)]);
      await run('schtasks', ['/Delete', '/F', '/TN', task(name)]);
      await fs.unlink(file(name));
      return true;
    },
    async state(name) {
      const isInstalled = (await fs.lstat(file(name))) !== null;
      const { code, out } = await run('schtasks', ['/Query', '/TN', task(name), '/FO', 'CSV', '/NH']);
      // "name","next run","state"; the state is in the user's language.
      const detail = code === 0 ? (/"([^"]*)"\s*$/.exec(out.trim())?.[1] ?? '') : 'not registered';
      return { isInstalled, isRunning: code === 0 && /^running$/i.test(detail), detail };
    },
  };
}

async function succeed(run: RunProgram, program: string, args: readonly string[]): Promise<void> {
  const { code, out, err } = await run(program, args);
  if (code !== 0) throw new SyncError('not-supported', `${program} ${args.join(' ')}: ${err.trim() || out.trim() || `exit code ${code}`}`);
}

async function makeFolders(fs: Fs, folder: string, above: (path: string) => string): Promise<void> {
  if (above(folder) === folder || (await fs.lstat(folder)) !== null) return;
  await makeFolders(fs, above(folder), above);
  await fs.mkdir(folder).catch((error: unknown) => (hasCode(error, 'exists') ? undefined : Promise.reject(error)));
}
