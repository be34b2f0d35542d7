import type { ActivityItem, PairView } from '../../src-preload/contract/model.ts';

/** Counts the files each folder sent and fetched since that was last told. What was done before this start is not news. */
export class FolderGains {
  readonly #since: number;
  readonly #files = new Map<string, number>();

  constructor(since: number) {
    this.#since = since;
  }

  add(items: readonly ActivityItem[]): void {
    for (const { pair, at, what, outcome } of items) {
      if (outcome !== 'done' || at < this.#since || (what !== 'upload' && what !== 'download')) continue;
      this.#files.set(pair, (this.#files.get(pair) ?? 0) + 1);
    }
  }

  files({ id }: Pick<PairView, 'id'>): number {
    return this.#files.get(id) ?? 0;
  }

  /** By the key of the notification, which begins with the folder's id. */
  told(key: string): void {
    if (key.endsWith(' finished')) this.#files.delete(key.slice(0, key.indexOf(' ')));
  }
}
