import type { PathProblem } from '../core/entry.ts';
import type { DrillStatus } from '../core/events.ts';
import type { Sample } from '../core/sample.ts';
import type { PairSettings } from '../core/settings.ts';
import type { Clock, NewHasher, Random } from '../platform/clock.ts';
import type { RemoteTree } from '../remote/remote-tree.ts';
import type { StateStore } from '../state/state-store.ts';
import { type DrillReport, drill } from './drill.ts';
import { DRILL_VALUE, DrillLog } from './drill-log.ts';
import { asSyncError } from './execute.ts';
import type { EngineLog } from './log.ts';
import type { OneAtATime } from './one-at-a-time.ts';
import type { Picture } from './picture.ts';
import type { Places } from './places.ts';
import type { ProgressMeter } from './progress.ts';
import type { World } from './world.ts';

/** A drill that nobody asked for fetches no more. */
const MOST_BYTES = 1024 ** 3;

export interface DrillPorts {
  readonly remote: RemoteTree;
  readonly state: StateStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly newHasher: NewHasher;
  readonly log: EngineLog;
  readonly settings: PairSettings;
  readonly world: World;
  readonly places: Places;
  readonly picture: Picture;
  readonly queue: OneAtATime;
  meter(): ProgressMeter;
  /** Nothing is at work any more. */
  ended(): void;
}

/** Restore drills, asked for and by themselves, and what the last one found. */
export class Drills {
  readonly #ports: DrillPorts;
  readonly #log: DrillLog;

  constructor(ports: DrillPorts, stored: string | undefined) {
    this.#ports = ports;
    this.#log = new DrillLog(stored, ports.settings.verifyEveryDays ?? 0);
  }

  /** Null before the first. */
  get status(): DrillStatus | null {
    return this.#log.status;
  }

  /** What the last one could not bring back, as long as the backup holds that very version. */
  get problems(): readonly PathProblem[] {
    return this.#log.failures
      .filter(({ path, version }) => this.#ports.world.base.get(path)?.version === version)
      .map(({ path, why }) => ({ path, side: 'remote', reason: 'corrupt', subtree: false, detail: `the restore drill could not bring it back: ${why}` }));
  }

  make(sample: Sample, given?: AbortSignal): Promise<DrillReport> {
    return this.#ports.queue.run((signal) => this.#make(sample, Number.POSITIVE_INFINITY, signal), given);
  }

  /** While watching. */
  async makeWhenDue(): Promise<void> {
    const { clock, settings, log, picture, queue, world } = this.#ports;
    const { verifySample } = settings;
    if (verifySample === undefined || picture.error !== null || !picture.looked || world.base.size === 0) return;
    const due = this.#log.isDue(clock.now());
    if (due === 'not yet') return;
    try {
      if (due === 'now') await queue.run((signal) => this.#make(verifySample, MOST_BYTES, signal));
      else await this.#remember();
    } catch (error) {
      this.#log.putOff(clock.now());
      const { code, message } = asSyncError(error);
      if (code !== 'aborted') log.line('warn', 'the restore drill could not be made, and is tried again tomorrow', { code, message });
    }
  }

  async #make(sample: Sample, mostBytes: number, signal: AbortSignal): Promise<DrillReport> {
    const { remote, random, newHasher, clock, world, places, meter, ended } = this.#ports;
    try {
      await places.check(null, signal);
      const report = await drill(sample, mostBytes, { remote, random, newHasher, base: world.base, signal, meter: meter() });
      this.#log.made(report, clock.now());
      await this.#remember();
      return report;
    } finally {
      ended();
    }
  }

  async #remember(): Promise<void> {
    await this.#ports.state.commit({ values: { [DRILL_VALUE]: this.#log.text } });
  }
}
