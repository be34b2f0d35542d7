import { hasCode, SyncError } from '../../core/errors.ts';
import type { CallOptions, DeleteResult } from '../backend.ts';
import { type Committed, inDoubt, STALE, type Write } from './conditional.ts';
import { claimOf } from './lineage-claim.ts';
import { REMOVED, type Removal } from './removal.ts';
import { rescue } from './rescue.ts';
import type { S3Object, S3Version, WriteAnswer } from './s3-api.ts';
import { type Found, fits, isOwn, look, MARK, ownAt, pause, type S3Context } from './s3-context.ts';
import { type Expected, isToken, tokenOf, versionOf } from './token.ts';

const MOST_TRIES = 4;
/** Looks until those who wrote above have settled. */
const MOST_LOOKS = 9;
const MOST_VERSIONS = 100;
/** By then a writer has judged its write, or came back and did so; what is older is not asked about again, which would cost a request for each file of a bucket that is fetched whole. */
const UNJUDGED_MS = 7 * 24 * 60 * 60 * 1000;
/** From setting out to being stored, with all tries; what shows a longer time was copied by another program, or sent over a slow line, and only its writer judges it. */
const MOST_SENDING_SECONDS = 120;

/**
 * A write to a bucket that keeps versions and judges nothing (level D). Nothing is lost by a put there, only covered: what lies right below one's own version afterwards must be what was expected. Where it is
 * not, somebody was faster, and one's own version is taken away again. Of two who race, the one below wins, and exactly one of them finds it below.
 */
export async function commitLineage(context: S3Context, write: Write): Promise<Committed> {
  const { key, expected, mark, signal } = write;
  let doubt: SyncError | null = null;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const before = await look(context, key, signal);
    const own = ownAt(before, mark);
    if (own !== null) return settle(context, write, own.versionId);
    if (!fits(before, expected)) {
      if (doubt !== null) throw inDoubt(key, doubt);
      return STALE;
    }
    const answer = await write.send(undefined);
    if (answer.kind === 'done') return settle(context, write, answer.versionId ?? (await versionOfOwn(context, write, answer)));
    if (answer.kind === 'source-changed' && doubt === null) return answer;
    if (answer.kind === 'no-upload' && doubt === null) return answer;
    if (answer.kind === 'unanswered') doubt = answer.error;
    await pause(context, tries, signal);
  }
  throw doubt ?? new SyncError('busy', 'the store did not take the write', { path: key });
}

async function settle(context: S3Context, { key, expected, mark, signal }: Write, versionId: string | null): Promise<Committed> {
  if (!isVersion(versionId)) throw noVersions(key);
  const verdict = await judge(context, { key, versionId, fitsBelow: (below) => isExpected(nearest(below), expected), signal });
  // Also where another's lies on top for a moment, or a later one for good.
  if (verdict.kind === 'stands') return { kind: 'done', version: versionOf(verdict.own) };
  const own = ownAt(await look(context, key, signal), mark);
  // The same write, sent twice, may lie below the version that was taken away.
  if (own !== null) return { kind: 'done', version: versionOf(own) };
  return STALE;
}

/** Some stores do not tell the version that a copy or a completion made: it is the current one, or has the ETag and time of the answer. */
async function versionOfOwn(context: S3Context, { key, mark, signal }: Write, { etag, lastModifiedMs }: Extract<WriteAnswer, { kind: 'done' }>): Promise<string | null> {
  const own = ownAt(await look(context, key, signal), mark);
  if (own !== null) return own.versionId;
  if (lastModifiedMs === null) throw new SyncError('busy', 'the store does not tell which version was written, and another lies on it', { path: key });
  const versions = await context.api.versions(key, MOST_VERSIONS, call(signal));
  return versions.find((version) => isToken(version, tokenOf({ etag, lastModifiedMs })))?.versionId ?? null;
}

/** A deletion there is a marker on top; it counts if the version it hides is the one that was meant. */
export async function removeLineage(context: S3Context, { key, expected, signal }: Removal): Promise<DeleteResult> {
  const answer = await context.api.delete(key, call(signal));
  if (answer.kind === 'failed' || answer.kind === 'raced' || answer.kind === 'not-implemented') throw new SyncError('busy', 'the store did not take the deletion', { path: key });
  const versionId = (answer.kind === 'done' ? answer.versionId : null) ?? (await markerOnTop(context, key, signal));
  if (!isVersion(versionId)) throw answer.kind === 'unanswered' ? answer.error : noVersions(key);
  // Where another's marker lay on top already, Ceph makes no second one, and names none.
  if (answer.kind === 'done' && answer.versionId === null) return REMOVED;
  // Markers of others who removed the same lie below as well.
  const fitsBelow = (below: readonly S3Version[]): boolean =>
    isExpected(
      below.find((version) => !version.isDeleteMarker),
      expected,
    );
  return (await judge(context, { key, versionId, fitsBelow, signal })).kind === 'stands' ? REMOVED : STALE;
}

