import type { PairSettings } from '../core/settings.ts';
import type { Clock } from '../platform/clock.ts';
import type { Extent } from './wake.ts';

/** A look may take at most this part of the time. */
const SHARE = 20;

export interface Due {
  /** Ask for news of the remote side. */
  readonly poll: boolean;
  /** Look at the whole remote side. */
  readonly list: boolean;
  /** Look at the whole local side. */
  readonly scan: boolean;
}

/** What is due when, while watching. Where devices tell each other their changes, a poll asks for those, and the store is listed now and then; elsewhere each poll is a listing. */
export class Timetable {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #settings: PairSettings;
  readonly #hasFeed: boolean;
  #polledAt: number;
  #listedAt: number;
  #scannedAt: number;
  #lookTookMs = 0;
  #listSoon = false;

  constructor(clock: Pick<Clock, 'monotonic'>, settings: PairSettings, hasFeed: boolean) {
    this.#clock = clock;
    this.#settings = settings;
    this.#hasFeed = hasFeed;
    const now = clock.monotonic();
    this.#polledAt = now;
    this.#listedAt = now;
    this.#scannedAt = now;
  }

  /** After a turn, whatever came of it. */
  looked({ local, remote }: { readonly local: Extent; readonly remote: Extent }): void {
    const now = this.#clock.monotonic();
    if (local === 'all') this.#scannedAt = now;
    if (remote !== 'all') return;
    this.#listedAt = now;
    this.#polledAt = now;
  }

  polled(): void {
    this.#polledAt = this.#clock.monotonic();
  }

  /** How long it took to look at both sides in full: what takes long is done less often. */
  lookTook(ms: number): void {
    this.#lookTookMs = ms;
  }

  /** Something is left that only a listing can settle: the next poll is one. A listing that begins now need not be followed by another. */
  listSoon(wanted: boolean): void {
    this.#listSoon = wanted;
  }

  /** Ms until the next poll. */
  get pollIn(): number {
    const { pollEveryMs } = this.#settings;
    const every = this.#hasFeed && !this.#listSoon ? pollEveryMs : Math.max(pollEveryMs, SHARE * this.#lookTookMs);
    return this.#polledAt + every - this.#clock.monotonic();
  }

  get due(): Due {
    const now = this.#clock.monotonic();
    const { fullScanEveryMs, listEveryMs } = this.#settings;
    const poll = this.pollIn <= 0;
    const everything = this.#hasFeed && poll && now - this.#listedAt >= Math.max(listEveryMs, SHARE * this.#lookTookMs);
    return { poll, list: everything || (poll && (!this.#hasFeed || this.#listSoon)), scan: everything || now - this.#scannedAt >= fullScanEveryMs };
  }
}
