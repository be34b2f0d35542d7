import type { Action, Plan } from '../core/action.ts';
import type { Conflict, Resolution } from '../core/conflict.ts';
import { type Base, type BaseSnapshot, type Local, type LocalSnapshot, type Remote, type RemoteSnapshot, type Stamp, sameContent } from '../core/entry.ts';
import type { Intent } from '../core/intent.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { Compared, DamageKind, Finding, LeftoverKind, VerifyReport } from './verify-report.ts';
import { decisionsOf, inWords } from './why.ts';

/** Everything a verification looked at. */
export interface Evidence {
  /** As the state store has it. */
  readonly base: BaseSnapshot;
  /** As the running engine holds it. */
  readonly held: BaseSnapshot;
  readonly intents: readonly Intent[];
  readonly conflicts: readonly Conflict[];
  readonly resolutions: readonly Resolution[];
  /** What is wrong with the state store itself, in words. */
  readonly stateFaults: readonly string[];
  /** Temporary files of ours that no run uses any more. */
  readonly leftovers: readonly string[];
  /** As a sync sees it: what has a recorded stamp is not read again. */
  readonly local: LocalSnapshot;
  /** As each object describes itself. */
  readonly remote: RemoteSnapshot;
  /** What the bytes are, where they were read again. */
  readonly content: { readonly local: LocalSnapshot; readonly remote: RemoteSnapshot } | null;
  /** What the next sync would do; what `sync --full` would, where that is known. */
  readonly plan: Plan;
  readonly fullPlan: Plan | null;
  /** False for a stamp behind which an edit can hide (C3). */
  readonly proves: (stamp: Stamp) => boolean;
  /** Both are of one file with one time of change. */
  readonly sameMoment: (a: Stamp, b: Stamp) => boolean;
}

/** Compares what is remembered with what both sides hold: pure. */
export function judge(evidence: Evidence): VerifyReport {
  const { base, local, remote, content, plan, fullPlan } = evidence;
  const known: Known = {
    ...evidence,
    interrupted: new Set(evidence.intents.map((i) => i.path)),
    decided: decisionsIn(plan),
    decidedInFull: fullPlan === null ? null : decisionsIn(fullPlan),
  };
  return {
    content: content !== null,
    checked: { base: base.size, local: local.entries.size, remote: remote.entries.size },
    findings: [...stateFaults(known), ...damages(known), ...leftovers(known), ...unsyncable(known)],
    pending: plan.actions.map((p) => p.action).filter(({ kind }) => kind !== 'adopt' && kind !== 'forget'),
    conflicts: plan.conflicts,
    held: plan.held,
  };
}

interface Known extends Evidence {
  /** Paths of deeds that were begun and not recorded. */
  readonly interrupted: ReadonlySet<RelPath>;
  readonly decided: (path: string) => string | null;
  readonly decidedInFull: ((path: string) => string | null) | null;
}

function decisionsIn({ problems, conflicts, held, actions }: Plan): (path: string) => string | null {
  return decisionsOf({ problems, conflicts, held, planned: actions.map((p) => p.action) });
}

function* stateFaults({ stateFaults }: Known): Generator<Finding> {
  for (const fault of stateFaults) {
    yield { kind: 'state-damaged', path: 'the state store', base: fault, local: null, remote: null, next: 'sets it aside and builds it anew by comparing both sides' };
  }
}

/** Where stamp and version are still the recorded ones, the content must be too. */
function* damages(known: Known): Generator<Finding> {
  for (const [path, agreed] of known.base) {
    const kind = damageAt(path, agreed, known);
    if (kind !== null) yield { kind, ...compared(path, known) };
  }
  for (const path of known.remote.entries.keys()) if (!known.base.has(path) && isMisdescribed(path, known)) yield { kind: 'remote-damaged', ...compared(path, known) };
}

function damageAt(path: RelPath, agreed: Base, known: Known): DamageKind | null {
  if (isMisdescribed(path, known)) return 'remote-damaged';
  if (agreed.entry.kind === 'folder') return null;
  const here = localAt(path, known);
  const there = remoteAt(path, known);
  const localOff = here !== undefined && isUntouched(here, agreed, known) && !sameContent(here.entry, agreed.entry);
  const remoteOff = there?.version === agreed.version && !sameContent(there.entry, agreed.entry);
  if (localOff && remoteOff && sameContent(here.entry, there.entry)) return 'base-damaged';
  if (localOff) return 'local-damaged';
  if (remoteOff) return 'remote-differs';
  return here !== undefined && isChangedUnseen(path, here, agreed, known) ? 'local-changed-unseen' : null;
}

function isMisdescribed(path: RelPath, { remote, content }: Known): boolean {
  const described = remote.entries.get(path);
  const read = content?.remote.entries.get(path);
  return described !== undefined && read?.version === described.version && !sameContent(read.entry, described.entry);
}

function isUntouched(here: Local, { stamp }: Base, { proves }: Known): boolean {
  return stamp !== null && here.stamp === stamp && proves(stamp);
}

