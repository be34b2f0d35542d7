import { hasCode, throwIfAborted } from '../../core/errors.ts';
import { compareKeys } from '../../core/key-order.ts';
import type { FileStat, Fs } from '../../platform/fs.ts';
import type { ListOptions } from '../backend.ts';
import type { StoreKeys } from './store-keys.ts';
import { PRIVATE_PREFIX } from './store-layout.ts';
import type { StorePresence } from './store-presence.ts';

export interface WalkPorts {
  readonly fs: Fs;
  readonly keys: StoreKeys;
  readonly presence: StorePresence;
}
interface Found {
  readonly key: string;
  readonly stat: FileStat;
}

/** Everything whose key starts with `prefix`, in the order of the keys; links are found and never entered. Memory holds the names of the folders on the way. */
export async function* walkStore(ports: WalkPorts, prefix: string, options: ListOptions): AsyncGenerator<Found> {
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  if (folder !== '') {
    ports.keys.check(folder);
    const stat = await ports.keys.look(folder);
    if (stat === null) return;
    if (folder === prefix && isAfter(folder, options)) yield { key: folder, stat };
  }
  yield* walk(ports, folder, prefix, options);
}

async function* walk(ports: WalkPorts, folder: string, prefix: string, options: ListOptions): AsyncGenerator<Found> {
  // What is in a folder comes after every name that sorts before the folder's name and a slash: `a`, `a-b`, `a/b`.
  const folders: Found[] = [];
  const before = async function* (key: string | null): AsyncGenerator<Found> {
    for (let next = folders.at(-1); next !== undefined && (key === null || compareKeys(next.key, key) < 0); next = folders.at(-1)) {
      folders.pop();
      if (isAfter(next.key, options)) yield next;
      yield* walk(ports, next.key, prefix, options);
    }
  };
  for (const { name, valid } of (await namesIn(ports, folder, options)).toSorted((a, b) => compareKeys(a.name, b.name))) {
    throwIfAborted(options.signal);
    const key = `${folder}${name}`;
    if (!key.startsWith(prefix) || `${key}/` === PRIVATE_PREFIX) continue;
    if (!valid) {
      options.unlisted?.(key, 'invalid-utf8-name');
      continue;
    }
    if (folders.length > 0) yield* before(key);
    if (!isAfter(key, options) && !holdsAfter(`${key}/`, options)) continue;
    const stat = await ports.fs.lstat(ports.keys.path(key));
    // Gone since the folder was read: removed, unless it is the whole store that went.
    if (stat === null) await ports.presence.require();
    else if (stat.kind === 'other') options.unlisted?.(key, 'special-file');
    else if (stat.kind !== 'folder') {
      if (!skipped(key, options) && isAfter(key, options)) yield { key, stat };
    } else if (!skipped(`${key}/`, options) && (isAfter(`${key}/`, options) || holdsAfter(`${key}/`, options))) folders.push({ key: `${key}/`, stat });
  }
  yield* before(null);
}

function isAfter(key: string, { after }: ListOptions): boolean {
  return after === undefined || compareKeys(key, after) > 0;
}

/** Whether something in a folder may come after. */
function holdsAfter(folder: string, { after }: ListOptions): boolean {
  return after === undefined || after.startsWith(folder) || compareKeys(folder, after) > 0;
}

function skipped(key: string, { skip }: ListOptions): boolean {
  return skip !== undefined && key.startsWith(skip);
}

async function namesIn({ fs, keys, presence }: WalkPorts, folder: string, options: ListOptions): Promise<readonly { readonly name: string; readonly valid: boolean }[]> {
  try {
    return await fs.readDir(keys.path(folder));
  } catch (error) {
    if (folder === '' || !hasCode(error, 'not-found', 'no-permission')) throw error;
    await presence.require();
    if (hasCode(error, 'no-permission')) options.unlisted?.(folder.slice(0, -1), 'unreadable');
    return [];
  }
}
