import { assertNever, SyncError } from '../core/errors.ts';
import { secretsWanted } from './keyring.ts';
import { encodeVaultDocument, isSealed, type VaultDocument } from './vault-document.ts';

/**
 * Judges what lies on the store by what this device last opened there (FORMAT.md, "What is remembered"). `same` may be used, `newer` once it has been opened with the secret (and is remembered then); everything else is thrown as
 * `remote-replaced` before anything is written (C64). Null for `seen`: a device that meets the vault for the first time.
 */
export function judgeVault(seen: VaultDocument | null, found: VaultDocument): 'same' | 'newer' {
  if (seen === null) return 'newer';
  const verdict = compare(seen, found);
  if (verdict === 'same' || verdict === 'newer') return verdict;
  throw new SyncError('remote-replaced', replacedWords(verdict), {
    hint: 'Somebody or something replaced .file-sync/vault.json on the store. Put back the right one (file-sync keys restore), or set the folder up anew if this is meant.',
  });
}

type Verdict = 'same' | 'newer' | 'other-vault' | 'plain-again' | 'rolled-back' | 'forked';

function compare(seen: VaultDocument, found: VaultDocument): Verdict {
  if (seen.vault !== found.vault) return 'other-vault';
  if (!isSealed(seen)) return encodeVaultDocument(seen).equals(encodeVaultDocument(found)) ? 'same' : 'newer';
  if (!isSealed(found)) return 'plain-again';
  const [before, now] = [seen.keyring.revision, found.keyring.revision];
  if (now !== before) return now > before ? 'newer' : 'rolled-back';
  return encodeVaultDocument(seen).equals(encodeVaultDocument(found)) ? 'same' : 'forked';
}

function replacedWords(verdict: Exclude<Verdict, 'same' | 'newer'>): string {
  switch (verdict) {
    case 'other-vault':
      return 'the store holds another vault than this folder was paired with';
    case 'plain-again':
      return 'the vault was encrypted when this device last saw it, and says now that it is not: nothing is written to it in the open';
    case 'rolled-back':
      return 'an older state of the vault’s keys came back';
    case 'forked':
      return 'the vault’s keys were replaced by others of the same number';
    default:
      return assertNever(verdict);
  }
}

/** Whether a device with or without a secret may go on with this vault. `config`: what is missing, or that files would lie there in the open though a secret was given (C68, C69). */
export function checkSecretFits(document: VaultDocument, hasSecret: boolean): void {
  if (isSealed(document) && !hasSecret)
    throw new SyncError('config', `the files at this place are encrypted: opening them takes the vault's ${secretsWanted(document)}`, {
      reason: 'secret',
      hint: 'Set ENCRYPTION_KEY (or let file-sync keep it in the keychain: file-sync keys remember), and sync again. Nothing was written.',
    });
  if (!isSealed(document) && hasSecret)
    throw new SyncError('config', 'a key is set, but the files at this place are not encrypted', {
      hint: 'Nothing was written, since it would lie there in the open. Remove ENCRYPTION_KEY and ENCRYPTION_ENABLED to go on without encryption, or have them encrypted: file-sync keys switch --encrypt.',
    });
}
