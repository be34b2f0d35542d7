import type { Choice, Conflict, ConflictPolicy } from './conflict.ts';
import type { Decision } from './decide.ts';
import type { Decisions } from './decisions.ts';
import { sameContent } from './entry.ts';
import type { PlanInput } from './plan-input.ts';
import { isWithin, type RelPath } from './rel-path.ts';

export type Clash = Extract<Decision, { kind: 'clash' }>;
export type Verdict = Exclude<ConflictPolicy, 'manual'>;

export interface ClashVerdicts {
  readonly verdicts: ReadonlyMap<RelPath, Verdict>;
  readonly conflicts: readonly Conflict[];
}

/**
 * A kind change that would bury something: the side that put a file in a folder's place does not know of new or edited things in that folder. Such a path becomes a clash; the file steps aside (C34, C39).
 */
export function findBuriedFolders({ byPath, blocked }: Decisions): void {
  const changes = [...byPath.values()].filter((d) => (d.kind === 'push' && isLeafOver(d.local, d.remote)) || (d.kind === 'pull' && isLeafOver(d.remote, d.local)));
  if (changes.length === 0) return;
  for (const change of changes) {
    if ((change.kind !== 'push' && change.kind !== 'pull') || change.local === null || change.remote === null) continue;
    const survivor = [...byPath.values()].some((d) => d.path !== change.path && isWithin(d.path, change.path) && (d.kind === 'push' || d.kind === 'pull'));
    const unknown = [...blocked.roots()].some((path) => path !== change.path && isWithin(path, change.path));
    if (survivor || unknown) {
      byPath.set(change.path, {
        kind: 'clash',
        path: change.path,
        local: change.local,
        remote: change.remote,
        reason: 'a file on one side, a folder with news in it on the other',
      });
    }
  }
}

function isLeafOver(winner: { readonly entry: { readonly kind: string } } | null, loser: { readonly entry: { readonly kind: string } } | null): boolean {
  return winner !== null && loser !== null && winner.entry.kind !== 'folder' && loser.entry.kind === 'folder';
}

/** What is to be done about each clash, by the user's answer, else by policy; `manual` ones wait, with all that lies below them. */
export function judgeClashes(input: PlanInput, { byPath, blocked }: Decisions): ClashVerdicts {
  const verdicts = new Map<RelPath, Verdict>();
  const conflicts: Conflict[] = [];
  for (const clash of byPath.values()) {
    if (clash.kind !== 'clash') continue;
    const verdict = judge(input, clash);
    if (verdict !== 'manual') {
      verdicts.set(clash.path, verdict);
      continue;
    }
    conflicts.push(asConflict(input, clash));
    blocked.add(clash.path, true);
  }
  return { verdicts, conflicts };
}

function judge(input: PlanInput, clash: Clash): ConflictPolicy {
  if (input.direction === 'upload_only') return 'keep_local';
  if (input.direction === 'download_only') return 'keep_both';
  const answer = input.resolutions.find((r) => r.path === clash.path);
  // The answer is for the two contents that were shown; if either has moved on, the question is asked anew (C38).
  if (answer !== undefined && answer.remoteVersion === clash.remote.version && sameContent(answer.local, clash.local.entry)) return policyOf(answer.choice);
  return input.policyFor(clash.path);
}

function policyOf(choice: Choice): Verdict {
  return choice === 'local' ? 'keep_local' : choice === 'remote' ? 'keep_remote' : 'keep_both';
}

function asConflict(input: PlanInput, { path, local, remote }: Clash): Conflict {
  return {
    path,
    local: local.entry,
    remote: remote.entry,
    remoteVersion: remote.version,
    remoteDevice: remote.device,
    remoteStoredAtMs: remote.storedAtMs,
    since: input.open.find((c) => c.path === path)?.since ?? input.nowMs,
  };
}
