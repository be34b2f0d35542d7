import type { Backend } from '../backends/backend.ts';
import type { Clock, NewHasher } from '../platform/clock.ts';
import { CONTROL_PREFIX } from './keys.ts';

/** Clocks drift by seconds a day; a jump of our own clock is healed after so long at most. */
const ASK_EVERY_MS = 3_600_000;

export interface StoreClockPorts {
  readonly backend: Backend;
  readonly clock: Pick<Clock, 'now'>;
  readonly newHasher: NewHasher;
  readonly device: string;
}

/**
 * The store's own time, the one clock that all devices share: a device whose clock is wrong by years must not end another's versions, nor all of them (C44). It is read off a small object that we
 * write for this, `.file-sync/devices/<hash of the device's name>.json`.
 */
export class StoreClock {
  readonly #ports: StoreClockPorts;
  #known: Promise<{ readonly askedAt: number; readonly offset: number }> | null = null;

  constructor(ports: StoreClockPorts) {
    this.#ports = ports;
  }

  /** Ms since the epoch. */
  async now(signal?: AbortSignal): Promise<number> {
    this.#known ??= this.#ask(signal);
    try {
      const known = await this.#known;
      const here = this.#ports.clock.now();
      if (here >= known.askedAt && here - known.askedAt < ASK_EVERY_MS) return here + known.offset;
    } catch (error) {
      this.#known = null;
      throw error;
    }
    this.#known = null;
    return this.now(signal);
  }

  async #ask(signal: AbortSignal | undefined): Promise<{ readonly askedAt: number; readonly offset: number }> {
    const { backend, clock, device } = this.#ports;
    const options = signal === undefined ? {} : { signal };
    const key = this.#key();
    const bytes = Buffer.from(`${JSON.stringify({ device })}\n`);
    const before = await backend.stat(key, options);
    await backend.put(
      key,
      {
        size: bytes.length,
        open: async function* () {
          yield bytes;
        },
      },
      { condition: before === null ? { kind: 'absent' } : { kind: 'match', version: before.version }, meta: {}, ...options },
    );
    // A lost race is as good: somebody of our name wrote it just now.
    const after = await backend.stat(key, options);
    const askedAt = clock.now();
    return { askedAt, offset: after === null ? 0 : Math.round(after.storedAtMs) - askedAt };
  }

  #key(): string {
    const hasher = this.#ports.newHasher();
    hasher.update(Buffer.from(this.#ports.device));
    return `${CONTROL_PREFIX}devices/${hasher.digest().slice(0, 16)}.json`;
  }
}
