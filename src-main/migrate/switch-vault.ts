import type { Backend, CallOptions } from '../backends/backend.ts';
import type { Keyring } from '../codec/keyring.ts';
import { type ChangeContext, createKeyring, endSwitch, type NewSlot } from '../codec/keyring-changes.ts';
import { type CodecSettings, type CodedDocument, isSealed, type SealedDocument, type SwitchRecord, type VaultDocument } from '../codec/vault-document.ts';
import { hasCode, SyncError } from '../core/errors.ts';
import { readVaultDocument, replaceVaultDocument, type StoredVault } from '../remote/vault.ts';

const TRIES = 4;
const PLAIN: SwitchRecord['from'] = { encryption: false, compression: false, names: 'plain' };

export interface BeginPorts {
  /** As it lies there. */
  readonly store: Backend;
  readonly to: CodecSettings;
  /** What opens it from then on; null where nothing will be encrypted. */
  readonly first: NewSlot | null;
  readonly context: ChangeContext;
}

export function switchOf(document: VaultDocument): SwitchRecord | null {
  return document.format === 2 ? (document.switch ?? null) : null;
}

/** Why a vault cannot be switched so, for people; null where it can. */
export function switchFault(document: VaultDocument, to: CodecSettings): string | null {
  if (switchOf(document) !== null) return 'it is being switched already';
  if (isSealed(document)) return 'it is encrypted already: compression and keys are changed by `file-sync keys rotate`, names stay as they are';
  if (!to.encryption && !to.compression) return 'there is nothing to switch to';
  if (!to.encryption && (to.names !== 'plain' || fromOf(document).compression))
    return to.names === 'plain' ? 'it is compressed already' : 'names can be hidden only where files are encrypted';
  return null;
}

/** How objects lie there now. */
export function fromOf(document: VaultDocument): SwitchRecord['from'] {
  return document.format === 1 ? PLAIN : { ...PLAIN, compression: document.codec.compression };
}

/**
 * From this write on every device reads both forms and writes the new one; one without the secret stops. The vault stays the same vault. `busy` when another device changed it meanwhile.
 */
export async function beginSwitch({ store, to, first, context }: BeginPorts, stored: StoredVault, options: CallOptions = {}): Promise<CodedDocument> {
  const { document, version } = stored;
  const fault = switchFault(document, to);
  if (fault !== null) throw new SyncError('usage', `this vault cannot be switched so: ${fault}`);
  const switching: SwitchRecord = { from: fromOf(document), began: Math.max(0, Math.round((await store.now?.(options)) ?? context.nowMs)) };
  const begun = await begunDocument(document.vault, to, first, context, switching);
  await replaceVaultDocument(store, begun, version, options);
  return begun;
}

async function begunDocument(vault: string, { encryption, ...to }: CodecSettings, first: NewSlot | null, context: ChangeContext, switching: SwitchRecord): Promise<CodedDocument> {
  if (!encryption) return { format: 2, vault, codec: { encryption, ...to }, switch: switching, keyring: null };
  if (first === null) throw new SyncError('internal', 'encryption takes a secret');
  const keyring = await createKeyring(vault, { encryption, ...to }, first, context, switching);
  const { document } = keyring;
  keyring.wipe();
  return document;
}

export type SwitchEnd =
  | { readonly kind: 'ended'; readonly document: VaultDocument }
  /** Not before this moment by the store's clock. */
  | { readonly kind: 'too-early'; readonly atMs: number };

export interface EndPorts {
  readonly store: Backend;
  readonly open: (document: SealedDocument) => Promise<Keyring>;
  readonly context: ChangeContext;
  /** Of the switch that the listing was about. */
  readonly began: number;
  readonly graceMs: number;
}

/**
 * From this write on nothing of the old form is read. Only after a whole listing found none, and not within the grace: a device that had not heard of the switch may still be at work on what it planned before.
 * RACE: one that sends for longer than the grace leaves an object of the old form, which is then named and left as it is.
 */
export async function endSwitchOf({ store, open, context, began, graceMs }: EndPorts, options: CallOptions = {}): Promise<SwitchEnd> {
  for (let turn = 1; ; turn++) {
    const stored = await readVaultDocument(store, options);
    if (stored === null || stored.document.format !== 2) throw new SyncError('remote-replaced', 'the vault is not there any more, or is not what it was switched to');
    const { document, version } = stored;
    if (document.switch === undefined) return { kind: 'ended', document };
    if (document.switch.began !== began) throw new SyncError('busy', 'the vault was switched by another device');
    const nowMs = (await store.now?.(options)) ?? context.nowMs;
    if (graceMs > 0 && nowMs < began + graceMs) return { kind: 'too-early', atMs: began + graceMs };
    try {
      const ended = await endedDocument(document, open, context);
      await replaceVaultDocument(store, ended, version, options);
      return { kind: 'ended', document: ended };
    } catch (error) {
      if (turn === TRIES || !hasCode(error, 'busy')) throw error;
    }
  }
}

async function endedDocument(document: CodedDocument, open: EndPorts['open'], context: ChangeContext): Promise<CodedDocument> {
  if (!isSealed(document)) {
    const { switch: _, ...ended } = document;
    return ended;
  }
  const keyring = await open(document);
  const changed = endSwitch(keyring, context);
  try {
    return changed.document;
  } finally {
    changed.wipe();
    keyring.wipe();
  }
}
