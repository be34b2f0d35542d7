import type { Chance, Clock, NewHasher, Random } from './clock.ts';
import type { Fs } from './fs.ts';

/** The world as the composition root needs it. */
export interface Platform {
  readonly fs: Fs;
  /** The same for disks of this machine, where short calls are made at once; default: `fs`. */
  readonly quickFs?: Fs;
  readonly clock: Clock;
  readonly random: Random;
  readonly chance: Chance;
  readonly newHasher: NewHasher;
  readonly home: Home;
}

/** The user, the machine and the process we run as. */
export interface Home {
  readonly platform: string;
  readonly homeDir: string;
  readonly hostname: string;
  readonly pid: number;
  readonly env: Readonly<Record<string, string | undefined>>;
}
