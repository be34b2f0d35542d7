import type dbus from 'dbus-next';
import { powerMonitor } from 'electron';
import { loadDbus } from './dbus.ts';
import type { PowerSource } from './machine-watch.ts';

/** A system bus that does not answer in this time is none. */
const ANSWER_MS = 3_000;

/** What this system tells of its power and its connections. Whether a connection is paid for by the byte is told on Linux alone. */
export function powerSource(platform: string): PowerSource {
  return platform === 'linux' ? linuxPower() : systemPower;
}

const systemPower: PowerSource = {
  now: async () => ({ onBattery: powerMonitor.isOnBatteryPower(), metered: null }),
  listen: async (onChange) => {
    powerMonitor.on('on-ac', onChange);
    powerMonitor.on('on-battery', onChange);
    return () => {
      powerMonitor.off('on-ac', onChange);
      powerMonitor.off('on-battery', onChange);
    };
  },
};

interface Question {
  readonly name: string;
  readonly path: string;
  readonly property: string;
}
const BATTERY: Question = { name: 'org.freedesktop.UPower', path: '/org/freedesktop/UPower', property: 'OnBattery' };
const METERED: Question = { name: 'org.freedesktop.NetworkManager', path: '/org/freedesktop/NetworkManager', property: 'Metered' };
/** NetworkManager's NM_METERED: yes, and guessed so; unknown is 0. */
const METERED_YES: readonly unknown[] = [1, 3];

/** UPower and NetworkManager, by the system bus. Neither has to be there. */
function linuxPower(): PowerSource {
  let bus: dbus.MessageBus | null = null;
  const connect = async (): Promise<dbus.MessageBus> => {
    const { systemBus } = await loadDbus();
    if (bus !== null) return bus;
    bus = systemBus();
    bus.on('error', () => undefined);
    return bus;
  };
  const properties = async ({ name, path }: Question): Promise<dbus.ClientInterface> =>
    (await inTime((await connect()).getProxyObject(name, path))).getInterface('org.freedesktop.DBus.Properties');
  const ask = async (question: Question): Promise<unknown> => {
    try {
      const answer = (await inTime((await properties(question))['Get']?.(question.name, question.property) as Promise<dbus.Variant>)) as dbus.Variant;
      return answer.value;
    } catch {
      return null;
    }
  };
  return {
    now: async () => {
      const [battery, metered] = await Promise.all([ask(BATTERY), ask(METERED)]);
      return { onBattery: typeof battery === 'boolean' ? battery : null, metered: metered === null || metered === 0 ? null : METERED_YES.includes(metered) };
    },
    listen: async (onChange) => {
      for (const question of [BATTERY, METERED]) {
        const changes = await properties(question).catch(() => null);
        changes?.on('PropertiesChanged', (_name: string, changed: Readonly<Record<string, unknown>>) => {
          if (Object.hasOwn(changed, question.property)) onChange();
        });
      }
      return () => bus?.disconnect();
    },
  };
}

function inTime<T>(work: Promise<T>): Promise<T> {
  const limit = AbortSignal.timeout(ANSWER_MS);
  return Promise.race([work, new Promise<never>((_, reject) => limit.addEventListener('abort', () => reject(new Error('the system bus does not answer')), { once: true }))]);
}
