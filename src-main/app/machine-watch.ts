import type { MachineView } from '../../src-preload/contract/desktop.ts';
import type { Clock } from '../platform/clock.ts';

/** What the machine says now, and a way to hear when power or network change. A source may stay silent about either. */
export interface PowerSource {
  readonly now: () => Promise<Pick<MachineView, 'onBattery' | 'metered'>>;
  /** Resolves to the way to stop listening. */
  readonly listen: (onChange: () => void) => Promise<() => void>;
}

export interface MachinePorts {
  readonly clock: Clock;
  /** Whether any network is there. */
  readonly isOnline: () => boolean;
  readonly power: PowerSource;
  readonly onChange: (machine: MachineView) => void;
}

/** Nothing tells the main process that a network came or went. */
const LOOK_EVERY_MS = 3_000;

/** Tells of every change until `signal` fires; a state that lasts is told once. */
export async function watchMachine({ clock, isOnline, power, onChange }: MachinePorts, signal: AbortSignal): Promise<void> {
  let told = '';
  let latest: Pick<MachineView, 'onBattery' | 'metered'> = { onBattery: null, metered: null };
  const tell = (): void => {
    const machine: MachineView = { online: isOnline(), ...latest };
    const text = JSON.stringify(machine);
    if (text === told || signal.aborted) return;
    told = text;
    onChange(machine);
  };
  const look = async (): Promise<void> => {
    latest = await power.now().catch(() => ({ onBattery: null, metered: null }));
    tell();
  };
  const stop = await power.listen(() => void look()).catch(() => () => undefined);
  signal.addEventListener('abort', stop, { once: true });
  await look();
  while (!signal.aborted) {
    await clock.sleep(LOOK_EVERY_MS, signal).catch(() => undefined);
    tell();
  }
}
