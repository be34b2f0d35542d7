import { app } from 'electron';
import type { SettingsKeeper } from './settings-store.ts';

/** What writes the settings takes as long to load as half of the app, so the tray does not wait for it. */
export async function settingsKeeper(): Promise<SettingsKeeper> {
  const { default: Store } = await import('electron-store');
  quitOnSignals();
  let store: InstanceType<typeof Store<Record<string, unknown>>> | null = null;
  return {
    write: (settings) => {
      // It looks at its file and folder when it is made, which may fail as well.
      store ??= new Store<Record<string, unknown>>({ name: 'settings', clearInvalidConfig: false });
      store.store = { ...settings };
    },
  };
}

/** A library of the settings ends the process at once when a signal asks it to; the app quits, which lets the step in flight end. */
function quitOnSignals(): void {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
    process.removeAllListeners(signal);
    process.on(signal, () => app.quit());
  }
}