/** What lies at a key, once what this client put there and could not judge, because it died or the store did not answer, is judged. */
export async function lookJudged(context: S3Context, key: string, signal: AbortSignal | undefined): Promise<Found> {
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    const found = await look(context, key, signal);
    if (found.kind !== 'object' || !isOwn(found.object, context) || (await standsByClaim(context, key, found.object, signal))) return found;
    await pause(context, looks, signal);
  }
  throw new SyncError('busy', 'others keep writing to this file', { path: key, hint: 'It is tried again by itself.' });
}

/** Whether an object may be read as what lies at its key. */
export async function isReadable(context: S3Context, key: string, object: S3Object, signal: AbortSignal | undefined): Promise<boolean> {
  if (claimOf(object.meta[MARK], { key, newHasher: context.newHasher }) === null) return true;
  return (await context.api.now(call(signal))) - object.lastModifiedMs > UNJUDGED_MS || standsByClaim(context, key, object, signal);
}

/**
 * Judges an object in the place of its writer, which is about to, or died: it is taken away where it covers what came after that writer had set out and is not what it expected. What is older and not expected either shows only that
 * the bucket's rules, or somebody, removed what lay between. What stays is what others may have made of it: a copy brought back later, or of a version that lies below. Where only its writer may remove versions, it is left to that one.
 */
async function standsByClaim(context: S3Context, key: string, object: S3Object, signal: AbortSignal | undefined): Promise<boolean> {
  const { versionId } = object;
  const claim = claimOf(object.meta[MARK], { key, newHasher: context.newHasher });
  if (claim === null || !isVersion(versionId) || tokenOf(object).second - claim.since > MOST_SENDING_SECONDS) return true;
  try {
    const versions = await context.api.versions(key, MOST_VERSIONS, call(signal));
    const at = versions.findIndex((version) => version.versionId === versionId);
    if (at < 0) return false;
    const older = versions.slice(at + 1);
    const below = nearest(older);
    if (below === undefined || claim.expects(below) || tokenOf(below).second < claim.since || older.some(({ etag }) => etag === object.etag)) return true;
    return (await context.api.delete(key, { versionId, ...call(signal) })).kind !== 'done';
  } catch (error) {
    if (hasCode(error, 'refused')) return true;
    throw error;
  }
}

interface Judged {
  readonly key: string;
  readonly versionId: string;
  fitsBelow(below: readonly S3Version[]): boolean;
  readonly signal: AbortSignal | undefined;
}

type Verdict = { readonly kind: 'stands'; readonly own: S3Version } | { readonly kind: 'undone' };

/**
 * Whether one's own version stands. `undone`: it lay on what it must not cover and was taken away, by this device or by one that met it before (`standsByClaim`), so that the other is seen again. Where a third write stays on top, what was covered is brought back beside it, under another name.
 * That one may have been made in knowledge of ours or not, and nothing tells, so ours counts as undone: it is kept as a conflict at worst. RACE: a device that dies between the two, after a third write that knew ours, leaves what was
 * covered to the bucket's older versions.
 */
async function judge(context: S3Context, judged: Judged): Promise<Verdict> {
  const { key, versionId, signal } = judged;
  let covered: S3Version | null = null;
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    const versions = await context.api.versions(key, MOST_VERSIONS, call(signal));
    const at = versions.findIndex((version) => version.versionId === versionId);
    const own = versions[at];
    if (own !== undefined) {
      const below = versions.slice(at + 1);
      if (judged.fitsBelow(below)) return { kind: 'stands', own };
      covered = below.find((version) => !version.isDeleteMarker) ?? null;
      if ((await context.api.delete(key, { versionId, ...call(signal) })).kind === 'done') continue;
    } else if (covered === null || isUncovered(versions, covered)) return { kind: 'undone' };
    await pause(context, looks, signal);
  }
  if (covered !== null) await rescue(context, key, covered, signal);
  return { kind: 'undone' };
}

/** It can be seen again, or its own writer took it away in turn. Who hides it by a marker looks after that himself. */
function isUncovered(versions: readonly S3Version[], { versionId }: S3Version): boolean {
  const top = versions.find((version) => !version.isDeleteMarker);
  return top?.versionId === versionId || versions.every((version) => version.versionId !== versionId);
}

/** The version `null` is that of a bucket whose versioning is off or suspended: it has replaced the one before, and to take it away would leave nothing. */
function isVersion(versionId: string | null): versionId is string {
  return versionId !== null && versionId !== 'null';
}

function noVersions(key: string): SyncError {
  return new SyncError('config', 'the bucket keeps no versions any more', { path: key, hint: 'Turn versioning on again, or run `file-sync doctor`.' });
}

/** What a write lies on: a marker is an absence. */
function nearest(below: readonly S3Version[]): S3Version | undefined {
  return below[0]?.isDeleteMarker === true ? undefined : below[0];
}

function isExpected(below: S3Version | undefined, expected: Expected): boolean {
  return expected.kind === 'absent' ? below === undefined : isToken(below, expected);
}

/** The marker that hides the key; after a deletion without an answer it can only be taken for ours. */
async function markerOnTop({ api }: S3Context, key: string, signal: AbortSignal | undefined): Promise<string | null> {
  const [top] = await api.versions(key, 1, call(signal));
  return top?.isDeleteMarker === true ? top.versionId : null;
}

function call(signal: AbortSignal | undefined): CallOptions {
  return signal === undefined ? {} : { signal };
}
