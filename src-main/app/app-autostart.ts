import { realpathSync } from 'node:fs';
import { app } from 'electron';
import { say } from '../../src-renderer/strings/say.ts';
import type { Fs } from '../platform/fs.ts';
import type { Home } from '../platform/platform.ts';
import { type Autostart, startedBy, xdgAutostart } from './autostart.ts';

export const HIDDEN_FLAG = '--hidden';

/** Starting with the session, as this system does it: in the tray, without a window. */
export function appAutostart(fs: Fs, home: Home): Autostart {
  if (home.platform === 'linux') {
    const program = startedBy(app.getPath('exe'), home.env, realPath);
    // From a checkout the program is Electron, which has to be told where the app is.
    const command = app.isPackaged ? [program, HIDDEN_FLAG] : [program, app.getAppPath(), HIDDEN_FLAG];
    const autostart = xdgAutostart(fs, home, { id: 'file-sync', name: say.app, command });
    // Trying out a checkout takes nothing from the app that is installed.
    return app.isPackaged ? autostart : { ...autostart, renew: async () => undefined };
  }
  // These systems go by what is installed, and an update takes its place.
  const item = { args: [HIDDEN_FLAG] };
  return {
    isOn: async () => app.getLoginItemSettings(item).openAtLogin,
    set: async (on) => app.setLoginItemSettings({ ...item, openAtLogin: on }),
    renew: async () => undefined,
  };
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
