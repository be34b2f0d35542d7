import { join } from 'node:path';
import { hasCode, SyncError } from '../core/errors.ts';
import { CONTROL_FOLDER } from '../core/rel-path.ts';
import type { Fs } from '../platform/fs.ts';
import { readText } from '../platform/text-file.ts';
import { checkPair } from './check-pair.ts';
import type { PairEnds } from './engine-protocol.ts';

export type PairSide = 'source' | 'target';

const MARKER = {
  source: { file: 'identity.json', field: 'pairId', what: 'the synced folder' },
  target: { file: 'vault.json', field: 'vault', what: 'the backup folder' },
} as const;

/** A side of a pair that was moved or renamed, found again: only the folder that bears the pair's own mark will do, and what a new pair is refused for is refused here too (C29). Touches nothing. */
export async function checkMoved(
  fs: Fs,
  now: PairEnds,
  { side, folder }: { readonly side: PairSide; readonly folder: string },
  others: readonly PairEnds[],
  stateFolder: string,
): Promise<PairEnds> {
  const next: PairEnds = side === 'source' ? { ...now, source: folder } : { ...now, target: { kind: 'local', folder } };
  const marks = { source: await markOf(fs, next.source, 'source'), target: next.target.kind === 'local' ? await markOf(fs, next.target.folder, 'target') : null };
  const { what, file } = MARKER[side];
  if (marks[side] === null)
    throw new SyncError('usage', `the folder you chose is not ${what} that was moved: it has no ${CONTROL_FOLDER}/${file}`, {
      path: folder,
      hint: 'Choose the very folder that was moved or renamed. To sync with another one, add it as a new folder.',
    });
  // Of a bucket the engine asks the same before it does anything.
  if (next.target.kind === 'local' && marks.source !== marks.target)
    throw new SyncError('usage', `the folder you chose is not ${what} of this pair: it belongs to another one`, {
      path: folder,
      hint: 'Choose the very folder that was moved or renamed. To sync with another one, add it as a new folder.',
    });
  return checkPair(fs, next, others, stateFolder);
}

/** Null where the folder, or its mark, is not there or cannot be understood. */
async function markOf(fs: Fs, folder: string, side: PairSide): Promise<string | null> {
  const { file, field } = MARKER[side];
  try {
    const marker: unknown = JSON.parse(await readText(fs, join(folder, CONTROL_FOLDER, file)));
    const mark = typeof marker === 'object' && marker !== null ? (marker as Readonly<Record<string, unknown>>)[field] : null;
    return typeof mark === 'string' ? mark : null;
  } catch (error) {
    if (error instanceof SyntaxError || hasCode(error, 'not-found', 'not-a-folder', 'io')) return null;
    throw error;
  }
}