/** What an interrupted deed of ours left is no stranger's change. */
function isChangedUnseen(path: RelPath, here: Local, { entry, stamp }: Base, { proves, sameMoment, interrupted }: Known): boolean {
  if (here.entry.kind !== 'file' || entry.kind !== 'file' || stamp === null || !proves(stamp) || interrupted.has(path)) return false;
  return sameMoment(stamp, here.stamp) && !sameContent(here.entry, entry);
}

/** What was read again counts only while it is what was seen before. */
function localAt(path: RelPath, { local, content }: Known): Local | undefined {
  const seen = local.entries.get(path);
  const read = content?.local.entries.get(path);
  return read !== undefined && read.stamp === seen?.stamp ? read : seen;
}

function remoteAt(path: RelPath, { remote, content }: Known): Remote | undefined {
  const seen = remote.entries.get(path);
  const read = content?.remote.entries.get(path);
  return read !== undefined && read.version === seen?.version ? read : seen;
}

function* leftovers(known: Known): Generator<Finding> {
  const { base, held, intents, plan, resolutions, conflicts } = known;
  for (const { action } of plan.actions) {
    const kind = lagOf(action, known);
    if (kind !== null) yield { kind, ...compared(action.path, known) };
  }
  for (const path of new Set([...base.keys(), ...held.keys()])) {
    if (!sameBase(base.get(path), held.get(path)))
      yield { kind: 'base-unsaved', ...compared(path, known), next: `nothing: the running engine goes by ${baseInWords(held.get(path))}` };
  }
  for (const { path, kind } of intents) yield { kind: 'stale-intent', ...compared(path, known), next: `looks whether the ${kind} that was begun here was done` };
  const open = new Set(conflicts.map((c) => c.path));
  for (const { path } of resolutions)
    if (!open.has(path)) yield { kind: 'stale-answer', ...compared(path, known), next: 'nothing: the answer is to a conflict that is none any more' };
  for (const path of known.leftovers) yield leftoverFile(path);
}

function leftoverFile(path: string): Finding {
  const [local, next] = path.endsWith('.part') ? ['what was fetched of a file so far', 'goes on with it, or removes it'] : ['a temporary file of an interrupted run', 'removes it'];
  return { kind: 'leftover-file', path, base: null, local, remote: null, next };
}

/** What the planner would only write down is what the state does not know yet. */
function lagOf({ path, kind }: Action, { base, local, remote }: Known): LeftoverKind | null {
  const agreed = base.get(path);
  const there = remote.entries.get(path);
  if (kind === 'forget') return agreed !== undefined && there === undefined && !local.entries.has(path) ? 'base-orphan' : null;
  if (kind !== 'adopt') return null;
  // Before the first sync nothing is remembered, and nothing is wrong with that.
  if (agreed === undefined) return base.size === 0 ? null : 'base-missing';
  return there === undefined || sameContent(agreed.entry, there.entry) ? null : 'base-outdated';
}

function sameBase(a: Base | undefined, b: Base | undefined): boolean {
  if (a === b) return true;
  return a !== undefined && b !== undefined && a.version === b.version && a.stamp === b.stamp && sameContent(a.entry, b.entry);
}

function* unsyncable(known: Known): Generator<Finding> {
  const { plan, content, decided } = known;
  const told = new Set<string>();
  for (const { path, side, reason, detail } of [...plan.problems, ...(content?.local.problems ?? []), ...(content?.remote.problems ?? [])]) {
    const key = `${side} ${reason} ${path}`;
    if (told.has(key)) continue;
    told.add(key);
    const why = detail === undefined ? reason : `${reason}, ${detail}`;
    yield { kind: 'unsyncable', ...compared(path as RelPath, known), [side]: why, side, reason, next: decided(path) ?? 'nothing: it is not read' };
  }
}

function compared(path: RelPath, known: Known): Compared {
  const here = localAt(path, known);
  const there = remoteAt(path, known);
  const described = isMisdescribed(path, known) ? known.remote.entries.get(path) : undefined;
  return {
    path,
    base: known.base.has(path) ? baseInWords(known.base.get(path)) : null,
    local: here === undefined ? null : `${inWords(here.entry)}${isAssumed(path, here, known) ? ' (by its recorded size and times, not read again)' : ''}`,
    remote: there === undefined ? null : `${inWords(there.entry)}${described === undefined ? '' : `; it says of itself: ${inWords(described.entry)}`}`,
    next: nextAt(path, known),
  };
}

function isAssumed(path: RelPath, here: Local, { base, content }: Known): boolean {
  return here.entry.kind === 'file' && here !== content?.local.entries.get(path) && base.get(path)?.stamp === here.stamp;
}

function baseInWords(base: Base | undefined): string {
  return base === undefined ? 'nothing' : inWords(base.entry);
}

function nextAt(path: RelPath, { decided, decidedInFull }: Known): string {
  const now = decided(path);
  if (now !== null) return now;
  if (decidedInFull === null) return 'nothing: it goes by recorded times and versions; verify without --state reads the contents';
  const full = decidedInFull(path);
  return full === null ? 'nothing' : `nothing: it goes by recorded times and versions; sync --full: ${full}`;
}
