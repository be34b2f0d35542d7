import type { Action, PlannedAction, Stage } from './action.ts';
import type { Verdict } from './clashes.ts';
import type { Decision } from './decide.ts';
import type { Local, Remote } from './entry.ts';
import { assertNever } from './errors.ts';
import type { PlanInput } from './plan-input.ts';
import type { RelPath } from './rel-path.ts';

type AsideName = (path: RelPath, device: string) => RelPath;

/** The actions that carry out one decision, with what each expects on both sides. */
export function emit(decision: Decision, verdict: Verdict | undefined, input: PlanInput, asideName: AsideName): readonly PlannedAction[] {
  const { path, reason } = decision;
  switch (decision.kind) {
    case 'forget':
      return [at('record', { kind: 'forget', path, reason })];
    case 'adopt':
      return [at('record', { kind: 'adopt', path, entry: decision.remote.entry, stamp: decision.local.stamp, version: decision.remote.version, reason })];
    case 'mode-down':
      return [at('transfer', { kind: 'set-local-mode', path, entry: decision.entry, version: decision.remote.version, stamp: decision.local.stamp, reason })];
    case 'push':
      return push(path, decision.local, decision.remote, reason);
    case 'pull':
      return pull(path, decision.local, decision.remote, reason);
    case 'drop-remote':
      return [removeRemote(path, decision.remote, reason, false)];
    case 'drop-local':
      return [removeLocal(path, decision.local, reason, false)];
    case 'clash':
      return verdict === undefined ? [] : settle(decision, verdict, input, asideName);
    default:
      return assertNever(decision);
  }
}

function at(stage: Stage, action: Action): PlannedAction {
  return { stage, action };
}

function push(path: RelPath, local: Local, remote: Remote | null, reason: string): readonly PlannedAction[] {
  const swap = remote !== null && (remote.entry.kind === 'folder') !== (local.entry.kind === 'folder');
  const room = swap ? [removeRemote(path, remote, reason, true)] : [];
  if (local.entry.kind === 'folder') return [...room, at('folders', { kind: 'make-remote-folder', path, reason })];
  const replaces = swap ? null : (remote?.version ?? null);
  return [...room, at('transfer', { kind: 'upload', path, entry: local.entry, stamp: local.stamp, replaces, reason })];
}

function pull(path: RelPath, local: Local | null, remote: Remote, reason: string): readonly PlannedAction[] {
  const swap = local !== null && (local.entry.kind === 'folder') !== (remote.entry.kind === 'folder');
  const room = swap ? [removeLocal(path, local, reason, true)] : [];
  if (remote.entry.kind === 'folder') return [...room, at('folders', { kind: 'make-local-folder', path, version: remote.version, reason })];
  const replaces = swap ? null : (local?.stamp ?? null);
  return [...room, at('transfer', { kind: 'download', path, entry: remote.entry, version: remote.version, replaces, reason })];
}

function removeRemote(path: RelPath, { entry, version }: Remote, reason: string, makesRoom: boolean): PlannedAction {
  if (entry.kind === 'folder') return at(makesRoom ? 'clear' : 'remove-folders', { kind: 'remove-remote-folder', path, version, reason });
  return at(makesRoom ? 'clear' : 'delete', { kind: 'remove-remote', path, entry, version, reason });
}

function removeLocal(path: RelPath, { entry, stamp }: Local, reason: string, makesRoom: boolean): PlannedAction {
  if (entry.kind === 'folder') return at(makesRoom ? 'clear' : 'remove-folders', { kind: 'remove-local-folder', path, reason });
  return at(makesRoom ? 'clear' : 'delete', { kind: 'remove-local', path, entry, stamp, reason });
}

/** A file against a folder: both are kept, whatever the policy; the file takes the conflict name. */
function settle(clash: Extract<Decision, { kind: 'clash' }>, verdict: Verdict, input: PlanInput, asideName: AsideName): readonly PlannedAction[] {
  const { path, local, remote } = clash;
  if (local.entry.kind === 'folder') {
    if (remote.entry.kind === 'folder') return [];
    const to = asideName(path, remote.device ?? 'remote');
    return [
      at('set-aside', { kind: 'set-aside-remote', path, to, entry: remote.entry, version: remote.version, reason: clash.reason }),
      at('folders', { kind: 'make-remote-folder', path, reason: clash.reason }),
    ];
  }
  if (remote.entry.kind !== 'folder' && verdict === 'keep_local') return push(path, local, remote, `${clash.reason}: this side is kept, the other becomes a version`);
  if (remote.entry.kind !== 'folder' && verdict === 'keep_remote') return pull(path, local, remote, `${clash.reason}: the other side is kept, this one goes to the trash`);
  const to = asideName(path, input.device);
  const aside = at('set-aside', { kind: 'set-aside-local', path, to, entry: local.entry, stamp: local.stamp, reason: `${clash.reason}: both are kept` });
  return [aside, ...pull(path, null, remote, `${clash.reason}: the version that was stored first keeps the name`)];
}
