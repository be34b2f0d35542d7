import type { Action, Plan } from '../core/action.ts';
import type { Entry, RemoteSnapshot } from '../core/entry.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { PairSettings } from '../core/settings.ts';
import type { KeptVersions } from '../remote/remote-tree.ts';

/** What a plan's actions leave behind on the store as versions, by what they find there now: told without asking the store, until the next sweep counts all. */
export function keptBy(
  { actions }: Pick<Plan, 'actions'>,
  remote: RemoteSnapshot['entries'],
  { versionsKeep, versionsDays }: Pick<PairSettings, 'versionsKeep' | 'versionsDays'>,
): (action: Action) => KeptVersions {
  const before = new Map<RelPath, Entry>();
  if (versionsKeep > 0 && versionsDays > 0) {
    for (const { action } of actions) {
      const there = action.kind === 'remove-remote' || (action.kind === 'upload' && action.replaces !== null) ? remote.get(action.path)?.entry : undefined;
      if (there !== undefined && there.kind !== 'folder') before.set(action.path, there);
    }
  }
  return ({ kind, path }) => {
    const entry = kind === 'upload' || kind === 'remove-remote' ? before.get(path) : undefined;
    return entry === undefined ? NONE : { count: 1, bytes: entry.kind === 'file' ? entry.size : 0 };
  };
}

export const NONE: KeptVersions = { count: 0, bytes: 0 };

export function plus(a: KeptVersions, b: KeptVersions): KeptVersions {
  return b.count === 0 ? a : { count: a.count + b.count, bytes: a.bytes + b.bytes };
}
