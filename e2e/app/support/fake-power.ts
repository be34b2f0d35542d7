import dbus from 'dbus-next';
import { startPrivateBus } from './private-bus.ts';

const { Interface } = dbus.interface;

class UPower extends Interface {
  OnBattery = false;
  constructor() {
    super('org.freedesktop.UPower');
  }
}
UPower.configureMembers({ properties: { OnBattery: { signature: 'b', access: 'read' } } });

class NetworkManager extends Interface {
  Metered = 4;
  constructor() {
    super('org.freedesktop.NetworkManager');
  }
}
NetworkManager.configureMembers({ properties: { Metered: { signature: 'u', access: 'read' } } });

export interface FakePower {
  /** For DBUS_SYSTEM_BUS_ADDRESS. */
  readonly address: string;
  battery(on: boolean): void;
  metered(on: boolean): void;
  stop(): void;
}

/** UPower and NetworkManager that say what a test wants. */
export async function startPower(): Promise<FakePower> {
  const { address, stop } = await startPrivateBus();
  const bus = dbus.sessionBus({ busAddress: address });
  bus.on('error', () => undefined);
  const [power, network] = [new UPower(), new NetworkManager()];
  bus.export('/org/freedesktop/UPower', power);
  bus.export('/org/freedesktop/NetworkManager', network);
  for (const name of ['org.freedesktop.UPower', 'org.freedesktop.NetworkManager']) await bus.requestName(name, 0);
  return {
    address,
    battery: (on) => {
      power.OnBattery = on;
      Interface.emitPropertiesChanged(power, { OnBattery: on }, []);
    },
    metered: (on) => {
      network.Metered = on ? 1 : 4;
      Interface.emitPropertiesChanged(network, { Metered: network.Metered }, []);
    },
    stop: () => {
      bus.disconnect();
      stop();
    },
  };
}
