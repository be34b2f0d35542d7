import dbus from 'dbus-next';

const { Interface } = dbus.interface;

export interface Shown {
  readonly id: number;
  readonly title: string;
  readonly body: string;
  /** What its buttons say, beside the click on it as a whole. */
  readonly buttons: readonly string[];
}

class Notifications extends Interface {
  readonly shown: Shown[] = [];
  readonly #clicksAtOnce: boolean;
  constructor(clicksAtOnce: boolean) {
    super('org.freedesktop.Notifications');
    this.#clicksAtOnce = clicksAtOnce;
  }
  GetServerInformation(): [string, string, string, string] {
    return ['test', 'test', '1.0', '1.2'];
  }
  GetCapabilities(): string[] {
    return ['actions', 'body'];
  }
  Notify(_app: string, replaces: number, _icon: string, title: string, body: string, actions: readonly string[]): number {
    const id = replaces || this.shown.length + 1;
    const buttons = actions.filter((_, i) => i % 2 === 1 && actions[i - 1] !== 'default');
    this.shown.push({ id, title, body, buttons });
    if (this.#clicksAtOnce) setImmediate(() => this.ActionInvoked(id, 'default'));
    return id;
  }
  CloseNotification(id: number): void {
    this.NotificationClosed(id, 3);
  }
  NotificationClosed(id: number, reason: number): [number, number] {
    return [id, reason];
  }
  ActionInvoked(id: number, key: string): [number, string] {
    return [id, key];
  }
}
Notifications.configureMembers({
  methods: {
    GetServerInformation: { outSignature: 'ssss' },
    GetCapabilities: { outSignature: 'as' },
    Notify: { inSignature: 'susssasa{sv}i', outSignature: 'u' },
    CloseNotification: { inSignature: 'u' },
  },
  signals: { NotificationClosed: { signature: 'uu' }, ActionInvoked: { signature: 'us' } },
});

export interface NotificationDaemon {
  readonly shown: readonly Shown[];
  press(id: number, button: string): void;
  stop(): void;
}

/** A notification daemon that remembers what it was asked to show. With `clicksAtOnce` somebody clicks on each before its id can have arrived. */
export async function startNotificationDaemon({ clicksAtOnce = false } = {}): Promise<NotificationDaemon> {
  const bus = dbus.sessionBus();
  bus.on('error', () => undefined);
  const daemon = new Notifications(clicksAtOnce);
  bus.export('/org/freedesktop/Notifications', daemon);
  if ((await bus.requestName('org.freedesktop.Notifications', 4)) !== 1) throw new Error('another notification daemon runs here');
  return {
    shown: daemon.shown,
    press: (id, button) => void daemon.ActionInvoked(id, button),
    stop: () => bus.disconnect(),
  };
}
