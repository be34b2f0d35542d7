import { type Base, type Entry, type FileEntry, IMPLIED_FOLDER, type Local, type Remote, sameContent, sameMode } from './entry.ts';
import type { RelPath } from './rel-path.ts';

/**
 * What should become of one path, seen alone. `push` brings the local entry to the remote side, `pull` the other way; each may create, replace, or change the kind (file to folder and back).
 * `clash`: both sides changed to different things.
 */
export type Decision =
  | { readonly kind: 'push'; readonly path: RelPath; readonly local: Local; readonly remote: Remote | null; readonly reason: string }
  | { readonly kind: 'pull'; readonly path: RelPath; readonly local: Local | null; readonly remote: Remote; readonly reason: string }
  | { readonly kind: 'drop-remote'; readonly path: RelPath; readonly remote: Remote; readonly reason: string }
  | { readonly kind: 'drop-local'; readonly path: RelPath; readonly local: Local; readonly base: Base; readonly reason: string }
  | { readonly kind: 'clash'; readonly path: RelPath; readonly local: Local; readonly remote: Remote; readonly reason: string }
  | { readonly kind: 'mode-down'; readonly path: RelPath; readonly local: Local; readonly remote: Remote; readonly entry: FileEntry; readonly reason: string }
  | { readonly kind: 'adopt'; readonly path: RelPath; readonly local: Local; readonly remote: Remote; readonly reason: string }
  | { readonly kind: 'forget'; readonly path: RelPath; readonly reason: string };

/** The three-way rule for one path; null when nothing is to be done. Times never decide (C44). */
export function decide(path: RelPath, base: Base | undefined, local: Local | undefined, remote: Remote | undefined): Decision | null {
  if (local === undefined && remote === undefined) return base === undefined ? null : { kind: 'forget', path, reason: 'gone on both sides' };
  if (remote === undefined) return local === undefined ? null : onlyLocal(path, base, local);
  if (local === undefined) return onlyRemote(path, base, remote);
  return sameContent(local.entry, remote.entry) ? bothEqual(path, base, local, remote) : bothDiffer(path, base, local, remote);
}

function onlyLocal(path: RelPath, base: Base | undefined, local: Local): Decision | null {
  if (base === undefined) return { kind: 'push', path, local, remote: null, reason: 'new here' };
  if (isAsAgreed(local, base)) return { kind: 'drop-local', path, local, base, reason: 'deleted on the other side, unchanged here' };
  return { kind: 'push', path, local, remote: null, reason: 'edited here, deleted on the other side: the edit survives' };
}

function onlyRemote(path: RelPath, base: Base | undefined, remote: Remote): Decision {
  if (base === undefined) return { kind: 'pull', path, local: null, remote, reason: 'new on the other side' };
  if (unchanged(remote, base)) return { kind: 'drop-remote', path, remote, reason: 'deleted here, unchanged on the other side' };
  return { kind: 'pull', path, local: null, remote, reason: 'deleted here, edited on the other side: the edit survives' };
}

function bothDiffer(path: RelPath, base: Base | undefined, local: Local, remote: Remote): Decision {
  if (local.lostBytes === true) return { kind: 'pull', path, local, remote, reason: 'its bytes were lost here, in a power cut most likely: fetched again' };
  if (base !== undefined && unchanged(remote, base)) return { kind: 'push', path, local, remote, reason: 'edited here' };
  if (base !== undefined && isAsAgreed(local, base)) return { kind: 'pull', path, local, remote, reason: 'edited on the other side' };
  return { kind: 'clash', path, local, remote, reason: base === undefined ? 'both sides have it, with different content' : 'edited on both sides' };
}

function bothEqual(path: RelPath, base: Base | undefined, local: Local, remote: Remote): Decision | null {
  if (local.entry.kind === 'file' && remote.entry.kind === 'file' && !sameMode(local.entry, remote.entry)) {
    const ourChange = base !== undefined && sameMode(base.entry, remote.entry);
    return ourChange
      ? { kind: 'push', path, local, remote, reason: 'permissions changed here' }
      : { kind: 'mode-down', path, local, remote, entry: remote.entry, reason: 'permissions changed on the other side' };
  }
  // Without a marker the folder would go with the last thing in it, whoever removes that.
  if (remote.version === IMPLIED_FOLDER) return { kind: 'push', path, local, remote, reason: 'the folder has no marker of its own' };
  // A folder is there or not: its own times, which stamps and versions may be made of, change with every child.
  if (local.entry.kind === 'folder' && base?.entry.kind === 'folder') return null;
  if (base !== undefined && base.version === remote.version && base.stamp === local.stamp && sameEntry(base.entry, remote.entry)) return null;
  return { kind: 'adopt', path, local, remote, reason: base === undefined ? 'both sides have it already' : 'same content on both sides' };
}

function sameEntry(a: Entry, b: Entry): boolean {
  return sameContent(a, b) && sameMode(a, b);
}

/** A file whose bytes were lost was not changed by anybody. */
function isAsAgreed(local: Local, base: Base): boolean {
  return local.lostBytes === true || sameContent(local.entry, base.entry);
}

function unchanged(remote: Remote, base: Base): boolean {
  return remote.version === base.version || sameContent(remote.entry, base.entry);
}
