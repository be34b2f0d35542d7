import { expect, it } from 'vitest';
import { HistoryPlay, type PlayOptions, type Recorded } from '../../testing/history-play.ts';
import { FORMS } from '../../testing/sealed-kit.ts';
import type { Life } from './past.ts';

/** `SEED`, `HISTORY_STEPS` and `HISTORY_INSTANTS` (both for each store) play other and longer histories. */
const SEED = Number(process.env['SEED'] ?? 77);
const STEPS = process.env['HISTORY_STEPS'];
const INSTANTS = process.env['HISTORY_INSTANTS'];
/** Trees rebuilt of each history, where nothing else is said. */
const MANY_INSTANTS = 200;
/** Of these looked at once more after thinning. */
const THINNED_INSTANTS = 60;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

interface Play extends Omit<PlayOptions, 'seed'> {
  readonly name: string;
  readonly steps: number;
  readonly instants?: number;
}

const PLAYS: readonly Play[] = [
  { name: 'a folder', store: 'folder', steps: 250 },
  { name: 'an encrypted folder with hidden names', store: 'folder', form: FORMS['with hidden names in base32'], steps: 100 },
  { name: 'a bucket', store: 's3', steps: 1_200 },
  { name: 'an encrypted bucket', store: 's3', form: FORMS.encrypted, steps: 150 },
  { name: 'a bucket that keeps versions', store: 's3', versioned: true, steps: 400 },
  { name: 'an encrypted bucket that keeps versions, with hidden names', store: 's3', versioned: true, form: FORMS['with hidden names'], steps: 120 },
  { name: 'a bucket over HTTP', store: 'http', steps: 40, instants: 12 },
  { name: 'a bucket over HTTP that keeps versions', store: 'http', versioned: true, steps: 40, instants: 12 },
];

it.each(PLAYS)(`for every instant the past of $name rebuilds exactly the tree that stood there (SEED=${SEED})`, async ({ steps, instants: fewer = MANY_INSTANTS, ...options }) => {
  const play = await HistoryPlay.start({ ...options, seed: SEED });
  try {
    const wanted = Number(STEPS ?? steps);
    const instants = Number(INSTANTS ?? fewer);
    while (play.steps < wanted) await play.round();
    const { recorded } = play;
    // What gave way to restores and undos, and as many others.
    const chosen = [...recorded.filter(({ isGivingWay }) => isGivingWay), ...drawn(recorded, instants, play.random)].slice(0, instants);
    expect(chosen.some(({ tree }) => Object.keys(tree).length > 5)).toBe(true);
    for (const { atMs, tree } of chosen) {
      const rebuilt = await play.rebuilt(atMs);
      expect({ atMs, seed: SEED, ...rebuilt }).toEqual({ atMs, seed: SEED, tree, doubts: [] });
    }
    // Conflicts, restores and undos let nothing go for good.
    expect(await play.missing()).toEqual([]);
    if (wanted >= 300) expect(Math.min(play.restores, play.undos)).toBeGreaterThan(0);
    // What a bucket keeps by itself is not thinned.
    if (options.versioned === true) return;
    const thinned = chosen.slice(0, THINNED_INSTANTS);
    const lives = await play.lives(new Set(thinned.flatMap(({ tree }) => Object.keys(tree))));
    await play.thin();
    await expectPromised(play, thinned, lives);
  } finally {
    await play.end();
  }
});

/** So many of them, each once. */
function drawn(recorded: readonly Recorded[], count: number, random: HistoryPlay['random']): readonly Recorded[] {
  const left = recorded.filter(({ isGivingWay }) => !isGivingWay);
  return Array.from({ length: Math.min(count, left.length) }, () => left.splice(random.below(left.length), 1)).flat();
}

