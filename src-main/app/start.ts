import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { app, Menu, nativeTheme, net, powerMonitor, type Session, Notification as SystemNotification, session } from 'electron';
import { setLanguage } from '../../src-renderer/strings/say.ts';
import { type AppDesk, openAppControl } from '../control/app-control.ts';
import type { ControlServer } from '../control/control-server.ts';
import { keytarKeychain } from '../keychain/keytar-keychain.ts';
import { nodePlatform } from '../platform/node-platform.ts';
import type { Platform } from '../platform/platform.ts';
import { APP_CONTROL } from '../settings/profile-places.ts';
import { asDeviceName } from '../settings/settings.ts';
import { appAutostart } from './app-autostart.ts';
import { openAppLog } from './app-log.ts';
import { APP_ORIGIN } from './app-pages.ts';
import { servePages } from './app-protocol.ts';
import { type DesktopNotify, freedesktopNotify } from './desktop-notify.ts';
import { EngineClient, type EngineThread } from './engine-client.ts';
import { FaultDesk, isClosedPipe } from './fault-desk.ts';
import { FolderGains } from './folder-gains.ts';
import type { FolderLink } from './folder-link.ts';
import { FolderTokens } from './folder-tokens.ts';
import { openSide, requestHandlers, revealFile } from './handlers.ts';
import { confineSession } from './hardening.ts';
import { serveRequests } from './ipc-server.ts';
import { spokenLanguage } from './language.ts';
import { watchMachine } from './machine-watch.ts';
import { type Notification, Notifier, type NotifyIntent } from './notifier.ts';
import { PairKeys } from './pair-keys.ts';
import { PairVaults } from './pair-vaults.ts';
import { pauseEnd } from './pause-length.ts';
import { powerSource } from './power-source.ts';
import { settingsKeeper } from './settings-keeper.ts';
import { openSettings, type SettingsStore } from './settings-store.ts';
import { SyncService } from './sync-service.ts';
import { Throttle } from './throttle.ts';
import { AppTray } from './tray.ts';
import { watchTrayHost } from './tray-host.ts';
import type { TrayIntent } from './tray-menu.ts';
import { followTrayHost } from './tray-presence.ts';
import { ViewingFolder } from './viewing-folder.ts';
import { LOOK_EVERY_MS, VitalSigns } from './vital-signs.ts';
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
  /** Shows a folder, and does nothing else. */
  follow(link: FolderLink): void;
}

