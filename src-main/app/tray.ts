import { join } from 'node:path';
import { Menu, type MenuItemConstructorOptions, type NativeImage, nativeImage, nativeTheme, Tray } from 'electron';
import type { AppState, PairState } from '../../src-preload/contract/model.ts';
import type { Clock } from '../platform/clock.ts';
import { panelGround } from './panel-ground.ts';
import { Throttle } from './throttle.ts';
import { TrayHold } from './tray-hold.ts';
import { type MenuItem, type TrayIntent, trayMenu, trayTooltip } from './tray-menu.ts';

/** A menu that is rebuilt too often closes under the pointer on some desktops. */
const MENU_EVERY_MS = 1_000;

export interface TrayPorts {
  /** The folder of the drawn icons. */
  readonly icons: string;
  readonly platform: string;
  /** XDG_CURRENT_DESKTOP. */
  readonly desktop: string | undefined;
  readonly clock: Clock;
  /** Before any theme of the app's own was set. */
  readonly systemIsDark: boolean;
  readonly onIntent: (intent: TrayIntent) => void;
}

/** The tray icon: shape, words and menu of the app's state. */
export class AppTray {
  readonly #ports: TrayPorts;
  readonly #hold: TrayHold;
  readonly #menu: Throttle;
  #tray: Tray | null = null;
  #state: AppState | null = null;
  #shown: PairState = 'not-set-up';
  #menuText = '';
  #tooltip = '';
  #systemIsDark: boolean;

  constructor(ports: TrayPorts) {
    this.#ports = ports;
    this.#systemIsDark = ports.systemIsDark;
    this.#hold = new TrayHold(ports.clock, (state) => this.#show(state));
    this.#menu = new Throttle(ports.clock, MENU_EVERY_MS, () => this.#refreshMenu());
    nativeTheme.on('updated', () => {
      // With a theme of the app's own the system's cannot be seen; the last known one stays.
      if (nativeTheme.themeSource === 'system') this.#systemIsDark = nativeTheme.shouldUseDarkColors;
      this.#show(this.#shown);
    });
  }

  /** Makes the icon, or makes it anew: a tray made before its host appeared stays invisible for good. */
  create(): void {
    this.#tray?.destroy();
    this.#tray = new Tray(this.#image(this.#shown));
    this.#tray.on('click', () => this.#ports.onIntent({ kind: 'open' }));
    this.#menuText = '';
    this.#tooltip = '';
    this.#show(this.#shown);
    this.#refreshMenu();
  }

  update(state: AppState): void {
    this.#state = state;
    this.#hold.want(state.overall);
    this.#refreshTooltip();
    this.#menu.call();
  }

  destroy(): void {
    this.#hold.end();
    this.#menu.end();
    this.#tray?.destroy();
    this.#tray = null;
  }

  #show(state: PairState): void {
    this.#shown = state;
    this.#tray?.setImage(this.#image(state));
    this.#refreshTooltip();
  }

  #refreshTooltip(): void {
    if (this.#state === null) return;
    const text = trayTooltip(this.#state, this.#shown, this.#ports.clock.now());
    if (text === this.#tooltip) return;
    this.#tooltip = text;
    this.#tray?.setToolTip(text);
  }

  /** A change of an item reaches a panel on Linux only by setting the whole menu again. */
  #refreshMenu(): void {
    if (this.#state === null || this.#tray === null) return;
    this.#refreshTooltip();
    const items = trayMenu(this.#state, this.#ports.clock.now());
    const text = JSON.stringify(items);
    if (text === this.#menuText) return;
    this.#menuText = text;
    this.#tray.setContextMenu(Menu.buildFromTemplate(items.map((item) => this.#template(item))));
  }

  #template(item: MenuItem): MenuItemConstructorOptions {
    switch (item.kind) {
      case 'separator':
        return { type: 'separator' };
      case 'label':
        return { label: item.label, enabled: false };
      case 'item':
        return { label: item.label, click: () => this.#ports.onIntent(item.intent) };
      case 'submenu':
        return { label: item.label, submenu: item.items.map((inner) => this.#template(inner)) };
    }
  }

  #image(state: PairState): NativeImage {
    const { icons, platform, desktop } = this.#ports;
    if (platform === 'darwin') return nativeImage.createFromPath(join(icons, `${state}Template.png`));
    const ground = panelGround(platform, desktop, this.#systemIsDark);
    return nativeImage.createFromPath(join(icons, platform === 'win32' ? `${state}-${ground}.ico` : `${state}-${ground}-22.png`));
  }
}
