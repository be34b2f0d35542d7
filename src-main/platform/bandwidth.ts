/** How fast bytes may move, both ways, shared by everything that was given the same one; may be changed at any time (C71). */
export interface Bandwidth {
  /** Resolves when `bytes` more may pass in that direction; at once where there is no limit. Rejects with `aborted` when the signal fires. */
  take(direction: 'up' | 'down', bytes: number, signal?: AbortSignal): Promise<void>;
}

export const UNLIMITED: Bandwidth = { take: async () => undefined };

/** Bytes a second each way; null: no limit. */
export interface BandwidthLimits {
  readonly up: number | null;
  readonly down: number | null;
}

export const NO_LIMITS: BandwidthLimits = { up: null, down: null };
