import type { Version } from '../core/entry.ts';
import type { VersionRule } from './remote-tree.ts';
import type { VersionName } from './version-name.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Thinning: of what ended longer ago than `olderMs`, the last of every `everyMs` stays. Buckets lie fixed in time, so every device picks the same one, whenever it sweeps. */
const STEPS = [
  { olderMs: 30 * DAY_MS, everyMs: 7 * DAY_MS },
  { olderMs: 7 * DAY_MS, everyMs: DAY_MS },
  { olderMs: DAY_MS, everyMs: HOUR_MS },
] as const;

export interface Kept {
  readonly key: string;
  readonly version: Version;
  readonly bytes: number;
  readonly name: VersionName;
}

/** What goes by the rule: too many of one object, too old, thinned out, beyond the bytes all may take. The newest content of each object stays in any case, unless `keep` is 0; records go by their age. */
export function beyondRule(all: readonly Kept[], rule: VersionRule, nowMs: number): ReadonlySet<Kept> {
  const doomed = new Set<Kept>();
  const byObject = new Map<string, Kept[]>();
  for (const kept of all) {
    if (kept.name.kind !== 'content') {
      if (rule.keep === 0 || kept.name.toMs < nowMs - rule.days * DAY_MS) doomed.add(kept);
      continue;
    }
    const list = byObject.get(kept.name.folder);
    if (list === undefined) byObject.set(kept.name.folder, [kept]);
    else list.push(kept);
  }
  const newest = new Set<Kept>();
  for (const list of byObject.values()) {
    const ofOne = beyondOfOne(list.sort(newestFirst), rule, nowMs);
    for (const kept of ofOne) doomed.add(kept);
    const stays = list.find((kept) => !doomed.has(kept));
    if (stays !== undefined) newest.add(stays);
  }
  for (const kept of beyondBytes(all, doomed, newest, rule.maxBytes ?? null)) doomed.add(kept);
  return doomed;
}

function newestFirst(a: Kept, b: Kept): number {
  return b.name.toMs - a.name.toMs || b.name.fromMs - a.name.fromMs || (a.key < b.key ? -1 : 1);
}

function beyondOfOne(sorted: readonly Kept[], { keep, days, thin = false }: VersionRule, nowMs: number): readonly Kept[] {
  const seen = new Set<string>();
  const taken = new Set<string>();
  let rank = 0;
  return sorted.filter(({ name }) => {
    // One version kept twice (a lost answer, a lost race) counts once, and the later copy stays.
    const identity = `${name.fromMs}~${name.revision}`;
    if (seen.has(identity)) return true;
    seen.add(identity);
    if (keep === 0) return true;
    const bucket = thin ? bucketOf(name.toMs, nowMs) : null;
    const isNewest = rank === 0;
    if (!isNewest && (rank >= keep || name.toMs < nowMs - days * DAY_MS || (bucket !== null && taken.has(bucket)))) return true;
    rank++;
    if (bucket !== null) taken.add(bucket);
    return false;
  });
}

function bucketOf(toMs: number, nowMs: number): string | null {
  const step = STEPS.find(({ olderMs }) => toMs < nowMs - olderMs);
  return step === undefined ? null : `${step.everyMs}/${Math.floor(toMs / step.everyMs)}`;
}

/** Those that ended first go first. */
function beyondBytes(all: readonly Kept[], doomed: ReadonlySet<Kept>, newest: ReadonlySet<Kept>, maxBytes: number | null): readonly Kept[] {
  if (maxBytes === null) return [];
  const left = all.filter((kept) => !doomed.has(kept) && kept.name.kind === 'content');
  let over = left.reduce((sum, { bytes }) => sum + bytes, 0) - maxBytes;
  const result: Kept[] = [];
  if (over <= 0) return result;
  for (const kept of left.sort((a, b) => newestFirst(b, a))) {
    if (over <= 0) break;
    if (newest.has(kept)) continue;
    over -= kept.bytes;
    result.push(kept);
  }
  return result;
}
