import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { app, Menu, nativeTheme, powerMonitor, type Session, Notification as SystemNotification, session } from 'electron';
import Store from 'electron-store';
import { keytarKeychain } from '../keychain/keytar-keychain.ts';
import { nodePlatform } from '../platform/node-platform.ts';
import type { Platform } from '../platform/platform.ts';
import { appAutostart } from './app-autostart.ts';
import { APP_ORIGIN } from './app-pages.ts';
import { servePages } from './app-protocol.ts';
import { EngineClient, type EngineThread } from './engine-client.ts';
import { FolderTokens } from './folder-tokens.ts';
import { requestHandlers, revealFile } from './handlers.ts';
import { confineSession } from './hardening.ts';
import { serveRequests } from './ipc-server.ts';
import { Notifier } from './notifier.ts';
import { PairKeys } from './pair-keys.ts';
import { PairVaults } from './pair-vaults.ts';
import { pauseEnd } from './pause-length.ts';
import { openSettings, type SettingsKeeper, type SettingsStore } from './settings-store.ts';
import { SyncService } from './sync-service.ts';
import { Throttle } from './throttle.ts';
import { AppTray } from './tray.ts';
import { watchTrayHost } from './tray-host.ts';
import type { TrayIntent } from './tray-menu.ts';
import { followTrayHost } from './tray-presence.ts';
import { AppWindow } from './window.ts';

/** Windows hear of changes four times a second at most. */
const TELL_EVERY_MS = 250;
/** Quitting waits so long for the steps in flight. */
const STOP_WITHIN_MS = 8_000;

export interface StartOptions {
  readonly hidden: boolean;
  /** The engine thread's entry. */
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
  const life = { quitting: false };
  Menu.setApplicationMenu(null);

  const autostart = appAutostart(fs, home);
  const store = await openAppSettings(platform);
  // The session's own settings may have switched it off.
  store.change({ startAtLogin: await autostart.isOn().catch(() => store.now.startAtLogin) });
  const systemIsDark = nativeTheme.shouldUseDarkColors;
  applyTheme(store);

  const keychain = keytarKeychain({ clock });
  const [keys, vaults] = [new PairKeys(keychain, random), new PairVaults(keychain)];
  const service = new SyncService({ store, keys, vaults, clock, random, version: app.getVersion(), homeDir: home.homeDir, onChange: () => refresh() });
  const engine = new EngineClient({
    clock,
    spawn: () => new Worker(worker, { name: 'engine' }) as EngineThread,
    onNews: (news) => service.news(news),
    onHealth: (health) => service.engineHealth(health),
    onStart: () => service.engineStarted(),
  });
  service.attach(engine);

  const window = new AppWindow({
    session: openSession(join(out, '../renderer'), platform),
    preload: join(out, '../preload/preload.cjs'),
    icon: join(assets, 'icon.png'),
    size: () => store.now.window,
    onSize: (size) => store.change({ window: size }),
    mayHide: () => home.platform !== 'linux' || service.state.tray === 'shown',
    isQuitting: () => life.quitting,
  });
  const notifier = new Notifier({ clock, show: (text) => notify(text, join(assets, 'icon.png'), () => window.showView('overview')) });
  const tray = new AppTray({
    icons: join(assets, 'tray'),
    platform: home.platform,
    desktop: home.env['XDG_CURRENT_DESKTOP'],
    clock,
    systemIsDark,
    onIntent: (intent) => obey(intent, service, window, clock.now()),
  });
  const tell = new Throttle(clock, TELL_EVERY_MS, () => window.send('state', service.state));
  const refresh = (): void => {
    tell.call();
    tray.update(service.state);
    notifier.update(service.state);
  };

  const tokens = new FolderTokens(random, home.homeDir);
  const handlers = requestHandlers({ service, engine, window, tokens, autostart, platform, onTheme: () => applyTheme(store) });
  serveRequests({ handlers, window: () => window.contents, origin: APP_ORIGIN });
  tray.create();
  engine.start();
  powerMonitor.on('suspend', () => service.sleep());
  powerMonitor.on('resume', () => service.wake());
  stopWithApp(engine, life, () => {
    notifier.end();
    tell.end();
    tray.destroy();
  });
  if (!hidden) window.show();
  if (home.platform === 'linux') {
    const onLost = (): void => {
      if (window.isHidden && !life.quitting) window.showMinimised();
    };
    await followTrayHost({ watch: watchTrayHost, clock, onPresence: (presence) => service.trayPresence(presence), renew: () => tray.create(), onLost });
  } else service.trayPresence('shown');
  return { show: () => window.show() };
}

async function openAppSettings({ fs, clock }: Platform): Promise<SettingsStore> {
  const keeper = (): SettingsKeeper => {
    const store = new Store<Record<string, unknown>>({ name: 'settings', clearInvalidConfig: false });
    return {
      write: (settings) => {
        store.store = { ...settings };
      },
    };
  };
  return openSettings(join(app.getPath('userData'), 'settings.json'), { fs, clock, keeper });
}

function applyTheme(store: SettingsStore): void {
  nativeTheme.themeSource = store.now.theme;
}

/** The window has a session of its own, kept in memory, so that what serves its files is not bound by what binds it. */
function openSession(folder: string, { random }: Platform): Session {
  const pages = session.fromPartition('window');
  confineSession(pages);
  servePages(pages, folder, random);
  return pages;
}

function notify({ title, body }: { readonly title: string; readonly body: string }, icon: string, onClick: () => void): void {
  const notification = new SystemNotification({ title, body, icon });
  notification.on('click', onClick);
  notification.show();
}

/** Does what a click in the tray's menu asks for. What goes wrong shows in the app's state. */
function obey(intent: TrayIntent, service: SyncService, window: AppWindow, now: number): void {
  const quietly = (work: Promise<unknown>): void => void work.catch(() => undefined);
  switch (intent.kind) {
    case 'open':
      window.show();
      break;
    case 'open-pair':
      window.showView('overview');
      break;
    case 'pause':
      quietly(service.pause(null, pauseEnd(intent.length, now)));
      break;
    case 'resume':
      quietly(service.resume(null));
      break;
    case 'sync':
      quietly(service.syncNow(null));
      break;
    case 'reveal':
      revealFile(service, intent.pair, intent.path);
      break;
    case 'settings':
      window.showView('settings');
      break;
    case 'quit':
      app.quit();
      break;
  }
}

/** Quitting lets the engines finish the step in flight first. The session's end and a signal quit the app too, so nothing may hold them up for long. */
function stopWithApp(engine: EngineClient, life: { quitting: boolean }, onStop: () => void): void {
  let stopped = false;
  app.on('before-quit', () => {
    life.quitting = true;
  });
  app.on('will-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    onStop();
    const end = (): void => {
      stopped = true;
      app.quit();
    };
    engine.stop(STOP_WITHIN_MS).then(end, end);
  });
}
