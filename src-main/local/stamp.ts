import type { Stamp } from '../core/entry.ts';
import type { FileStat } from '../platform/fs.ts';

/** Ends the stamp of a file that may change again without any of its numbers changing; such a stamp proves nothing later. */
const RACY = ':r';

/** Precision that kernels really have when they stamp a change: one timer tick of at most 10 ms. */
export const TICK_NS = 10_000_000n;
const COARSE_NS = 2_000_000_000n;

/**
 * Makes and reads stamps: `<kind>:<size>:<mtime ns>:<ctime ns>:<inode>:<mode>[:r]`, numbers in base 36. The device number is left out, since it changes when a drive is plugged in again.
 * A folder's stamp names only the folder: what lies in it has stamps of its own.
 */
export class Stamps {
  readonly #stableIds: boolean;
  constructor(options: { readonly stableIds: boolean }) {
    this.#stableIds = options.stableIds;
  }

  of(stat: FileStat, racy: boolean): Stamp {
    const ino = this.#stableIds ? stat.ino.toString(36) : '0';
    if (stat.kind === 'folder') return `d:${ino}` as Stamp;
    const mode = stat.kind === 'file' ? stat.mode.toString(36) : '0';
    return `${stat.kind === 'file' ? 'f' : 'l'}:${stat.size.toString(36)}:${stat.mtimeNs.toString(36)}:${stat.ctimeNs.toString(36)}:${ino}:${mode}${racy ? RACY : ''}` as Stamp;
  }

  /** Whether what is there now is what the stamp saw, as far as numbers tell. */
  matches(stamp: Stamp, stat: FileStat): boolean {
    return withoutRacy(stamp) === this.of(stat, false);
  }

  /** The same but for ctime, which our own link or rename has moved. */
  matchesButCtime(stamp: Stamp, stat: FileStat): boolean {
    return dropCtime(withoutRacy(stamp)) === dropCtime(this.of(stat, false));
  }
}

/** Of one file, with one time of change. */
export function sameMoment(a: Stamp, b: Stamp): boolean {
  const [before, after] = [a.split(':'), b.split(':')];
  return before[0] === 'f' && after[0] === 'f' && before[2] === after[2] && before[4] === after[4];
}

export function isRacy(stamp: Stamp): boolean {
  return stamp.endsWith(RACY);
}
export function asRacy(stamp: Stamp): Stamp {
  return (isRacy(stamp) ? stamp : stamp + RACY) as Stamp;
}
export function withoutRacy(stamp: Stamp): Stamp {
  return (isRacy(stamp) ? stamp.slice(0, -RACY.length) : stamp) as Stamp;
}

function dropCtime(stamp: Stamp): string {
  const parts = stamp.split(':');
  return parts[0] === 'd' ? stamp : parts.filter((_, index) => index !== 3).join(':');
}

/** How near an mtime may be to the moment of the look before a later edit could hide behind it (C3). */
export interface RacyRule {
  readonly windowNs: bigint;
  /** The file system's clock minus ours: a server's or another machine's clock stamps the files. */
  readonly offsetNs: bigint;
}

export function racyRule(features: { readonly mtimeStepNs: bigint; readonly clockOffsetNs: bigint }): RacyRule {
  const { mtimeStepNs: step, clockOffsetNs: offsetNs } = features;
  // A foreign clock was measured once and drifts.
  if (step <= TICK_NS && offsetNs === 0n) return { windowNs: TICK_NS, offsetNs };
  return { windowNs: (step > COARSE_NS ? step : COARSE_NS) + TICK_NS, offsetNs };
}

/** `before` and `after`: our clock, ms, around the look at the file. An mtime far in the future is not racy: an edit would move it to now. */
export function isRacyMtime(mtimeNs: bigint, before: number, after: number, rule: RacyRule): boolean {
  return mtimeNs >= toNs(before) + rule.offsetNs - rule.windowNs && mtimeNs <= toNs(after) + rule.offsetNs + rule.windowNs;
}

/** How long a file that was just truncated may take to be written. */
const FRESH_NS = 1_000_000_000n;

/** Whether an mtime lies within the last second, or within what this file system can tell apart. */
export function isFreshMtime(mtimeNs: bigint, before: number, after: number, { windowNs, offsetNs }: RacyRule): boolean {
  return isRacyMtime(mtimeNs, before, after, { windowNs: windowNs > FRESH_NS ? windowNs : FRESH_NS, offsetNs });
}

/** Whether the file had this mtime when the stamp was made, and no later change could have hidden behind it. */
export function provesMtime(stamp: Stamp, mtimeNs: bigint): boolean {
  return !isRacy(stamp) && stamp.split(':')[2] === mtimeNs.toString(36);
}

export function toNs(ms: number): bigint {
  return BigInt(Math.floor(ms)) * 1_000_000n;
}
