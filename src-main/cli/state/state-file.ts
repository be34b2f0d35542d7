import { z } from 'zod';
import type { Action } from '../../core/action.ts';
import type { BaseSnapshot, Entry, Hash } from '../../core/entry.ts';
import { SyncError } from '../../core/errors.ts';
import type { PairStatus } from '../../core/events.ts';
import { parseRelPath, type RelPath } from '../../core/rel-path.ts';
import { documentOf, isVisible } from '../describe-action.ts';

/** `.sync_state.json` (docs/configuration.md): what both sides last agreed on, and what waits. */
export const STATE_FILE = '.sync_state.json';
export const STATE_FORMAT = 1;
/** A million files take some 200 MB. */
export const LONGEST_STATE = 2 ** 29 - 1;

const file = z.object({
  kind: z.literal('file'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  size: z.number().int().min(0),
  mtimeNs: z.string().regex(/^-?\d{1,20}$/),
  mode: z
    .string()
    .regex(/^[0-7]{1,4}$/)
    .nullable(),
});
const entry = z.discriminatedUnion('kind', [file, z.object({ kind: z.literal('folder') }), z.object({ kind: z.literal('symlink'), target: z.string().min(1).max(4096) })]);
const shape = z.object({ format: z.number().int(), files: z.record(z.string(), entry) });

export interface ExportedState {
  readonly exportedAt: string;
  readonly status: PairStatus;
  readonly agreed: BaseSnapshot;
  readonly pending: readonly Action[];
}

/** The file, in pieces: it may be longer than a text can be. */
export function* stateText({ exportedAt, status, agreed, pending }: ExportedState): Generator<string> {
  const time = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
  const visible = pending.filter(isVisible).map(documentOf) as unknown as readonly { readonly direction: string }[];
  const head = {
    format: STATE_FORMAT,
    about: 'What File Sync remembers of a folder: file-sync state export, file-sync state import.',
    exportedAt,
    source: status.source,
    target: status.target,
    lastSync: time(status.lastSyncAt),
    lastFullScan: time(status.lastFullScanAt),
    pendingUploads: visible.filter(({ direction }) => direction === 'up'),
    pendingDownloads: visible.filter(({ direction }) => direction === 'down'),
    conflicts: status.conflicts.map(({ path, since }) => ({ path, since: time(since) })),
  };
  yield `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "files": {`;
  let piece = '';
  let isFirst = true;
  for (const [path, { entry: one }] of agreed) {
    piece += `${isFirst ? '' : ','}\n    ${JSON.stringify(path)}: ${JSON.stringify(described(one))}`;
    isFirst = false;
    if (piece.length < 65_536) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}\n  }\n}\n`;
}

function described(one: Entry): z.output<typeof entry> {
  if (one.kind !== 'file') return one;
  const { kind, hash, size, mtimeNs, mode } = one;
  return { kind, sha256: hash, size, mtimeNs: String(mtimeNs), mode: mode === null ? null : mode.toString(8) };
}

/** Throws `config` for what is no such file; nothing is taken from a part of one. */
export function readState(text: string, path: string): ReadonlyMap<RelPath, Entry> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (cause) {
    throw new SyncError('config', `${path} is not JSON`, { path, cause, hint: 'Name a file that `file-sync state export` wrote.' });
  }
  const read = shape.safeParse(raw);
  if (read.success && read.data.format !== STATE_FORMAT)
    throw new SyncError('config', `${path} is of format ${read.data.format}, which this version does not know`, { path, hint: 'Update File Sync.' });
  if (!read.success) throw new SyncError('config', `${path} is not a state that File Sync exported: ${z.prettifyError(read.error).split('\n')[0]}`, { path });
  const entries = new Map<RelPath, Entry>();
  for (const [name, one] of Object.entries(read.data.files)) {
    const parsed = parseRelPath(name);
    if ('fault' in parsed) throw new SyncError('config', `${path} names a path that lies in no folder`, { path });
    entries.set(
      parsed.path,
      one.kind === 'file'
        ? { kind: 'file', size: one.size, hash: one.sha256 as Hash, mtimeNs: BigInt(one.mtimeNs), mode: one.mode === null ? null : Number.parseInt(one.mode, 8) }
        : one,
    );
  }
  return entries;
}
