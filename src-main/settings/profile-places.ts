import { posix, win32 } from 'node:path';
import type { Home } from '../platform/platform.ts';

type User = Pick<Home, 'platform' | 'homeDir' | 'env'>;

/** Where settings files lie that are named by `--profile`. */
export function profilesFolder(user: User): string {
  return user.platform === 'win32' ? win32.join(configFolder(user), 'File Sync', 'profiles') : posix.join(configFolder(user), ownName(user), 'profiles');
}

/** The desktop app's settings: Electron keeps them below the app's name. */
export function appSettingsFile(user: User): string {
  return (user.platform === 'win32' ? win32 : posix).join(configFolder(user), 'File Sync', 'settings.json');
}

/** The running app is spoken to at what lies under these names, beside its settings (docs/control.md). */
export const APP_CONTROL = 'app';

export function appControlFile(user: User): string {
  return appSettingsFile(user).replace(/settings\.json$/, `${APP_CONTROL}.control`);
}

function ownName({ platform }: User): string {
  return platform === 'darwin' ? 'File Sync' : 'file-sync';
}

/** As Electron and the XDG base directory specification have it; a relative XDG_CONFIG_HOME is invalid there and ignored. */
function configFolder({ platform, homeDir, env }: User): string {
  if (platform === 'win32') return env['APPDATA'] || win32.join(homeDir, 'AppData', 'Roaming');
  if (platform === 'darwin') return posix.join(homeDir, 'Library', 'Application Support');
  const xdg = env['XDG_CONFIG_HOME'];
  return xdg !== undefined && posix.isAbsolute(xdg) ? xdg : posix.join(homeDir, '.config');
}
