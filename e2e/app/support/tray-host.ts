import dbus from 'dbus-next';

/** A StatusNotifier host: what a desktop's panel is to a tray icon, without the pixels. */
const WATCHER = 'org.kde.StatusNotifierWatcher';
const ITEM = 'org.kde.StatusNotifierItem';
const MENU = 'com.canonical.dbusmenu';
/** A menu follows the app's state within this time. */
const APPEARS_MS = 5_000;
const { Interface, ACCESS_READ } = dbus.interface;

class Watcher extends Interface {
  readonly items: string[] = [];
  readonly #onItem: (service: string) => void;

  constructor(onItem: (service: string) => void) {
    super(WATCHER);
    this.#onItem = onItem;
  }
  RegisterStatusNotifierItem(service: string): void {
    this.items.push(service);
    this.#onItem(service);
    this.StatusNotifierItemRegistered(service);
  }
  RegisterStatusNotifierHost(): void {
    this.StatusNotifierHostRegistered();
  }
  get RegisteredStatusNotifierItems(): string[] {
    return this.items;
  }
  get IsStatusNotifierHostRegistered(): boolean {
    return true;
  }
  get ProtocolVersion(): number {
    return 0;
  }
  StatusNotifierItemRegistered(service: string): string {
    return service;
  }
  StatusNotifierItemUnregistered(service: string): string {
    return service;
  }
  StatusNotifierHostRegistered(): void {}
}
Watcher.configureMembers({
  methods: { RegisterStatusNotifierItem: { inSignature: 's' }, RegisterStatusNotifierHost: { inSignature: 's' } },
  properties: {
    RegisteredStatusNotifierItems: { signature: 'as', access: ACCESS_READ },
    IsStatusNotifierHostRegistered: { signature: 'b', access: ACCESS_READ },
    ProtocolVersion: { signature: 'i', access: ACCESS_READ },
  },
  signals: { StatusNotifierItemRegistered: { signature: 's' }, StatusNotifierItemUnregistered: { signature: 's' }, StatusNotifierHostRegistered: { signature: '' } },
});

export interface MenuEntry {
  readonly id: number;
  readonly label: string;
  readonly type: string;
  readonly enabled: boolean;
  readonly children: readonly MenuEntry[];
}
export interface IconImage {
  readonly width: number;
  readonly height: number;
  /** A, R, G, B of each pixel. */
  readonly argb: Buffer;
}

export interface TrayItem {
  tooltip(): Promise<string>;
  icon(): Promise<IconImage>;
  menu(): Promise<readonly MenuEntry[]>;
  /** Clicks an entry by its label, as a panel does. */
  clickMenu(label: string): Promise<void>;
  activate(): Promise<void>;
}
export interface TrayHost {
  /** The newest icon that registered; waits for the first. */
  item(): Promise<TrayItem>;
  readonly registered: () => number;
  stop(): void;
}

/** Start it before the app, with the same session bus. */
export async function startTrayHost(): Promise<TrayHost> {
  const bus = dbus.sessionBus();
  bus.on('error', () => undefined);
  const waiting: (() => void)[] = [];
  const watcher = new Watcher(() => {
    for (const wake of waiting.splice(0)) wake();
  });
  bus.export('/StatusNotifierWatcher', watcher);
  await bus.requestName(WATCHER, 0);
  return {
    registered: () => watcher.items.length,
    async item() {
      if (watcher.items.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
      return trayItem(bus, watcher.items.at(-1) ?? '');
    },
    stop: () => bus.disconnect(),
  };
}

function trayItem(bus: dbus.MessageBus, service: string): TrayItem {
  const cut = service.startsWith(':') ? service.indexOf('/') : -1;
  const [destination, path] = cut > 0 ? [service.slice(0, cut), service.slice(cut)] : [service, '/StatusNotifierItem'];
  const call = async (at: string, iface: string, member: string, signature = '', body: unknown[] = []): Promise<unknown[]> => {
    const reply = await bus.call(new dbus.Message({ destination, path: at, interface: iface, member, signature, body }));
    return reply?.body ?? [];
  };
  const property = async (name: string): Promise<unknown> => ((await call(path, 'org.freedesktop.DBus.Properties', 'Get', 'ss', [ITEM, name]))[0] as dbus.Variant).value;
  const layout = async (menu: string): Promise<MenuEntry> => asEntry((await call(menu, MENU, 'GetLayout', 'iias', [0, -1, []]))[1] as RawEntry);
  const menuPath = async (): Promise<string> => String(await property('Menu'));
  return {
    tooltip: async () => String(((await property('ToolTip')) as unknown[])[2]),
    icon: async () => {
      const [[width, height, argb]] = (await property('IconPixmap')) as [[number, number, Uint8Array]];
      return { width, height, argb: Buffer.from(argb) };
    },
    menu: async () => (await layout(await menuPath())).children,
    async clickMenu(label) {
      const menu = await menuPath();
      const end = Date.now() + APPEARS_MS;
      for (;;) {
        const entry = find((await layout(menu)).children, label);
        if (entry?.enabled) {
          // A menu that was made anew since has other ids: looked up again, as a person would.
          const clicked = await call(menu, MENU, 'Event', 'isvu', [entry.id, 'clicked', new dbus.Variant('s', ''), 0]).then(
            () => true,
            () => false,
          );
          if (clicked) return;
        }
        if (Date.now() > end) throw new Error(`no menu entry ${label} to click`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    activate: async () => void (await call(path, ITEM, 'Activate', 'ii', [0, 0])),
  };
}

type RawEntry = [number, Record<string, dbus.Variant>, dbus.Variant<RawEntry>[]];

function asEntry([id, properties, children]: RawEntry): MenuEntry {
  const label = String(properties['label']?.value ?? '');
  // The protocol marks access keys by one underscore and writes a real one as two.
  const plain = label.replaceAll('__', '\0').replaceAll('_', '').replaceAll('\0', '_');
  return {
    id,
    label: plain,
    type: String(properties['type']?.value ?? 'standard'),
    enabled: properties['enabled']?.value !== false,
    children: children.map((child) => asEntry(child.value)),
  };
}

function find(entries: readonly MenuEntry[], label: string): MenuEntry | null {
  for (const entry of entries) {
    const found = entry.label === label ? entry : find(entry.children, label);
    if (found !== null) return found;
  }
  return null;
}

/** Every line of a menu, submenus included. */
export function labels(entries: readonly MenuEntry[]): readonly string[] {
  return entries.flatMap((entry) => (entry.type === 'separator' ? [] : [entry.label, ...labels(entry.children)]));
}