/** After thinning: what it promises is exactly there, nothing else is made up, and what is missing is said to be. */
async function expectPromised(play: HistoryPlay, chosen: readonly Recorded[], lives: ReadonlyMap<string, readonly Life[]>): Promise<void> {
  const { recorded } = play;
  const nowMs = play.clock.now();
  const left = await play.lives(new Set(lives.keys()));
  let promised = 0;
  let lost = 0;
  for (const one of chosen) {
    const { tree, doubts } = await play.rebuilt(one.atMs);
    const doubtful = new Set(doubts.map((doubt) => doubt.slice(0, doubt.lastIndexOf(': '))));
    for (const [path, words] of Object.entries(tree)) expect({ path, words }).toEqual({ path, words: one.tree[path] });
    for (const [path, words] of Object.entries(one.tree)) {
      if (tree[path] !== undefined) continue;
      lost++;
      const isTold = isToldOf(lives.get(path) ?? [], left.get(path) ?? [], one.atMs);
      expect({ path, isSaid: doubtful.has(path) || words === '/' || !isTold }).toEqual({ path, isSaid: true });
    }
    for (const path of Object.keys(one.tree)) {
      if (!isPromised(recorded, recorded.indexOf(one), path, nowMs)) continue;
      promised++;
      expect({ atMs: one.atMs, path, words: tree[path] }).toEqual({ atMs: one.atMs, path, words: one.tree[path] });
    }
  }
  expect(promised).toBeGreaterThan(chosen.length);
  if (recorded.length > 150) expect(lost).toBeGreaterThan(0);
}

/** Whether something is left that names what was there then, or what replaced that, as its predecessor. Of what was deleted, and is made anew since, nobody is left who could say that it was there. */
function isToldOf(lives: readonly Life[], left: readonly Life[], atMs: number): boolean {
  const first = lives.findIndex(({ fromMs, untilMs }) => fromMs <= atMs && (untilMs === null || atMs < untilMs));
  for (let i = first; i >= 0 && lives[i]?.ended === 'replaced'; i++) if (left.some(({ id }) => id === lives[i + 1]?.id)) return true;
  return false;
}

const THINNED = [
  { olderMs: 30 * DAY_MS, everyMs: 7 * DAY_MS },
  { olderMs: 7 * DAY_MS, everyMs: DAY_MS },
  { olderMs: DAY_MS, everyMs: HOUR_MS },
];

/** Until when a path held what it held then, and what was recorded next. */
function endOf(recorded: readonly Recorded[], from: number, path: string): { readonly last: Recorded | undefined; readonly changed: Recorded | undefined; readonly next: number } {
  const words = recorded[from]?.tree[path];
  let next = from + 1;
  while (next < recorded.length && recorded[next]?.tree[path] === words) next++;
  return { last: recorded[next - 1], changed: recorded[next], next };
}

/** Whether what a path held then is there now, ended within a day, or was the last to be replaced of its hour, day or week; by what was recorded alone. */
function isPromised(recorded: readonly Recorded[], from: number, path: string, nowMs: number): boolean {
  const words = recorded[from]?.tree[path];
  const { last, changed, next } = endOf(recorded, from, path);
  if (last === undefined || changed === undefined) return true;
  if (last.atMs >= nowMs - DAY_MS) return true;
  // What is gone may have been renamed: then it is up to what became of it there.
  if (!changed.isPlain || changed.tree[path] === undefined || words === '/') return false;
  const buckets = [last, changed].map(({ atMs }) => bucketOf(atMs, nowMs));
  if (buckets[0] !== buckets[1]) return false;
  for (let i = next + 1; i < recorded.length; i++) {
    if (bucketOf(recorded[i - 1]?.atMs ?? 0, nowMs) !== buckets[0]) break;
    if (recorded[i]?.tree[path] !== recorded[i - 1]?.tree[path] || recorded[i]?.isPlain !== true) return false;
  }
  return true;
}

function bucketOf(atMs: number, nowMs: number): string {
  const step = THINNED.find(({ olderMs }) => atMs < nowMs - olderMs);
  return step === undefined ? 'all' : `${step.everyMs}/${Math.floor(atMs / step.everyMs)}`;
}
