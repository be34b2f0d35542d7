import type { PairEngine } from './engine/sync-manager.ts';
import type { Platform } from './platform/platform.ts';
import type { Config } from './settings/settings.ts';
import type { Holder } from './state/lock.ts';

export type { Platform };

export interface ComposeOptions {
  /** What kind of program owns the engine; named to whoever finds the folder taken. */
  readonly kind: Holder['kind'];
  /** `own`: takes the folder's lock. `look`: needs none and changes nothing that lasts; for dry runs and questions. */
  readonly mode: 'own' | 'look';
}

export interface Pair {
  readonly engine: PairEngine;
  /** The real path of the synced folder. */
  readonly source: string;
  /** Who owns the folder now; null when nobody does. */
  holder(): Promise<Holder | null>;
  /** Stops the engine, lets go of the folder. */
  close(): Promise<void>;
}
export async function composePair(_config: Config, _platform: Platform, _options: ComposeOptions): Promise<Pair> {
  throw new Error('x');
}
