import type { ActivityRequest } from '../../src-preload/contract/channels.ts';
import type { ActivityItem, ActivityPage } from '../../src-preload/contract/model.ts';
import type { PairEngine } from '../engine/sync-manager.ts';
import type { ActivityRecord } from '../state/state-store.ts';

/** Records read from a store at once, and at most for one page: a search that finds nothing ends there and can be continued. */
const BATCH = 500;
const MOST = 20_000;

/** One page of several pairs' activity, newest first. */
export async function activityPage(pairs: readonly { readonly id: string; readonly engine: PairEngine }[], request: ActivityRequest): Promise<ActivityPage> {
  const found: ActivityItem[] = [];
  let before = request.before;
  for (let read = 0; read < MOST; ) {
    const batches = await Promise.all(pairs.map(async ({ id, engine }) => ({ id, ...(await wholeMoments(engine, before)) })));
    // Everything newer than the newest place at which some pair has more to give is complete.
    const cut = Math.max(...batches.map((batch) => batch.cut ?? Number.NEGATIVE_INFINITY), Number.NEGATIVE_INFINITY);
    const complete = batches.flatMap(({ id, records }) => records.filter((r) => r.at >= cut).map((record) => asItem(id, record)));
    read += complete.length;
    complete.sort((a, b) => b.at - a.at);
    found.push(...complete.filter((item) => wanted(item, request)));
    before = Number.isFinite(cut) ? cut : null;
    if (before === null || found.length >= request.limit) break;
  }
  return cutPage(found, before, request.limit);
}

/** At most `limit` items, and no moment cut in two, since the next page begins before a moment. */
function cutPage(found: readonly ActivityItem[], before: number | null, limit: number): ActivityPage {
  const last = found[limit - 1];
  if (last === undefined || found.length === limit) return { items: found, before };
  const items = found.filter((item) => item.at >= last.at);
  return { items, before: items.length < found.length ? last.at : before };
}

/** A pair's next records down to a whole millisecond; `cut` is that moment where older ones may follow. */
async function wholeMoments(engine: PairEngine, before: number | null): Promise<{ readonly records: readonly ActivityRecord[]; readonly cut: number | null }> {
  for (let limit = BATCH; ; limit *= 4) {
    const records = await engine.activity({ limit, ...(before === null ? {} : { before }) });
    if (records.length < limit) return { records, cut: null };
    const oldest = Math.min(...records.map((r) => r.at));
    const whole = records.filter((r) => r.at > oldest);
    if (whole.length > 0) return { records: whole, cut: Math.min(...whole.map((r) => r.at)) };
  }
}

function wanted(item: ActivityItem, { search, only }: ActivityRequest): boolean {
  if (item.what === 'adopt' || item.what === 'forget') return false;
  if (only === 'failed' && item.outcome !== 'failed') return false;
  return search === '' || item.path.toLowerCase().includes(search.toLowerCase());
}

function asItem(pair: string, { at, path, what, outcome, reason, bytes }: ActivityRecord): ActivityItem {
  return { pair, at, path, what, outcome, reason, bytes };
}
