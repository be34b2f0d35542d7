import { BrowserWindow, nativeTheme, type Session, screen, type WebContents } from 'electron';
import { type EventName, type Events, type View, wireName } from '../../src-preload/contract/channels.ts';
import { say } from '../../src-renderer/strings/say.ts';
import type { Clock } from '../platform/clock.ts';
import { APP_PAGE } from './app-pages.ts';
import { Countdown } from './countdown.ts';
import { type Opening, openingBounds, type WindowPlace } from './window-place.ts';
import { WindowPlacement } from './window-placement.ts';

export interface WindowPorts {
  readonly session: Session;
  readonly preload: string;
  readonly icon: string;
  /** Where the last window was. */
  readonly place: () => WindowPlace | null;
  readonly onPlace: (place: WindowPlace) => void;
  /** Whether a hidden window can be brought back by the tray. */
  readonly mayHide: () => boolean;
  readonly isQuitting: () => boolean;
  readonly clock: Clock;
  /** What it shows can be seen. */
  readonly onPainted: () => void;
  /** The page is gone, and is loaded again unless that keeps happening. */
  readonly onCrash: (reason: string) => void;
}

/** A page that dies so often within the time is not loaded again before the user asks for it. */
const MOST_CRASHES = 3;
const WITHIN_MS = 60_000;

/** Who closes the window and wants it again finds it at once for so long; then the memory of its page is worth more than the half second that a new one takes. */
const KEEP_HIDDEN_MS = 120_000;

/** Who asks for the window while its page is on the way out waits no longer for that; a page may hang. */
const LEAVE_WITHIN_MS = 1_000;

const DEFAULT_SIZE = { width: 1040, height: 740 };
const LEAST_SIZE = { minWidth: 640, minHeight: 480 };

/** The app's one window. Closing it hides it, and closing what is hidden ends it, as happens by itself after {@link KEEP_HIDDEN_MS}; where nothing could bring it back it is minimised instead. */
export class AppWindow {
  readonly #ports: WindowPorts;
  readonly #hidden: Countdown;
  readonly #late: Countdown;
  #window: BrowserWindow | null = null;
  #placement: WindowPlacement | null = null;
  /** Which view to show once the page listens. */
  #wanted: Events['navigate'] | null = null;
  #crashes: readonly number[] = [];
  #listening = false;
  /** While a hidden page is on its way out: whether the window was asked for meanwhile. */
  #leaving: { back: boolean } | null = null;

  constructor(ports: WindowPorts) {
    this.#ports = ports;
    this.#hidden = new Countdown(ports.clock, KEEP_HIDDEN_MS, () => {
      if (this.isHidden) this.#window?.close();
    });
    this.#late = new Countdown(ports.clock, LEAVE_WITHIN_MS, () => this.#window?.destroy());
  }

  get contents(): WebContents | null {
    return this.#window?.webContents ?? null;
  }

  /** The window itself, for the system's dialogs. */
  get native(): BrowserWindow | null {
    return this.#window;
  }

  get isHidden(): boolean {
    return this.#window === null || !this.#window.isVisible();
  }

  show(): void {
    if (this.#leaving !== null) {
      this.#leaving.back = true;
      this.#late.begin();
      return;
    }
    const window = this.#window ?? this.#create();
    if (window.isMinimized()) window.restore();
    window.show();
    this.#placement?.shown();
    window.focus();
  }

  /** In the task bar, for desktops without a tray. */
  showMinimised(): void {
    if (this.#leaving !== null) return this.show();
    const window = this.#window ?? this.#create();
    window.showInactive();
    window.minimize();
  }

  /** Shows a view, now or as soon as the page listens. */
  showView(view: View, pair?: string): void {
    this.show();
    this.#wanted = { view, ...(pair === undefined ? {} : { pair }) };
    if (this.#listening && this.#leaving === null) this.pageListens();
  }

  /** The page has asked for its first picture, so it hears events from here on. */
  pageListens(): void {
    this.#listening = true;
    if (this.#wanted !== null) this.send('navigate', this.#wanted);
    this.#wanted = null;
  }

  send<E extends EventName>(event: E, payload: Events[E]): void {
    if (this.#window !== null && !this.#window.isDestroyed() && !this.#window.webContents.isCrashed()) this.#window.webContents.send(wireName(event), payload);
  }

  /** A page that dies takes nothing with it: the engine is elsewhere, and the page finds its place again by itself. */
  #revive(window: BrowserWindow, reason: string): void {
    const { clock, onCrash } = this.#ports;
    const now = clock.now();
    this.#crashes = [...this.#crashes.filter((at) => now >= at && now - at < WITHIN_MS), now];
    onCrash(reason);
    if (this.#crashes.length <= MOST_CRASHES) window.reload();
    // The next time it is asked for, there is a new one.
    else window.destroy();
  }

  /** The hidden page is gone, or it stays. */
  #left(): void {
    const back = this.#leaving?.back === true;
    this.#leaving = null;
    this.#late.callOff();
    if (!back) return;
    this.show();
    if (this.#listening) this.pageListens();
  }

  #create(): BrowserWindow {
    const { session, preload, icon, place, onPlace, mayHide, isQuitting, clock } = this.#ports;
    const before = place();
    const areas = screen.getAllDisplays().map(({ workArea }) => workArea);
    const bounds: Opening = before === null ? DEFAULT_SIZE : openingBounds(before, areas);
    const window = new BrowserWindow({
      ...bounds,
      ...LEAST_SIZE,
      show: false,
      title: say.app,
      icon,
      autoHideMenuBar: true,
      backgroundColor: nativeTheme.shouldUseDarkColors ? '#14171c' : '#f6f7f9',
      webPreferences: {
        session,
        preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        webviewTag: false,
        spellcheck: false,
        navigateOnDragDrop: false,
      },
    });
    const placement = new WindowPlacement({ window, clock, asked: bounds.x === undefined ? null : bounds, isMaximized: before?.isMaximized ?? false });
    // From the task bar, without having been asked for.
    window.on('restore', () => placement.shown());
    window.on('maximize', () => placement.becameMaximized(true));
    window.on('unmaximize', () => placement.becameMaximized(false));
    window.on('close', (event) => {
      // A hidden one has told it when it was hidden.
      const last = window.isVisible() ? placement.now : null;
      // Whatever comes of telling the place, the window is where it belongs first.
      if (!isQuitting()) {
        if (!mayHide()) {
          event.preventDefault();
          window.minimize();
        } else if (window.isVisible()) {
          event.preventDefault();
          window.hide();
        } else this.#leaving = { back: false };
      }
      if (last !== null) onPlace(last);
    });
    // A page in which something is being filled in stays while it is hidden; nothing else waits for its word.
    window.webContents.on('will-prevent-unload', (event) => {
      if (isQuitting() || this.#leaving === null) event.preventDefault();
      else this.#left();
    });
    window.on('hide', () => this.#hidden.begin());
    window.on('show', () => this.#hidden.callOff());
    window.webContents.on('did-start-loading', () => {
      this.#listening = false;
    });
    window.once('ready-to-show', this.#ports.onPainted);
    window.on('closed', () => {
      this.#hidden.callOff();
      placement.end();
      this.#window = null;
      this.#placement = null;
      this.#listening = false;
      this.#left();
    });
    window.webContents.on('render-process-gone', (_, { reason }) => {
      if (reason !== 'clean-exit' && !window.isDestroyed()) this.#revive(window, reason);
    });
    this.#window = window;
    this.#placement = placement;
    void window.loadURL(APP_PAGE);
    return window;
  }
}
