import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { app, Menu, Notification as SystemNotification, nativeTheme, powerMonitor, session } from 'electron';
import Store from 'electron-store';
import { nodePlatform } from '../platform/node-platform.ts';
import { APP_ORIGIN } from './app-pages.ts';
import { servePages } from './app-protocol.ts';
import { appAutostart } from './app-autostart.ts';
import { EngineClient, type EngineThread } from './engine-client.ts';
import { FolderTokens } from './folder-tokens.ts';
import { requestHandlers, revealFile } from './handlers.ts';
import { confineSession } from './hardening.ts';
import { serveRequests } from './ipc-server.ts';
import { Notifier } from './notifier.ts';
import { pauseEnd } from './pause-length.ts';
import { openSettings } from './settings-store.ts';
import { SyncService } from './sync-service.ts';
import { Throttle } from './throttle.ts';
import { AppTray } from './tray.ts';
import { watchTrayHost } from './tray-host.ts';
import type { TrayIntent } from './tray-menu.ts';
import { AppWindow } from './window.ts';

/** Windows hear of changes four times a second at most. */
const TELL_EVERY_MS = 250;
/** Quitting waits so long for the steps in flight. */
const STOP_WITHIN_MS = 8_000;
/** A panel that restarts is away for a moment; a hidden window is brought back only after so long without a tray. */
const HOST_GRACE_MS = 5_000;

export interface StartOptions {
  readonly hidden: boolean;
  /** The engine thread's entry, beside the main one. */
  readonly worker: URL;
  /** The folder of the built main process. */
  readonly out: string;
}

export interface RunningApp {
  show(): void;
}

/** Builds the running app out of its parts. Called once, when Electron is ready. */
export async function startApp({ hidden, worker, out }: StartOptions): Promise<RunningApp> {
  const platform = nodePlatform();
  const { fs, clock, random, home } = platform;
  const assets = join(app.getAppPath(), 'assets');
  Menu.setApplicationMenu(null);

  const keeper = () => {
    const store = new Store<Record<string, unknown>>({ name: 'settings', clearInvalidConfig: false });
    return { write: (settings: object) => void (store.store = { ...settings }) };
  };
  const store = await openSettings(join(app.getPath('userData'), 'settings.json'), { fs, clock, keeper });
  const autostart = appAutostart(fs, home);
  const startAtLogin = await autostart.isOn().catch(() => store.now.startAtLogin);
  if (startAtLogin !== store.now.startAtLogin) store.change({ startAtLogin });

  const applyTheme = (): void => {
    nativeTheme.themeSource = store.now.theme;
  };
  applyTheme();

  let isQuitting = false;
  const tell = new Throttle(clock, TELL_EVERY_MS, () => window.send('state', service.state));
  const service = new SyncService({
    store,
    clock,
    random,
    version: app.getVersion(),
    homeDir: home.homeDir,
    onChange: () => {
      const { state } = service;
      tell.call();
      tray.update(state);
      notifier.update(state);
    },
  });
  const engine = new EngineClient({
    spawn: () => new Worker(worker, { name: 'engine' }) as EngineThread,
    clock,
    onNews: (news) => service.news(news),
    onHealth: (health) => service.engineHealth(health),
    onStart: () => service.engineStarted(),
  });
  service.attach(engine);

  const pages = session.fromPartition('window');
  confineSession(pages);
  confineSession(session.defaultSession);
  servePages(pages, join(out, '../renderer'), random);
  const window = new AppWindow({
    session: pages,
    preload: join(out, '../preload/preload.cjs'),
    icon: join(assets, 'icon.png'),
    size: () => store.now.window,
    onSize: (size) => store.change({ window: size }),
    mayHide: () => home.platform !== 'linux' || service.state.tray === 'shown',
    isQuitting: () => isQuitting,
  });

  const notifier = new Notifier({
    clock,
    show: ({ title, body }) => {
      const notification = new SystemNotification({ title, body, icon: join(assets, 'icon.png') });
      notification.on('click', () => open('overview'));
      notification.show();
    },
  });
  const open = (view: 'overview' | 'folders' | 'settings' | null): void => {
    window.show();
    if (view !== null) window.send('navigate', { view });
  };
  const quietly = (work: Promise<unknown>): void => void work.catch(() => undefined);
  const onIntent = (intent: TrayIntent): void => {
    switch (intent.kind) {
      case 'open':
        return open(null);
      case 'open-pair':
        return open('overview');
      case 'pause':
        return quietly(service.pause(null, pauseEnd(intent.length, clock.now())));
      case 'resume':
        return quietly(service.resume(null));
      case 'sync':
        return quietly(service.syncNow(null));
      case 'reveal':
        return revealFile(service, intent.pair, intent.path);
      case 'settings':
        return open('settings');
      case 'quit':
        return app.quit();
    }
  };
  const tray = new AppTray({ icons: join(assets, 'tray'), platform: home.platform, clock, onIntent });

  serveRequests({
    handlers: requestHandlers({ service, engine, window, tokens: new FolderTokens(random), autostart, clock, onTheme: applyTheme }),
    window: () => window.contents,
    origin: APP_ORIGIN,
  });

  tray.create();
  engine.start();
  await followTrayHost(home.platform, service, tray, window, clock);
  powerMonitor.on('suspend', () => service.sleep());
  powerMonitor.on('resume', () => service.wake());

  app.on('before-quit', () => {
    isQuitting = true;
  });
  let stopped = false;
  app.on('will-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    notifier.end();
    tell.end();
    tray.destroy();
    quietly(
      engine.stop(STOP_WITHIN_MS).finally(() => {
        stopped = true;
        app.quit();
      }),
    );
  });

  if (!hidden) window.show();
  else void clock.sleep(HOST_GRACE_MS).then(() => service.state.tray === 'no-host' && window.isHidden && !isQuitting && window.showMinimised());
  return { show: () => open(null) };
}

/** Keeps the tray where it can be seen, and the window reachable where it cannot. */
async function followTrayHost(system: string, service: SyncService, tray: AppTray, window: AppWindow, clock: ReturnType<typeof nodePlatform>['clock']): Promise<void> {
  if (system !== 'linux') return service.trayPresence('shown');
  let everSeen: boolean | null = null;
  let generation = 0;
  await watchTrayHost((present) => {
    const mine = ++generation;
    // A host that comes back is told by Chromium; one that comes late finds no icon.
    if (present === true && everSeen === false) tray.create();
    everSeen = everSeen === true || present === true;
    if (present === true) return service.trayPresence('shown');
    if (service.state.tray === 'unknown') return service.trayPresence('no-host');
    void clock.sleep(HOST_GRACE_MS).then(() => {
      if (mine !== generation) return;
      service.trayPresence('no-host');
      if (window.isHidden) window.showMinimised();
    });
  });
}
