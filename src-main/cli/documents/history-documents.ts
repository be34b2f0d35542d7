import { z } from 'zod';
import { documentOf } from './envelope.ts';
import { count, held, report, time } from './parts.ts';

const change = z.strictObject({
  kind: z.enum(['remove', 'remove-folder', 'make-folder', 'move', 'write', 'set-mode', 'send']),
  path: z.string(),
  to: z.string().optional().describe('of a move'),
  size: count.optional(),
});
const left = z.array(z.strictObject({ path: z.string(), why: z.string() })).describe('what could not be brought back or stays as it is');
const revised = {
  dryRun: z.boolean(),
  planned: z.array(change),
  done: count.describe('changes made'),
  left,
  held: count.nullable().describe('so many files would go: waits for --yes'),
};
const synced = { ...revised, sync: z.strictObject(report).nullable().describe('the sync that carried it over') };

export const HISTORY_DOCUMENTS: Readonly<Record<string, z.ZodType>> = {
  versions: documentOf('versions', {
    path: z.string(),
    versions: z.array(
      z.strictObject({
        id: z.string(),
        from: time,
        until: time.nullable(),
        ended: z.enum(['is-there', 'replaced', 'removed', 'moved', 'unknown']),
        live: z.boolean(),
        kept: z.boolean().describe('its content can be had'),
        damage: z.string().nullable().describe('why it cannot, though something is kept: it was damaged or exchanged in the backup'),
        size: count.nullable(),
        sha256: z.string().nullable(),
        mode: z.number().int().nullable(),
        mtimeNs: z.string().nullable(),
        target: z.string().nullable().describe('of a link'),
        device: z.string().nullable(),
      }),
    ),
  }),
  restore: z.union([
    documentOf('restore', { ...synced, at: time.nullable(), to: z.null() }),
    documentOf('restore', { ...revised, at: time.nullable(), to: z.string(), unsure: z.array(z.string()).describe('not certain to have been there') }),
  ]),
  undo: z.union([
    documentOf('undo', { ...synced, run: count, at: time }),
    documentOf('undo', { runs: z.array(z.strictObject({ run: count, id: z.string(), at: time, changes: count })) }),
  ]),
  trash: documentOf('trash', { items: z.array(z.strictObject({ path: z.string(), batch: z.string(), kind: z.enum(['file', 'symlink']), size: count, at: time.nullable() })) }),
  held: documentOf('held', { held: z.array(held) }),
  'held restore': documentOf('held restore', synced),
  'trash restore': documentOf('trash restore', synced),
};
