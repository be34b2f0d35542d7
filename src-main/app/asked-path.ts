import { SyncError } from '../core/errors.ts';
import { parseRelPath, type RelPath } from '../core/rel-path.ts';

/** A path a window named, read as one inside the folder. */
export function asRelPath(text: string): RelPath {
  const parsed = parseRelPath(text);
  if ('fault' in parsed) throw new SyncError('usage', 'that is not a path inside the folder');
  return parsed.path;
}
