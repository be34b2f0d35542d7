import type { HoldReason, MachineView } from '../../src-preload/contract/desktop.ts';
import type { PairSetting, Settings } from './settings-schema.ts';

/** What this computer does that holds folders: it sleeps, runs on its battery, has a connection that is paid for by the byte. Remembers what each engine was told of it. */
export class MachineHolds {
  readonly #told = new Map<string, string>();
  #machine: MachineView = { online: true, onBattery: null, metered: null };
  #asleep = false;

  get machine(): MachineView {
    return this.#machine;
  }

  set machine(machine: MachineView) {
    this.#machine = machine;
  }

  /** False where it was told already, as some desktops do. */
  sleeps(asleep: boolean): boolean {
    if (this.#asleep === asleep) return false;
    this.#asleep = asleep;
    return true;
  }

  /** Why a pair's engine may not work now; from here on it counts as told. */
  tell(pair: PairSetting, settings: Settings): readonly HoldReason[] {
    const reasons = this.#reasons(pair, settings);
    this.#told.set(pair.id, reasons.join());
    return reasons;
  }

  /** The same, where it is another reason than was told; null where not. */
  news(pair: PairSetting, settings: Settings): readonly HoldReason[] | null {
    return this.#reasons(pair, settings).join() === (this.#told.get(pair.id) ?? '') ? null : this.tell(pair, settings);
  }

  /** A new engine thread was told nothing. */
  forgetTold(): void {
    this.#told.clear();
  }

  #reasons({ backend }: PairSetting, { pauseOnBattery, pauseOnMetered }: Settings): readonly HoldReason[] {
    const { onBattery, metered } = this.#machine;
    return [
      ...(this.#asleep ? (['sleep'] as const) : []),
      ...(pauseOnBattery && onBattery === true ? (['battery'] as const) : []),
      ...(pauseOnMetered && metered === true && backend.kind === 's3' ? (['metered'] as const) : []),
    ];
  }
}
