import type { PairState } from '../../src-preload/contract/model.ts';
import type { Pause } from '../compose/pair-rest.ts';
import { SyncError } from '../core/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { PairEnds } from './engine-protocol.ts';
import type { Standstill } from './lasting-trouble.ts';
import { targetEnd } from './pair-plan.ts';
import type { PairSetting, Settings } from './settings-schema.ts';
import type { SettingsStore } from './settings-store.ts';

export interface ListPorts {
  readonly store: SettingsStore;
  readonly clock: Pick<Clock, 'now'>;
  readonly onChange: () => void;
}

/** The folder pairs as the settings on disk have them. */
export class PairList {
  readonly #ports: ListPorts;

  constructor(ports: ListPorts) {
    this.#ports = ports;
  }

  get settings(): Settings {
    return this.#ports.store.now;
  }

  get all(): readonly PairSetting[] {
    return this.settings.pairs;
  }

  find(id: string | null): PairSetting | undefined {
    return this.all.find((pair) => pair.id === id);
  }

  get(id: string): PairSetting {
    const pair = this.find(id);
    if (pair === undefined) throw new SyncError('not-found', 'there is no such folder pair');
    return pair;
  }

  /** `id` null: every pair. */
  some(id: string | null): readonly PairSetting[] {
    return id === null ? this.all : [this.get(id)];
  }

  /** Those of every pair but one. */
  endsBeside(id: string | null): readonly PairEnds[] {
    return this.all.filter((pair) => pair.id !== id).map(endsOf);
  }

  /** Every folder of every pair on this computer, as native paths. */
  get folders(): readonly string[] {
    return this.all.flatMap(({ source, backend }) => [source, ...(backend.kind === 'local' ? [backend.folder] : [])]);
  }

  /** The native path of one side of a pair, for the file manager. */
  path(id: string, side: 'source' | 'target'): string {
    const { source, backend } = this.get(id);
    if (side === 'source') return source;
    if (backend.kind === 's3') throw new SyncError('not-supported', 'a bucket cannot be shown in the file manager');
    return backend.folder;
  }

  /** Throws where the settings cannot be written now: what they are to remember would be forgotten, and nothing would say so at the next start. */
  mustBeKept(): void {
    const { store } = this.#ports;
    if (!store.save())
      throw new SyncError(store.trouble?.code ?? 'io', 'the settings of File Sync cannot be saved, so this would be forgotten when the app ends', {
        hint: 'Nothing was changed. Make room where the settings are kept, or allow File Sync to write there, and try again.',
        cause: store.trouble,
      });
  }

  /** Whoever adds or removes tells the change, once all of it is done. */
  add(pair: PairSetting): void {
    this.#ports.store.change({ pairs: [...this.all, pair] });
  }

  remove(id: string): void {
    this.#ports.store.change({ pairs: this.all.filter((pair) => pair.id !== id) });
  }

  replace(next: PairSetting): void {
    this.#ports.store.change({ pairs: this.all.map((pair) => (pair.id === next.id ? next : pair)) });
    this.#ports.onChange();
  }

  /** The pause that still holds, of this folder or of all; null: none does. */
  pauseOf({ pause, pauseOfAll }: PairSetting): Pause {
    const [own, all] = [this.#holding(pause), this.#holding(pauseOfAll)];
    return own === null || (all !== null && lastsLonger(all, own)) ? all : own;
  }

  /** What a word of the user's ends: for all folders only the pause of all, if any folder goes on then. `mayGoOn`: what rests for another reason that the word ends. */
  resumed(id: string | null, mayGoOn: (pair: PairSetting) => boolean): readonly PairSetting[] {
    const pairs = this.some(id);
    const keepsOwn = id === null && pairs.some((pair) => this.#holding(pair.pause) === null && (this.#holding(pair.pauseOfAll) !== null || mayGoOn(pair)));
    return pairs.map((pair) => ({ ...pair, pause: keepsOwn ? pair.pause : null, pauseOfAll: null }));
  }

  /** A timed pause ends in the engine; the settings follow. */
  forgetEndedPause(id: string, state: PairState): void {
    const pair = this.find(id);
    if (pair === undefined || state === 'paused') return;
    const [pause, pauseOfAll] = [this.#holding(pair.pause), this.#holding(pair.pauseOfAll)];
    if (pause !== pair.pause || pauseOfAll !== pair.pauseOfAll) this.replace({ ...pair, pause, pauseOfAll });
  }

  keepStandstill(id: string, standstill: Standstill | null): void {
    const pair = this.find(id);
    if (pair !== undefined && (pair.standstill?.since !== standstill?.since || pair.standstill?.code !== standstill?.code)) this.replace({ ...pair, standstill });
  }

  #holding(pause: Pause): Pause {
    return pause?.until != null && pause.until <= this.#ports.clock.now() ? null : pause;
  }
}

/** `until` null: until it is ended. */
export function lastsLonger({ until }: NonNullable<Pause>, other: NonNullable<Pause>): boolean {
  return until === null || (other.until !== null && until >= other.until);
}

export function endsOf({ source, backend }: PairSetting): PairEnds {
  return { source, target: targetEnd(backend) };
}
