import { parseVaultDocument } from '../codec/read-vault.ts';
import { encodeVaultDocument, type VaultDocument } from '../codec/vault-document.ts';
import type { Notes } from '../core/notes.ts';

/** Of the note that remembers the vault's file as it was last opened here. It is no secret (FORMAT.md, "What is remembered of it"). */
const SEEN = 'vault';

/** The last `vault.json` of format 2 that this pair opened; null where it opened none. A note that does not read is as good as none. */
export async function readSeenVault(notes: Notes): Promise<VaultDocument | null> {
  const text = await notes.get('store', SEEN);
  try {
    return text === null ? null : parseVaultDocument(Buffer.from(text));
  } catch {
    return null;
  }
}

export function rememberVault(notes: Notes, document: VaultDocument): Promise<void> {
  return notes.put('store', SEEN, encodeVaultDocument(document).toString('utf8'));
}
