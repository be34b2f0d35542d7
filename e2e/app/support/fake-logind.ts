import dbus from 'dbus-next';
import { startPrivateBus } from './private-bus.ts';

const { Interface } = dbus.interface;

class Manager extends Interface {
  constructor() {
    super('org.freedesktop.login1.Manager');
  }
  Inhibit(): never {
    throw new dbus.DBusError('org.freedesktop.DBus.Error.NotSupported', 'this bus carries no file descriptors');
  }
  PrepareForSleep(begins: boolean): boolean {
    return begins;
  }
  PrepareForShutdown(begins: boolean): boolean {
    return begins;
  }
}
Manager.configureMembers({
  methods: { Inhibit: { inSignature: 'ssss', outSignature: 'h' } },
  signals: { PrepareForSleep: { signature: 'b' }, PrepareForShutdown: { signature: 'b' } },
});

export interface FakeLogind {
  /** For DBUS_SYSTEM_BUS_ADDRESS. */
  readonly address: string;
  suspend(): void;
  resume(): void;
  stop(): void;
}

/** A logind that puts the machine to sleep when a test says so. */
export async function startLogind(): Promise<FakeLogind> {
  const { address, stop } = await startPrivateBus();
  const bus = dbus.sessionBus({ busAddress: address });
  bus.on('error', () => undefined);
  const manager = new Manager();
  bus.export('/org/freedesktop/login1', manager);
  await bus.requestName('org.freedesktop.login1', 0);
  return {
    address,
    suspend: () => void manager.PrepareForSleep(true),
    resume: () => void manager.PrepareForSleep(false),
    stop: () => {
      bus.disconnect();
      stop();
    },
  };
}
