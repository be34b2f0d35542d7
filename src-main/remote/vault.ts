import type { Backend } from '../backends/backend.ts';
import { SyncError } from '../core/errors.ts';
import { readText } from './examine.ts';
import { VAULT_KEY } from './keys.ts';

/** Of docs/format.md. A vault with a higher number is not touched. */
const FORMAT = 1;
const MAX_VAULT_BYTES = 65_536;

/** The vault's id; null where there is none. */
export async function readVault(backend: Backend): Promise<string | null> {
  const object = await backend.get(VAULT_KEY);
  return object === null ? null : parseVault(await readText(object.chunks, MAX_VAULT_BYTES));
}

export function vaultText(id: string): Uint8Array {
  return Buffer.from(`${JSON.stringify({ format: FORMAT, vault: id, about: 'File Sync keeps files here. Please leave this folder alone.' }, null, 2)}\n`);
}

function parseVault(text: string): string {
  const value = parseJson(text);
  if (typeof value === 'object' && value !== null && 'format' in value && typeof value.format === 'number' && Number.isSafeInteger(value.format)) {
    if (value.format > FORMAT) {
      throw new SyncError('config', `this place was made by a newer File Sync (format ${value.format})`, { hint: 'Update File Sync on this device.' });
    }
    if (value.format === FORMAT && 'vault' in value && typeof value.vault === 'string' && /^[0-9a-f]{16,64}$/.test(value.vault)) return value.vault;
  }
  throw new SyncError('corrupt', `${VAULT_KEY} cannot be read`, { hint: 'Restore that small file from a backup of the store.' });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
