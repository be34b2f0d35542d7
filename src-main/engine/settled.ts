import { z } from 'zod';
import type { Plan } from '../core/action.ts';
import { type BaseSnapshot, type Entry, type LeafEntry, type Local, type Remote, sameContent } from '../core/entry.ts';
import { parseRelPath, type RelPath } from '../core/rel-path.ts';
import { storedLeaf } from './stored-entry.ts';

/** What a run did about two versions that wanted one path: one gave way to the other, or both stay and one of them got the name `to`. */
export type Settled =
  | { readonly kind: 'gave-way'; readonly side: 'local' | 'remote'; readonly entry: LeafEntry; readonly device: string | null }
  | { readonly kind: 'both'; readonly to: RelPath };

export interface SettledLook {
  readonly base: BaseSnapshot;
  readonly local: ReadonlyMap<RelPath, Local>;
  readonly remote: ReadonlyMap<RelPath, Remote>;
  /** The name of this device. */
  readonly device: string;
}

/** Where a plan replaces, on either side, a content that only that side has. */
export function settledBy({ actions }: Pick<Plan, 'actions'>, { base, local, remote, device }: SettledLook): ReadonlyMap<RelPath, Settled> {
  const settled = new Map<RelPath, Settled>();
  for (const { action } of actions) {
    const { path } = action;
    if (action.kind === 'set-aside-local' || action.kind === 'set-aside-remote') settled.set(path, { kind: 'both', to: action.to });
    if ((action.kind !== 'upload' && action.kind !== 'download') || action.replaces === null) continue;
    const side = action.kind === 'upload' ? 'remote' : 'local';
    const here = local.get(path);
    const loser = side === 'remote' ? remote.get(path)?.entry : here?.lostBytes === true ? undefined : here?.entry;
    const agreed = base.get(path)?.entry;
    if (loser === undefined || loser.kind === 'folder' || sameContent(loser, action.entry) || isAgreed(loser, agreed)) continue;
    settled.set(path, { kind: 'gave-way', side, entry: loser, device: side === 'local' ? device : (remote.get(path)?.device ?? null) });
  }
  return settled;
}

function isAgreed(entry: Entry, agreed: Entry | undefined): boolean {
  return agreed !== undefined && sameContent(entry, agreed);
}

const storedPath = z.string().transform((name, context): RelPath => {
  const parsed = parseRelPath(name);
  if ('path' in parsed) return parsed.path;
  context.addIssue({ code: 'custom', message: 'is no path' });
  return z.NEVER;
});
export const storedSettled: z.ZodType<Settled> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('gave-way'), side: z.enum(['local', 'remote']), entry: storedLeaf, device: z.string().nullable() }),
  z.object({ kind: z.literal('both'), to: storedPath }),
]);
