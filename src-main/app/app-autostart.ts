import { app } from 'electron';
import { say } from '../../src-renderer/strings/say.ts';
import type { Fs } from '../platform/fs.ts';
import type { Home } from '../platform/platform.ts';
import { type Autostart, xdgAutostart } from './autostart.ts';

export const HIDDEN_FLAG = '--hidden';

/** Starting with the session, as this system does it: in the tray, without a window. */
export function appAutostart(fs: Fs, home: Home): Autostart {
  if (home.platform === 'linux') {
    const program = home.env['APPIMAGE'] ?? app.getPath('exe');
    // From a checkout the program is Electron, which has to be told where the app is.
    const command = app.isPackaged ? [program, HIDDEN_FLAG] : [program, app.getAppPath(), HIDDEN_FLAG];
    return xdgAutostart(fs, home, { id: 'file-sync', name: say.app, command });
  }
  const item = { args: [HIDDEN_FLAG] };
  return {
    isOn: async () => app.getLoginItemSettings(item).openAtLogin,
    set: async (on) => app.setLoginItemSettings({ ...item, openAtLogin: on }),
  };
}
