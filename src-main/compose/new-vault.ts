import type { Backend, CallOptions } from '../backends/backend.ts';
import { addSlot, type ChangeContext, createKeyring } from '../codec/keyring-changes.ts';
import type { VaultDocument } from '../codec/vault-document.ts';
import type { VaultSecret } from '../codec/vault-secret.ts';
import { SyncError } from '../core/errors.ts';
import { CONTROL_FOLDER } from '../core/rel-path.ts';
import { createVaultDocument, readVaultDocument } from '../remote/vault.ts';
import { nameFormOf } from './vault.ts';

/** What other people read of the slots, so that it says nothing of people or machines. */
const LABELS = { secret: 'made with the vault', recovery: 'recovery sheet' };

/** An encrypted vault that is to be made. */
export interface NewVault {
  /** Its id. */
  readonly vault: string;
  readonly compression: boolean;
  readonly hideNames: boolean;
  readonly secret: VaultSecret;
  /** Null where nobody wants a second way in. */
  readonly recovery: VaultSecret | null;
}

/** What lies at a place that is to be synced with: a vault, `files` of others, or `nothing`. */
export async function lookAtPlace(store: Backend, options: CallOptions = {}): Promise<VaultDocument | 'files' | 'nothing'> {
  const document = (await readVaultDocument(store, options))?.document ?? null;
  if (document !== null) return document;
  for await (const _ of store.list('', { skip: `${CONTROL_FOLDER}/`, ...options })) return 'files';
  return 'nothing';
}

/** Makes an encrypted vault at an empty place; fine too when it is there already. `exists` when something else is: nothing was written then. */
export async function createSealedVault(store: Backend, { vault, compression, hideNames, secret, recovery }: NewVault, context: ChangeContext): Promise<void> {
  const before = await lookAtPlace(store);
  if (typeof before !== 'string' && before.vault === vault) return;
  if (before !== 'nothing') throw notEmpty();
  const codec = { encryption: true, compression, names: nameFormOf(store, hideNames) } as const;
  const first = await createKeyring(vault, codec, { secret, label: LABELS.secret }, context);
  const whole = recovery === null ? first : await addSlot(first, { secret: recovery, label: LABELS.recovery }, context);
  const { document } = whole;
  first.wipe();
  whole.wipe();
  if ((await createVaultDocument(store, document)).vault !== vault) throw notEmpty();
}

function notEmpty(): SyncError {
  return new SyncError('exists', 'something else was put at this place meanwhile', { hint: 'Nothing was written. Go back and look at the place again.' });
}
