import { app, dialog } from 'electron';
import { say } from '../src-renderer/strings/say.ts';
import { HIDDEN_FLAG } from './app/app-autostart.ts';
import { registerScheme } from './app/app-protocol.ts';
import { oneLine } from './app/fault-desk.ts';
import { type FolderLink, folderLink, LINK_SCHEME } from './app/folder-link.ts';
import { confinePages, enableSandbox } from './app/hardening.ts';
import type { RunningApp } from './app/start.ts';
import { startApp } from './app/start.ts';

/** What a start may carry; a second start hands it to the first, whose own view of the arguments Chromium rearranges. */
interface StartArguments {
  readonly argv: readonly string[];
}

function asksForWindow(data: unknown): boolean {
  const argv = (data as Partial<StartArguments> | null)?.argv;
  return !Array.isArray(argv) || !argv.includes(HIDDEN_FLAG);
}

function linkIn(data: unknown): FolderLink | null {
  const argv = (data as Partial<StartArguments> | null)?.argv;
  return Array.isArray(argv) ? folderLink(argv) : null;
}

registerScheme();
enableSandbox();
confinePages();

const mine: StartArguments = { argv: process.argv.slice(1) };
if (app.requestSingleInstanceLock({ ...mine })) {
  let running: RunningApp | null = null;
  let wanted: FolderLink | 'window' | null = linkIn(mine);
  const show = (what: FolderLink | 'window'): void => {
    if (running === null) wanted = what;
    else if (what === 'window') running.show();
    else running.follow(what);
  };
  app.on('second-instance', (_event, _argv, _folder, data) => {
    if (asksForWindow(data)) show(linkIn(data) ?? 'window');
  });
  // macOS hands a link over so; on Linux the package's own entry names the scheme.
  app.on('open-url', (event, url) => {
    event.preventDefault();
    show(folderLink([url]) ?? 'window');
  });
  if (app.isPackaged && process.platform !== 'linux') app.setAsDefaultProtocolClient(LINK_SCHEME);
  app.on('activate', () => running?.show());
  // The tray stays when the last window is gone.
  app.on('window-all-closed', () => undefined);
  // Awaiting readiness at the top level of an ES module would keep Electron from ever becoming ready.
  void app
    .whenReady()
    .then(() => startApp({ hidden: !asksForWindow(mine), worker: new URL('./engine-worker.js', import.meta.url), out: import.meta.dirname }))
    .then((started) => {
      running = started;
      if (wanted !== null) show(wanted);
    })
    .catch((error: unknown) => {
      process.stderr.write(`File Sync could not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      // Whoever clicked on its icon sees nothing else of it.
      dialog.showErrorBox(say.system.startFault.title, say.system.startFault.text(oneLine(error)));
      app.exit(1);
    });
} else {
  app.quit();
}
