import { BrowserWindow, nativeTheme, type Session, type WebContents } from 'electron';
import { type EventName, type Events, type View, wireName } from '../../src-preload/contract/channels.ts';
import { en } from '../../src-renderer/strings/en.ts';
import { APP_PAGE } from './app-pages.ts';

export interface WindowPorts {
  readonly session: Session;
  readonly preload: string;
  readonly icon: string;
  readonly size: () => { readonly width: number; readonly height: number } | null;
  readonly onSize: (size: { readonly width: number; readonly height: number }) => void;
  /** Whether a hidden window can be brought back by the tray. */
  readonly mayHide: () => boolean;
  readonly isQuitting: () => boolean;
}

const DEFAULT_SIZE = { width: 1040, height: 740 };
const LEAST_SIZE = { minWidth: 640, minHeight: 480 };

/** The app's one window. Closing it hides it; where nothing could bring it back it is minimised instead. */
export class AppWindow {
  readonly #ports: WindowPorts;
  #window: BrowserWindow | null = null;
  /** Which view to show once the page listens. */
  #wanted: View | null = null;
  #listening = false;

  constructor(ports: WindowPorts) {
    this.#ports = ports;
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
    const window = this.#window ?? this.#create();
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }

  /** In the task bar, for desktops without a tray. */
  showMinimised(): void {
    const window = this.#window ?? this.#create();
    window.showInactive();
    window.minimize();
  }

  /** Shows a view, now or as soon as the page listens. */
  showView(view: View): void {
    this.show();
    this.#wanted = view;
    if (this.#listening) this.pageListens();
  }

  /** The page has asked for its first picture, so it hears events from here on. */
  pageListens(): void {
    this.#listening = true;
    if (this.#wanted !== null) this.send('navigate', { view: this.#wanted });
    this.#wanted = null;
  }

  send<E extends EventName>(event: E, payload: Events[E]): void {
    if (this.#window !== null && !this.#window.isDestroyed()) this.#window.webContents.send(wireName(event), payload);
  }

  #create(): BrowserWindow {
    const { session, preload, icon, size, onSize, mayHide, isQuitting } = this.#ports;
    const window = new BrowserWindow({
      ...DEFAULT_SIZE,
      ...(size() ?? {}),
      ...LEAST_SIZE,
      show: false,
      title: en.app,
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
    window.on('close', (event) => {
      const { width, height } = window.getNormalBounds();
      onSize({ width, height });
      if (isQuitting()) return;
      event.preventDefault();
      if (mayHide()) window.hide();
      else window.minimize();
    });
    window.webContents.on('did-start-loading', () => {
      this.#listening = false;
    });
    window.on('closed', () => {
      this.#window = null;
      this.#listening = false;
    });
    // A page that dies takes nothing with it: the engine is elsewhere.
    window.webContents.on('render-process-gone', (_, { reason }) => {
      if (reason !== 'clean-exit' && !window.isDestroyed()) window.reload();
    });
    this.#window = window;
    void window.loadURL(APP_PAGE);
    return window;
  }
}
