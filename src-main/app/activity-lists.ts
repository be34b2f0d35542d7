import type { ActivityRequest } from '../../src-preload/contract/channels.ts';
import type { ActivityItem, ActivityPage } from '../../src-preload/contract/model.ts';
import type { PairEngine } from '../engine/sync-manager.ts';
import type { ActivityIndex } from '../state/state-store.ts';
import { activityItem, UNTOLD } from './activity-item.ts';

export interface ActivitySource {
  readonly id: string;
  readonly engine: Pick<PairEngine, 'activity' | 'activityIndex'>;
}

/** Where everything stands that fits a request, newest first. */
interface List {
  readonly number: number;
  readonly filter: string;
  readonly ids: Float64Array;
  /** Which of the sources each comes from. */
  readonly from: Uint16Array;
  /** The newest record of each source. */
  readonly newest: readonly number[];
}

/**
 * Several pairs' activity as one list, of which any part can be asked for: only where each record stands is held here, for the list that was asked for last. A window goes on with a list by its number, and is given another number when
 * positions no longer mean what they did.
 */
export class ActivityLists {
  #last: List | null = null;
  #next: number;

  /** Numbers of another run must not be taken for those of this one. */
  constructor(firstNumber: number) {
    this.#next = firstNumber;
  }

  async page(sources: readonly ActivitySource[], request: ActivityRequest): Promise<ActivityPage> {
    const filter = JSON.stringify([sources.map(({ id }) => id), request.search, request.only]);
    const known = this.#last?.filter === filter ? this.#last : null;
    const list = known === null ? await this.#make(sources, request, filter) : known.number === request.list ? known : await this.#extend(known, sources, request);
    const items = await readItems(list, sources, request);
    if (items !== null) return { list: list.number, total: list.ids.length, items };
    // The oldest were given up meanwhile.
    const anew = await this.#make(sources, request, filter);
    return { list: anew.number, total: anew.ids.length, items: (await readItems(anew, sources, request)) ?? [] };
  }

  async #make(sources: readonly ActivitySource[], request: ActivityRequest, filter: string): Promise<List> {
    const parts = await Promise.all(sources.map(({ engine }) => engine.activityIndex(askFor(request, 0))));
    return this.#keep({ ...merged(parts), filter, newest: parts.map(({ ids }) => ids[0] ?? 0) });
  }

  /** The same with what came since. */
  async #extend(list: List, sources: readonly ActivitySource[], request: ActivityRequest): Promise<List> {
    const parts = await Promise.all(sources.map(({ engine }, i) => engine.activityIndex(askFor(request, list.newest[i] ?? 0))));
    if (parts.every(({ ids }) => ids.length === 0)) return list;
    const fresh = merged(parts);
    return this.#keep({
      filter: list.filter,
      ids: joined(new Float64Array(fresh.ids.length + list.ids.length), fresh.ids, list.ids),
      from: joined(new Uint16Array(fresh.from.length + list.from.length), fresh.from, list.from),
      newest: parts.map(({ ids }, i) => ids[0] ?? list.newest[i] ?? 0),
    });
  }

  #keep(list: Omit<List, 'number'>): List {
    this.#last = { ...list, number: this.#next++ };
    return this.#last;
  }
}

function askFor({ search, only }: ActivityRequest, after: number): Parameters<PairEngine['activityIndex']>[0] {
  return { search, failedOnly: only === 'failed', without: UNTOLD, after };
}

/** Each keeps its own order, whatever its clock did. */
function merged(parts: readonly ActivityIndex[]): Pick<List, 'ids' | 'from'> {
  const count = parts.reduce((sum, { ids }) => sum + ids.length, 0);
  const [ids, from, heads] = [new Float64Array(count), new Uint16Array(count), parts.map(() => 0)];
  for (let n = 0; n < count; n++) {
    let [best, at] = [0, Number.NEGATIVE_INFINITY];
    for (const [i, part] of parts.entries()) {
      const time = part.times[heads[i] ?? 0];
      if (time !== undefined && time > at) [best, at] = [i, time];
    }
    const head = heads[best] ?? 0;
    ids[n] = parts[best]?.ids[head] ?? 0;
    from[n] = best;
    heads[best] = head + 1;
  }
  return { ids, from };
}

function joined<A extends Float64Array | Uint16Array>(into: A, first: A, rest: A): A {
  into.set(first);
  into.set(rest, first.length);
  return into;
}

/** Null: some of them are no longer kept. */
async function readItems({ ids, from }: List, sources: readonly ActivitySource[], request: ActivityRequest): Promise<readonly ActivityItem[] | null> {
  const end = Math.min(request.from + request.limit, ids.length);
  const places = Array.from({ length: Math.max(0, end - request.from) }, (_, n) => request.from + n);
  const read = await Promise.all(
    sources.map(async ({ id, engine }, i) => {
      const wanted = places.filter((place) => from[place] === i).map((place) => ids[place] ?? 0);
      return wanted.length === 0 ? [] : (await engine.activity({ ids: wanted, limit: wanted.length })).map((record) => activityItem(id, record));
    }),
  );
  if (read.reduce((sum, { length }) => sum + length, 0) < places.length) return null;
  // Each source's come in the order they have in the list.
  const heads = sources.map(() => 0);
  return places.flatMap((place) => {
    const source = from[place] ?? 0;
    const head = heads[source] ?? 0;
    heads[source] = head + 1;
    return read[source]?.[head] ?? [];
  });
}
