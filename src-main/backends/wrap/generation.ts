/**
 * A generation says how far an object's path had come when the object was written: the moment by the store's clock at which something was first put there, and how often it was replaced since (codec/FORMAT.md, "Generation").
 * Within one life of a path every writer counts on from what it replaces, so two that race give the same number. What is made anew, by a device that never saw what was there before, begins a later life.
 */
const PER_LIFE = 4_096;
/** Moments are ms since 2020: with the count they fit 53 bits until 2089. */
const FIRST_MS = Date.UTC(2020, 0, 1);
/** Lives that began so close to each other are not put in order: devices reckon the store's time, and an object that lost a race may have been in sight for a moment. */
const SAME_TIME_MS = 600_000;

/** Whether the next generation needs the store's time. */
export function beginsLife(previous: number | null): boolean {
  return previous === null || (previous + 1) % PER_LIFE === 0;
}

/** For an object that replaces one of generation `previous` (null: nothing was there). `seen`: the highest known at the path. `nowMs`: by the store's clock, where `beginsLife`; null where it tells none. */
export function nextGeneration(previous: number | null, seen: number | null, nowMs: number | null): number {
  const next = Math.max(previous ?? 0, seen ?? 0) + 1;
  return beginsLife(previous) && nowMs !== null ? Math.max(next, Math.max(0, Math.floor(nowMs) - FIRST_MS) * PER_LIFE) : next;
}

/** Whether an object is older than what was seen at its path before. */
export function isOlder(generation: number, seen: number): boolean {
  const [life, seenLife] = [Math.floor(generation / PER_LIFE), Math.floor(seen / PER_LIFE)];
  return life === seenLife ? generation < seen : life < seenLife - SAME_TIME_MS;
}
