import { posix } from 'node:path';
import { hasCode } from '../core/errors.ts';
import type { Fs } from '../platform/fs.ts';
import type { Home } from '../platform/platform.ts';
import { readText, writeText } from '../platform/text-file.ts';

/** Starting with the session. */
export interface Autostart {
  isOn(): Promise<boolean>;
  set(on: boolean): Promise<void>;
  /** Where it is on and another program would be started, this one is from here on: an AppImage is replaced by one of another name. What is off stays off. */
  renew(): Promise<void>;
}

export interface DesktopEntry {
  /** File name without its ending. */
  readonly id: string;
  readonly name: string;
  /** Program and arguments. */
  readonly command: readonly string[];
}

/** XDG autostart: the system's own switch for login items does nothing on Linux. */
export function xdgAutostart(fs: Fs, { env, homeDir }: Pick<Home, 'env' | 'homeDir'>, entry: DesktopEntry): Autostart {
  const config = env['XDG_CONFIG_HOME'];
  const folder = posix.join(config !== undefined && posix.isAbsolute(config) ? config : posix.join(homeDir, '.config'), 'autostart');
  const file = posix.join(folder, `${entry.id}.desktop`);
  const isOn = async (): Promise<boolean> => {
    try {
      const text = await readText(fs, file);
      // The session's own settings switch an entry off in one of these two ways.
      return !/^Hidden\s*=\s*true/m.test(text) && !/^X-GNOME-Autostart-enabled\s*=\s*false/m.test(text);
    } catch (error) {
      if (hasCode(error, 'not-found')) return false;
      throw error;
    }
  };
  return {
    isOn,
    async renew() {
      if (!(await isOn())) return;
      const text = await readText(fs, file);
      const renewed = text.replace(/^Exec\s*=.*$/m, () => execLine(entry.command));
      if (renewed !== text) await writeText(fs, file, renewed, 0o644);
    },
    async set(on) {
      if (on) {
        await ensureFolder(fs, folder);
        await writeText(fs, file, desktopEntry(entry), 0o644);
      } else await fs.unlink(file).catch((error: unknown) => (hasCode(error, 'not-found') ? undefined : Promise.reject(error)));
    },
  };
}

function desktopEntry({ name, command }: DesktopEntry): string {
  const lines = ['[Desktop Entry]', 'Type=Application', 'Version=1.0', `Name=${name}`, execLine(command), 'Terminal=false', 'StartupNotify=false'];
  return `${[...lines, 'X-GNOME-Autostart-enabled=true', 'X-GNOME-Autostart-Delay=5'].join('\n')}\n`;
}

function execLine(command: readonly string[]): string {
  return `Exec=${command.map(quoteArgument).join(' ')}`;
}

/** What starts this program again: the AppImage it lies in, if it does. Whatever is started from another AppImage inherits the names of that one. */
export function startedBy(executable: string, env: Home['env'], realPath: (path: string) => string): string {
  const { APPIMAGE: image, APPDIR: mounted } = env;
  if (image === undefined || image === '') return executable;
  if (mounted === undefined || mounted === '') return image;
  return realPath(executable).startsWith(`${realPath(mounted)}/`) ? image : executable;
}

/** One argument of Exec, by the Desktop Entry specification: quoted where it holds a reserved character, each backslash doubled once more by the key file, `%` doubled. */
export function quoteArgument(text: string): string {
  const quoted = text === '' || /[\s"'\\><~|&;$*?#()`%]/.test(text) ? `"${text.replaceAll(/(["`$\\])/g, '\\$1')}"` : text;
  return quoted.replaceAll('\\', '\\\\').replaceAll('%', '%%');
}

async function ensureFolder(fs: Fs, folder: string): Promise<void> {
  if ((await fs.lstat(folder)) !== null) return;
  await ensureFolder(fs, posix.dirname(folder));
  await fs.mkdir(folder).catch((error: unknown) => (hasCode(error, 'exists') ? undefined : Promise.reject(error)));
}