/** Builds the running app out of its parts. Called once, when Electron is ready. */
export async function startApp({ hidden, worker, out }: StartOptions): Promise<RunningApp> {
  const platform = nodePlatform();
  const { fs, clock, random, home } = platform;
  const assets = join(app.getAppPath(), 'assets');
  const life = { quitting: false };
  const languages = app.getPreferredSystemLanguages();
  // For what keeps the app from starting; the chosen one is known later.
  setLanguage(spokenLanguage('system', languages));
  const log = await openAppLog(platform);
  const faults = new FaultDesk({ clock, log: (message, fields) => log.line('error', message, fields), onFault: (text) => service.fault(text) });
  catchFaults(faults);
  const vitals = new VitalSigns({
    clock,
    startedAt: process.getCreationTime() ?? performance.timeOrigin,
    delays: monitorEventLoopDelay({ resolution: LOOK_EVERY_MS }),
    memory: () => app.getAppMetrics().map(({ type, memory }) => ({ type, kib: memory.workingSetSize })),
    log: (message, fields) => log.line('info', message, fields),
  });
  Menu.setApplicationMenu(null);

  let answer: (desk: AppDesk) => void = () => undefined;
  const desk = new Promise<AppDesk>((resolve) => {
    answer = resolve;
  });
  // Before the settings are read: from here on a command does not write them itself.
  const control = await openAppControl({ ...platform, lockFile: join(app.getPath('userData'), `${APP_CONTROL}.lock`), log }, desk);
  const autostart = appAutostart(fs, home);
  const store = await openSettings(join(app.getPath('userData'), 'settings.json'), platform);
  setLanguage(spokenLanguage(store.now.language, languages));
  store.onTrouble((trouble) =>
    log.line(trouble === null ? 'info' : 'error', trouble === null ? 'settings written again' : 'settings not written', { reason: trouble?.message ?? '' }),
  );
  // The session's own settings may have switched it off.
  store.change({ startAtLogin: await autostart.isOn().catch(() => store.now.startAtLogin) });
  void autostart.renew().catch((error: unknown) => log.line('warn', 'what starts at login was not written', { error: String(error) }));
  const systemIsDark = nativeTheme.shouldUseDarkColors;
  applyTheme(store);

  const keychain = keytarKeychain({ clock });
  const [keys, vaults] = [new PairKeys(keychain, random), new PairVaults(keychain)];
  const gains = new FolderGains(clock.now());
  const service = new SyncService({
    store,
    keys,
    vaults,
    clock,
    random,
    version: app.getVersion(),
    homeDir: home.homeDir,
    computer: asDeviceName(home.hostname),
    languages,
    onChange: () => refresh(),
  });
  const engine = new EngineClient({
    clock,
    spawn: () => new Worker(worker, { name: 'engine' }) as EngineThread,
    onNews: (news) => {
      gains.add(news.activity);
      gains.settle(news.settled);
      service.news(news);
    },
    onPaused: (pair, pause) => service.paused(pair, pause),
    onFault: (error, pair) => faults.record('engine', error, pair),
    onHealth: (health) => {
      log.line(health.kind === 'running' ? 'info' : 'warn', `engine ${health.kind}`, 'message' in health ? { reason: health.message } : {});
      service.engineHealth(health);
    },
    onStart: () => service.engineStarted(),
  });
  service.attach(engine);

  const window = new AppWindow({
    session: openSession(join(out, '../renderer'), platform),
    preload: join(out, '../preload/preload.cjs'),
    icon: join(assets, 'icon.png'),
    place: () => store.now.window,
    onPlace: (place) => store.change({ window: place }),
    mayHide: () => home.platform !== 'linux' || service.state.tray === 'shown',
    isQuitting: () => life.quitting,
    clock,
    onPainted: () => vitals.mark('window'),
    onCrash: (reason) => faults.record('window', new Error(`the page ended: ${reason}`)),
  });
  const notify = showsNotifications(home.platform, join(assets, 'icon.png'), (intent) => follow(intent, service, window));
  const notifier = new Notifier({ clock, gains, show: notify });
  const tray = new AppTray({
    icons: join(assets, 'tray'),
    platform: home.platform,
    desktop: home.env['XDG_CURRENT_DESKTOP'],
    clock,
    systemIsDark,
    onIntent: (intent) => obey(intent, service, window, platform),
  });
  const tell = new Throttle(clock, TELL_EVERY_MS, () => window.send('state', service.state));
  const refresh = (): void => {
    setLanguage(service.state.language);
    tell.call();
    tray.update(service.state);
    vitals.update(service.state);
    notifier.update(service.state);
  };

  const viewing = new ViewingFolder(app.getPath('temp'));
  const tokens = new FolderTokens(random, home.homeDir);
  const handlers = requestHandlers({ service, engine, window, tokens, autostart, platform, faults, viewing, vitals, onTheme: () => applyTheme(store) });
  serveRequests({ handlers, window: () => window.contents, origin: APP_ORIGIN });
  tray.create();
  vitals.mark('tray');
  // Before the engines, whose start takes the processor from the page's.
  if (!hidden) window.show();
  store.keepBy(await settingsKeeper(), clock);
  answer({ set: (folder, name, value) => service.setByCommand(folder, name, value) });
  engine.start();
  powerMonitor.on('suspend', () => service.sleep());
  powerMonitor.on('resume', () => service.wake());
  const watching = new AbortController();
  void watchMachine({ clock, isOnline: () => net.isOnline(), power: powerSource(home.platform), onChange: (machine) => service.machine(machine) }, watching.signal);
  // To the last the app may write its settings, so until then commands find it.
  stopWithApp({ engine, control, life }, () => {
    watching.abort();
    store.tryAgain();
    void viewing.remove().catch(() => undefined);
    void log.close().catch(() => undefined);
    notifier.end();
    tell.end();
    tray.destroy();
  });
  if (home.platform === 'linux') {
    const onLost = (): void => {
      if (window.isHidden && !life.quitting) window.showMinimised();
    };
    await followTrayHost({ watch: watchTrayHost, clock, onPresence: (presence) => service.trayPresence(presence), renew: () => tray.create(), onLost });
  } else service.trayPresence('shown');
  log.line('info', 'started', { version: app.getVersion(), hidden });
  return { show: () => window.show(), follow: ({ pair }) => showFolder(pair, service, window) };
}

