import { SyncError } from '../core/errors.ts';
import { CONTROL_FOLDER, parseRelPath, type RelPath } from '../core/rel-path.ts';

/** A path a window named, read as one inside the folder. */
export function asRelPath(text: string): RelPath {
  const parsed = parseRelPath(text);
  if (text === CONTROL_FOLDER || text.startsWith(`${CONTROL_FOLDER}/`)) throw new SyncError('usage', 'File Sync keeps its own things there, which are never synced');
  if ('fault' in parsed) throw new SyncError('usage', 'that is not a path inside the folder');
  return parsed.path;
}
