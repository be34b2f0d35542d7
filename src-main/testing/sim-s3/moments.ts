import type { S3Step } from './sim-s3-api.ts';

export interface Moment {
  readonly when: 'before' | 'after';
  readonly operation: string;
  readonly key?: string;
  /** The how manieth such request; the first. */
  readonly nth?: number;
  /** What others do just then. */
  readonly act?: () => Promise<unknown>;
  /** What becomes of the request. */
  readonly fate?: 'lost' | 'late';
}

/** A step that lets things happen at planned moments of one client's requests. */
export class Moments {
  readonly #moments: readonly Moment[];
  readonly #seen = new Map<Moment, number>();

  constructor(...moments: readonly Moment[]) {
    this.#moments = moments;
  }

  readonly step: S3Step = async (when, operation, key) => {
    let fate: 'lost' | 'late' | undefined;
    for (const moment of this.#moments) {
      if (moment.when !== when || moment.operation !== operation || (moment.key ?? key) !== key) continue;
      const seen = (this.#seen.get(moment) ?? 0) + 1;
      this.#seen.set(moment, seen);
      if (seen !== (moment.nth ?? 1)) continue;
      await moment.act?.();
      fate ??= moment.fate;
    }
    return fate;
  };

  /** @throws when a planned moment never came */
  assertAllCame(): void {
    const missed = this.#moments.filter((moment) => (this.#seen.get(moment) ?? 0) < (moment.nth ?? 1));
    if (missed.length > 0) throw new Error(`moments that never came: ${JSON.stringify(missed)}`);
  }
}
