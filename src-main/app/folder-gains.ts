import type { ActivityItem, PairView } from '../../src-preload/contract/model.ts';
import type { Settled } from './settled.ts';

/** Counts the files each folder sent and fetched, and gathers the conflicts a rule settled, since that was last told. What was done before this start is not news. */
export class FolderGains {
  readonly #since: number;
  readonly #files = new Map<string, number>();
  readonly #settled = new Map<string, Settled[]>();

  constructor(since: number) {
    this.#since = since;
  }

  add(items: readonly ActivityItem[]): void {
    for (const { pair, at, what, outcome } of items) {
      if (outcome !== 'done' || at < this.#since || (what !== 'upload' && what !== 'download')) continue;
      this.#files.set(pair, (this.#files.get(pair) ?? 0) + 1);
    }
  }

  settle(items: readonly Settled[]): void {
    for (const item of items) {
      const known = this.#settled.get(item.pair);
      if (known === undefined) this.#settled.set(item.pair, [item]);
      else known.push(item);
    }
  }

  files({ id }: Pick<PairView, 'id'>): number {
    return this.#files.get(id) ?? 0;
  }

  settled({ id }: Pick<PairView, 'id'>): readonly Settled[] {
    return this.#settled.get(id) ?? [];
  }

  /** By the key of the notification, which begins with the folder's id. */
  told(key: string): void {
    const id = key.slice(0, key.indexOf(' '));
    if (key.endsWith(' finished')) this.#files.delete(id);
    if (key.endsWith(' settled')) this.#settled.delete(id);
  }
}
