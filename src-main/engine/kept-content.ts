import type { FileEntry, Hash, LeafEntry, Local } from '../core/entry.ts';
import { throwIfAborted } from '../core/errors.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { Source } from '../local/local-tree.ts';
import type { Past } from '../remote/history/past.ts';
import { findContent, sourceOf } from './restore.ts';
import type { Deed } from './undo-log.ts';

/** Where what a run replaced or removed can be had from. */
export interface UndoSources {
  readonly past: Past;
  /** A content that gave way under a path here; null where the trash has it no more. */
  readonly findTrashed: (path: RelPath, entry: LeafEntry) => Promise<Source | null>;
}

/** So many are looked at one by one; of more, one listing tells what is kept, by its size. */
const FEW = 64;
const AT_ONCE = 16;

export async function findKept({ past, findTrashed }: UndoSources, path: RelPath, entry: LeafEntry, signal: AbortSignal): Promise<Source | null> {
  return sourceOf(past, await findContent(past, path, entry, signal), signal) ?? (await findTrashed(path, entry));
}

/** Those that are kept neither among the versions nor in the trash here. */
export async function notKept(sources: UndoSources, files: ReadonlyMap<RelPath, FileEntry>, signal: AbortSignal): Promise<ReadonlySet<RelPath>> {
  const open = new Map(files);
  if (open.size > FEW)
    for await (const lives of sources.past.lives({ signal }))
      for (const { path, kind, size } of lives) if (kind !== 'live' && (size === null || size === open.get(path)?.size)) open.delete(path);
  const asked = [...open];
  const many = files.size > FEW;
  for (let from = 0; from < asked.length; from += AT_ONCE) {
    throwIfAborted(signal);
    const find = async ([path, entry]: (typeof asked)[number]): Promise<void> => {
      const found = await (many ? sources.findTrashed(path, entry) : findKept(sources, path, entry, signal));
      if (found !== null) open.delete(path);
    };
    await Promise.all(asked.slice(from, from + AT_ONCE).map(find));
  }
  return new Set(open.keys());
}

/** Whether any of these deeds can be taken back. */
export async function anyKept(sources: UndoSources, deeds: readonly Deed[], here: ReadonlySet<Hash>, signal: AbortSignal): Promise<boolean> {
  const files = new Map<RelPath, FileEntry>();
  for (const deed of deeds) {
    const content = contentFor(deed);
    if (content === null || here.has(content.hash)) return true;
    files.set(deed.path, content);
  }
  // The first ones mostly tell.
  const first = new Map([...files].slice(0, AT_ONCE));
  return (await notKept(sources, first, signal)).size < first.size || (await notKept(sources, files, signal)).size < files.size;
}

/** The bytes that taking it back needs; null where it needs none. */
function contentFor({ before, after, settled }: Deed): FileEntry | null {
  if (settled?.kind === 'gave-way') return settled.entry.kind === 'file' ? settled.entry : null;
  return before?.kind !== 'file' || (after?.kind === 'file' && after.hash === before.hash) ? null : before;
}

export function contentsIn(entries: Iterable<Pick<Local, 'entry'>>): ReadonlySet<Hash> {
  const hashes = new Set<Hash>();
  for (const { entry } of entries) if (entry.kind === 'file') hashes.add(entry.hash);
  return hashes;
}