/** A mistake nobody caught must not end the app: what went wrong in one place says nothing about the folders. */
function catchFaults(faults: FaultDesk): void {
  process.on('uncaughtException', (error) => {
    if (!isClosedPipe(error)) faults.record('main', error);
  });
  process.on('unhandledRejection', (error) => faults.record('main', error));
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

/** On Linux by the desktop's own service, which has buttons; else, and where there is none, by Electron's. */
function showsNotifications(platform: string, icon: string, onIntent: (intent: NotifyIntent) => void): (notification: Notification) => void {
  const desktop: DesktopNotify | null = platform === 'linux' ? freedesktopNotify(app.getName(), icon) : null;
  return (notification) => {
    void (desktop?.show(notification, onIntent) ?? Promise.resolve(false)).then((shown) => {
      if (!shown) showByElectron(notification, icon, onIntent);
    });
  };
}

function showByElectron({ title, body, button, onClick }: Notification, icon: string, onIntent: (intent: NotifyIntent) => void): void {
  const shown = new SystemNotification({ title, body, icon, actions: button === null ? [] : [{ type: 'button', text: button.label }] });
  shown.on('click', () => onIntent(onClick));
  if (button !== null) shown.on('action', () => onIntent(button.intent));
  shown.show();
}

function follow(intent: NotifyIntent, service: SyncService, window: AppWindow): void {
  switch (intent.kind) {
    case 'conflicts':
      window.showView('conflicts');
      break;
    case 'overview':
      window.showView('overview');
      break;
    case 'folder':
      showFolder(intent.pair, service, window);
      break;
    case 'sync':
      // What goes wrong shows in the app's state.
      service.syncNow(intent.pair).catch(() => undefined);
      break;
  }
}

/** A folder that is not there (any more) shows the app as it is. */
function showFolder(pair: string, service: SyncService, window: AppWindow): void {
  if (service.has(pair)) window.showView('folders', pair);
  else window.show();
}

/** Does what a click in the tray's menu asks for. What goes wrong shows in the app's state. */
function obey(intent: TrayIntent, service: SyncService, window: AppWindow, platform: Platform): void {
  const quietly = (work: Promise<unknown>): void => void work.catch(() => undefined);
  switch (intent.kind) {
    case 'open':
      window.show();
      break;
    case 'open-folder':
      // What became of one that is not there stands on its card.
      void openSide(service, platform, intent.pair, 'source').catch(() => showFolder(intent.pair, service, window));
      break;
    case 'open-pair':
      showFolder(intent.pair, service, window);
      break;
    case 'pause':
      quietly(service.pause(null, pauseEnd(intent.length, platform.clock.now())));
      break;
    case 'resume':
      quietly(service.resume(null));
      break;
    case 'sync':
      quietly(service.syncNow(null));
      break;
    case 'reveal':
      // What became of a file that is not there any more stands in the activity.
      void revealFile(service, platform, intent.pair, intent.path).catch(() => window.showView('activity'));
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
function stopWithApp(
  { engine, control, life }: { readonly engine: EngineClient; readonly control: ControlServer; readonly life: { quitting: boolean } },
  onStop: () => void,
): void {
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
    const last = (): Promise<void> => control.close();
    engine.stop(STOP_WITHIN_MS).then(last, last).then(end, end);
  });
}
