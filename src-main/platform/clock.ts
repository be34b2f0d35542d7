/** Time and chance come in by argument; that is what lets a seed replay a bug (STYLE rule 9). */
export interface Clock {
  /** Wall clock, ms since the epoch. For names, logs and display; no decision rests on it (C44). */
  now(): number;
  /** Monotonic ms, for rates and time-outs. */
  monotonic(): number;
  /** Resolves after `ms`; rejects with `aborted` when the signal fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Random {
  /** A fresh id of 16 lower-case hex digits. */
  id(): string;
  /** A number in [0, 1). */
  fraction(): number;
}

/** Fresh unpredictable bytes, for keys and salts. */
export type Chance = (length: number) => Uint8Array;

/** An incremental SHA-256. */
export interface Hasher {
  update(chunk: Uint8Array): void;
  /** 64 lower-case hex digits; the hasher is spent afterwards. */
  digest(): string;
}
export type NewHasher = () => Hasher;
