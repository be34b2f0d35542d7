import { SyncError } from '../core/errors.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { Life, Past, Resolved } from '../remote/history/past.ts';

/** The one life an id, or the beginning of one, names. */
export async function lifeById(past: Past, path: RelPath, id: string, signal: AbortSignal): Promise<{ readonly life: Life; readonly found: Resolved }> {
  const fitting = (await past.livesOf(path, signal)).filter((life) => life.id.startsWith(id));
  const [life] = fitting;
  if (life === undefined || fitting.length > 1) {
    const problem = life === undefined ? `no version of ${path} is called ${id}` : `${id} names ${fitting.length} versions of ${path}`;
    throw new SyncError('usage', problem, { hint: '`file-sync versions PATH` lists them.' });
  }
  const found = await past.resolveLife(life, signal);
  if (found === null) throw new SyncError('not-found', `the content of this version of ${path} is no longer kept`, { path });
  return { life, found };
}
