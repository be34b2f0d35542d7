import { openKeyring } from '../codec/keyring.ts';
import { formatOf, isSealed, type KeyringRecord, type SlotRecord, type VaultDocument } from '../codec/vault-document.ts';
import { findVaultSecret } from '../compose/secret.ts';
import { SyncError } from '../core/errors.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { formatBytes, printable } from './format.ts';
import type { Session } from './session.ts';
import { type VaultStore, withStore } from './vault-access.ts';

/** What opens the vault, and under which epochs its files are; asks for nothing, and needs no secret. */
export async function keysCommand(session: Session): Promise<ExitCode> {
  return withStore(session, async (store) => {
    const { printer } = session;
    const { stored, backend } = store;
    if (stored === null) throw new SyncError('config', 'there is no vault at this place yet', { hint: 'Set the folder up and sync once: file-sync init, file-sync sync.' });
    const used = await slotInUse(session, store);
    printer.document({ command: 'keys', ok: true, exitCode: EXIT.inSync, store: backend.id, ...vaultFields(stored.document, used) });
    if (stored.document.format === 2 && stored.document.switch !== undefined)
      printer.warn(`this vault is being switched since ${dayOf(stored.document.switch.began)}; go on, or end it: file-sync keys switch`);
    if (!isSealed(stored.document)) {
      printer.say(`${printable(backend.id)} is not encrypted.`);
      return EXIT.inSync;
    }
    sayKeyring(session, backend.id, stored.document.vault, stored.document.keyring, used);
    return EXIT.inSync;
  });
}

/** The slot that the known secret opens; null where none is known. A wrong one is an error: every other command would fail by it. */
async function slotInUse({ context, printer }: Session, { config, stored }: VaultStore): Promise<string | null> {
  const document = stored?.document ?? null;
  if (!isSealed(document)) return null;
  const found = await findVaultSecret(config.vaultSecret, context.keychain, document.vault).catch((error: unknown) => {
    printer.warn(`note: ${error instanceof SyncError ? error.message : 'the keychain cannot be used'}`);
    return null;
  });
  if (found === null) return null;
  const keyring = await openKeyring(document, found.secret);
  keyring.wipe();
  return keyring.slot;
}

/** Of a vault, for JSON: nothing in it is secret. */
export function vaultFields(document: VaultDocument, used: string | null): object {
  if (document.format === 1) return { vault: document.vault, format: 1, codec: null, switch: null, keyring: null };
  const { vault, codec, keyring, switch: switching = null } = document;
  return {
    vault,
    format: formatOf(document),
    codec,
    switch: switching,
    keyring:
      keyring === null
        ? null
        : {
            revision: keyring.revision,
            checked: used !== null,
            slots: keyring.slots.map(({ id, kind, label, made, kdf }) => ({ id, kind, label, made, kdf, used: id === used })),
            epochs: keyring.epochs.map(({ id, made }, i) => ({ id, made, current: i === keyring.epochs.length - 1 })),
          },
  };
}

function sayKeyring({ printer }: Session, store: string, vault: string, { revision, slots, epochs }: KeyringRecord, used: string | null): void {
  const { bold, green, dim } = printer.style;
  printer.say(`Vault ${vault} at ${printable(store)}`);
  printer.say(slots.length === 1 ? 'Opened by:' : `Opened by any of ${slots.length}:`);
  for (const slot of slots)
    printer.say(`  ${bold(slot.id)}  ${slot.kind.padEnd(10)}  ${dayOf(slot.made)}  ${printable(slot.label)}${dim(costOf(slot))}${slot.id === used ? green('  in use here') : ''}`);
  printer.say(`Epochs: ${epochs.map(({ id, made }, i) => `${id} (${dayOf(made)}${i === epochs.length - 1 ? ', for new writes' : ''})`).join(', ')}`);
  printer.say(dim(used === null ? `Revision ${revision}, as the store has it; not checked, since no key is at hand.` : `Revision ${revision}, checked.`));
  if (!slots.some(({ kind }) => kind === 'recovery')) printer.warn('there is no recovery key; make a sheet: file-sync keys sheet --out FILE');
}

function costOf({ kdf }: SlotRecord): string {
  return kdf === null ? '' : `  argon2id ${formatBytes(kdf.memoryKiB * 1024)} × ${kdf.passes}`;
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
