import type { Backend, StoreFinding } from '../backends/backend.ts';
import { openKeyring } from '../codec/keyring.ts';
import { type CodecSettings, isSealed } from '../codec/vault-document.ts';
import { checkSecretFits } from '../codec/vault-seen.ts';
import { findVaultSecret } from '../compose/secret.ts';
import { SyncError } from '../core/errors.ts';
import { switchOf } from '../migrate/switch-vault.ts';
import { readVaultDocument } from '../remote/vault.ts';
import type { Config } from '../settings/settings.ts';
import type { Session } from './session.ts';

/** How files lie in the backup. */
export function codecWords(codec: CodecSettings | null): string {
  if (codec === null) return 'in the open: files as they are';
  const parts = [
    codec.encryption ? `encrypted${codec.names === 'plain' ? ', names readable' : ', names too'}` : 'not encrypted',
    codec.compression ? 'compressed' : 'not compressed',
  ];
  return parts.join(', ');
}

/** Whether the vault can be opened with what is at hand, which changes nothing. */
export async function vaultFindings({ context }: Session, config: Config, backend: Backend): Promise<readonly StoreFinding[]> {
  const check = 'vault';
  try {
    const stored = await readVaultDocument(backend, { signal: context.interrupt });
    if (stored === null) return [{ check, verdict: 'note', text: `there is none yet; the first sync makes it, ${codecWords(wished(config))}`, fix: null }];
    const { document } = stored;
    const found = isSealed(document) ? await findVaultSecret(config.vaultSecret, context.keychain, document.vault) : null;
    checkSecretFits(document, isSealed(document) ? found !== null : config.vault?.encryption === true);
    if (isSealed(document) && found !== null) (await openKeyring(document, found.secret)).wipe();
    const codec = document.format === 2 ? document.codec : null;
    const text = `${codecWords(codec)}${found === null ? '' : `; opened with the secret from the ${found.from}`}`;
    if (switchOf(document) === null) return [{ check, verdict: 'good', text, fix: null }];
    return [
      {
        check,
        verdict: 'note',
        text: `${text}; being switched to that: files of before may still lie there as they were`,
        fix: 'Go on with it, or end it a day after it began: file-sync keys switch.',
      },
    ];
  } catch (error) {
    if (!(error instanceof SyncError) || error.code === 'aborted') throw error;
    return [{ check, verdict: 'bad', text: error.message, fix: error.hint ?? null }];
  }
}

/** What a vault is to be that the first sync makes; null: files as they are. */
export function wished({ vault }: Config): CodecSettings | null {
  if (vault === undefined || !(vault.encryption || vault.compression)) return null;
  return { encryption: vault.encryption, compression: vault.compression, names: vault.hideNames ? 'base64url' : 'plain' };
}
