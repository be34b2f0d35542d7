import { hasCode, throwIfAborted } from '../../core/errors.ts';
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

/** Everything whose key starts with `prefix`, by folders; links are found and never entered. */
export async function* walkStore(ports: WalkPorts, prefix: string, options: ListOptions): AsyncGenerator<Found> {
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  if (folder !== '') {
    ports.keys.check(folder);
    const stat = await ports.keys.look(folder);
    if (stat === null) return;
    if (folder === prefix) yield { key: folder, stat };
  }
  yield* walk(ports, folder, prefix, options);
}

async function* walk(ports: WalkPorts, folder: string, prefix: string, options: ListOptions): AsyncGenerator<Found> {
  for (const { name, valid } of await namesIn(ports, folder, options)) {
    throwIfAborted(options.signal);
    const key = `${folder}${name}`;
    if (!key.startsWith(prefix) || `${key}/` === PRIVATE_PREFIX) continue;
    if (!valid) {
      options.unlisted?.(key, 'invalid-utf8-name');
      continue;
    }
    const stat = await ports.fs.lstat(ports.keys.path(key));
    // Gone since the folder was read: removed, unless it is the whole store that went.
    if (stat === null) await ports.presence.require();
    else if (stat.kind === 'other') options.unlisted?.(key, 'special-file');
    else if (stat.kind !== 'folder') {
      if (!skipped(key, options)) yield { key, stat };
    } else if (!skipped(`${key}/`, options)) {
      yield { key: `${key}/`, stat };
      yield* walk(ports, `${key}/`, prefix, options);
    }
  }
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
