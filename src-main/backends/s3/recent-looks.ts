import type { Clock } from '../../platform/clock.ts';
import type { S3Object } from './s3-api.ts';

/** So long ago a look counts as one right before the write. */
const HOLDS_MS = 5000;
const MOST = 1000;

/** What this client saw at keys moments ago: spares the second look where a caller has just made the first. */
export class RecentLooks {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #looks = new Map<string, { readonly object: S3Object; readonly at: number }>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  remember(key: string, object: S3Object): void {
    this.#looks.delete(key);
    this.#looks.set(key, { object, at: this.#clock.monotonic() });
    const [oldest] = this.#looks.keys();
    if (this.#looks.size > MOST && oldest !== undefined) this.#looks.delete(oldest);
  }

  forget(key: string): void {
    this.#looks.delete(key);
  }

  find(key: string): S3Object | null {
    const look = this.#looks.get(key);
    return look === undefined || this.#clock.monotonic() - look.at > HOLDS_MS ? null : look.object;
  }
}
