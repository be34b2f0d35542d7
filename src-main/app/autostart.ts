import { posix } from 'node:path';
import { hasCode } from '../core/errors.ts';
import type { Fs } from '../platform/fs.ts';
import type { Home } from '../platform/platform.ts';
import { readText, writeText } from '../platform/text-file.ts';

/** Starting with the session. */
export interface Autostart {
  isOn(): Promise<boolean>;
  set(on: boolean): Promise<void>;
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
  return {
    async isOn() {
      try {
        const text = await readText(fs, file);
        // The session's own settings switch an entry off in one of these two ways.
        return !/^Hidden\s*=\s*true/m.test(text) && !/^X-GNOME-Autostart-enabled\s*=\s*false/m.test(text);
      } catch (error) {
        if (hasCode(error, 'not-found')) return false;
        throw error;
      }
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
  const lines = ['[Desktop Entry]', 'Type=Application', 'Version=1.0', `Name=${name}`, `Exec=${command.map(quoteArgument).join(' ')}`, 'Terminal=false', 'StartupNotify=false'];
  return `${[...lines, 'X-GNOME-Autostart-enabled=true', 'X-GNOME-Autostart-Delay=5'].join('\n')}\n`;
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
