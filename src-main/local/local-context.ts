import type { Hash, Stamp } from '../core/entry.ts';
import { hasCode, SyncError } from '../core/errors.ts';
import type { Clock, NewHasher, Random } from '../platform/clock.ts';
import type { FileStat, Fs } from '../platform/fs.ts';
import type { ControlPaths } from './control-folder.ts';
import type { DiskPaths } from './disk-paths.ts';
import type { ProbedFeatures } from './features.ts';
import { HASH_BUFFER_BYTES, hashFile } from './hash-file.ts';
import type { PartRules } from './part-file.ts';
import { asRacy, isRacy, isRacyMtime, type RacyRule, type Stamps } from './stamp.ts';
import type { Trash } from './trash.ts';

/** What the parts of the local side share. */
export interface LocalContext {
  readonly fs: Fs;
  readonly clock: Clock;
  readonly random: Random;
  readonly newHasher: NewHasher;
  readonly control: ControlPaths;
  readonly paths: DiskPaths;
  readonly features: ProbedFeatures;
  readonly stamps: Stamps;
  readonly racy: RacyRule;
  readonly trash: Trash;
  /** What files held when they were scanned too soon after a change for their stamp to prove it. */
  readonly racyHashes: Map<Stamp, Hash>;
  readonly parts: PartRules;
  /** Names this synced folder on this device. */
  readonly client: string;
  /** Ids of the temporary files in use. */
  readonly liveTemps: Set<string>;
}

/** What is at a place, if it is what `expect` says. A racy stamp proves nothing, so there the bytes are compared. */
export async function lookFor(ctx: LocalContext, at: string, expect: Stamp | null): Promise<FileStat | 'absent' | 'stale'> {
  const stat = await ctx.fs.lstat(at);
  if (expect === null || stat === null) return expect === null && stat === null ? 'absent' : 'stale';
  if (stat.kind === 'folder' || stat.kind === 'other' || !ctx.stamps.matches(expect, stat)) return 'stale';
  if (!isRacy(expect)) return stat;
  const outcome = await hashFile(at, { ...ctx, buffer: new Uint8Array(HASH_BUFFER_BYTES) }, () => undefined);
  return outcome.kind === 'hashed' && outcome.hash === ctx.racyHashes.get(expect) && ctx.stamps.matches(expect, outcome.stat) ? outcome.stat : 'stale';
}

/** The stamp of a file that was just put in place or changed by us: racy if an edit right now could hide behind its mtime. */
export function stampNow(ctx: LocalContext, stat: FileStat): Stamp {
  const now = ctx.clock.now();
  return ctx.stamps.of(stat, stat.kind === 'file' && isRacyMtime(stat.mtimeNs, now, now, ctx.racy));
}

/**
 * What a link that was just made with the text `target` is like; null where none is. One that took its place at once is an edit: since no link is empty, the stamp of an empty one is found by no look, and the next one reads it.
 */
export async function statOfNewLink(ctx: LocalContext, at: string, target: string): Promise<FileStat | null> {
  const stat = await ctx.fs.lstat(at);
  if (stat?.kind !== 'symlink') return null;
  return (await textOfLink(ctx, at)) === target ? stat : { ...stat, size: 0 };
}

/** Null where no link is. */
export async function textOfLink({ fs }: LocalContext, at: string): Promise<string | null> {
  try {
    return await fs.readLink(at);
  } catch (error) {
    if (hasCode(error, 'not-found', 'not-supported')) return null;
    throw error;
  }
}

/** Up to so many bytes a file we just put in place is read once more; beyond, that costs more than the window is worth. */
const PROVE_BYTES = 1_048_576;

/**
 * The stamp of what we left at a place. `ours` is what it was in our hands; if somebody has touched it since, the stamp is that of `ours`, which no look will find again: so it will be looked at.
 * Our own link or rename moves the ctime, so an edit in that instant which puts the mtime back could pass for ours: the bytes tell, where `hash` says what they should be, and where it does not the stamp proves nothing.
 * RACE: in a file of more than 1 MiB such an edit is seen by a full comparison only.
 */
export async function settledStamp(ctx: LocalContext, at: string, ours: FileStat, hash: Hash | null): Promise<Stamp> {
  const stat = await ctx.fs.lstat(at);
  const unfindable = stampNow(ctx, ours);
  if (stat === null || !ctx.stamps.matchesButCtime(unfindable, stat)) return unfindable;
  if (stat.kind !== 'file' || stat.size > PROVE_BYTES) return stampNow(ctx, stat);
  if (hash === null) return asRacy(stampNow(ctx, stat));
  try {
    const outcome = await hashFile(at, { ...ctx, buffer: new Uint8Array(Math.min(HASH_BUFFER_BYTES, stat.size + 1)) }, () => undefined);
    return outcome.kind === 'hashed' && outcome.hash === hash ? stampNow(ctx, outcome.stat) : unfindable;
  } catch (error) {
    // It is in place; that it cannot be read just now is for the next look.
    if (error instanceof SyncError) return unfindable;
    throw error;
  }
}
