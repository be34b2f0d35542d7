import type { Backend, CallOptions } from '../backends/backend.ts';
import { SyncError } from '../core/errors.ts';
import { VAULT_KEY } from './keys.ts';
import { parseJson } from './parse-json.ts';
import { bodyOf, readSmall } from './small-body.ts';

/** The layout's version; a reader refuses a newer one (docs/format.md, "Versioning"). */
const FORMAT = 1;
const MAX_BYTES = 64 * 1024;

/** The vault's id; null where the store says that there is none. */
export async function readVault(backend: Backend, options: CallOptions = {}): Promise<string | null> {
  const object = await backend.get(VAULT_KEY, options);
  if (object === null) return null;
  return parseVault(Buffer.from(await readSmall(object.chunks, MAX_BYTES)).toString('utf8'));
}

/** Creates the vault if absent; the id of whoever was first. */
export async function createVault(backend: Backend, id: string, options: CallOptions = {}): Promise<string> {
  const bytes = Buffer.from(`${JSON.stringify({ format: FORMAT, vault: id, about: 'File Sync keeps files here. Please leave this folder alone.' }, null, 2)}\n`);
  const made = await backend.put(VAULT_KEY, bodyOf(bytes), { condition: { kind: 'absent' }, meta: {}, ...options });
  if (made.kind === 'done') return id;
  const theirs = await readVault(backend, options);
  if (theirs === null) throw new SyncError('unreachable', 'the vault was made and removed by somebody else');
  return theirs;
}

function parseVault(text: string): string {
  const value = parseJson(text);
  if (typeof value === 'object' && value !== null && 'format' in value && typeof value.format === 'number' && Number.isSafeInteger(value.format)) {
    // Of a newer format nothing but its number can be relied on.
    if (value.format > FORMAT) {
      throw new SyncError('config', `this place was made by a newer File Sync (format ${value.format})`, { hint: 'Update File Sync on this device.' });
    }
    if (value.format === FORMAT && 'vault' in value && typeof value.vault === 'string' && /^[0-9a-f]{16,64}$/.test(value.vault)) return value.vault;
  }
  throw new SyncError('corrupt', `${VAULT_KEY} cannot be read`, { hint: 'Restore that small file from a backup of the store.' });
}
