import { app } from 'electron';
import { HIDDEN_FLAG } from './app/app-autostart.ts';
import { registerScheme } from './app/app-protocol.ts';
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

registerScheme();
enableSandbox();
confinePages();

const mine: StartArguments = { argv: process.argv.slice(1) };
if (app.requestSingleInstanceLock({ ...mine })) {
  let running: RunningApp | null = null;
  let wanted = false;
  app.on('second-instance', (_event, _argv, _folder, data) => {
    if (!asksForWindow(data)) return;
    wanted = true;
    running?.show();
  });
  app.on('activate', () => running?.show());
  // The tray stays when the last window is gone.
  app.on('window-all-closed', () => undefined);
  // Awaiting readiness at the top level of an ES module would keep Electron from ever becoming ready.
  void app
    .whenReady()
    .then(() => startApp({ hidden: !asksForWindow(mine), worker: new URL('./engine-worker.js', import.meta.url), out: import.meta.dirname }))
    .then((started) => {
      running = started;
      if (wanted) started.show();
    })
    .catch((error: unknown) => {
      process.stderr.write(`File Sync could not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      app.exit(1);
    });
} else {
  app.quit();
}
