import { resolve } from 'node:path';
import type { Keyring } from '../codec/keyring.ts';
import { addSlot, type ChangeContext, changeSecret, removeSlot } from '../codec/keyring-changes.ts';
import type { SlotRecord } from '../codec/vault-document.ts';
import { SECRET_KINDS, type SecretKind } from '../codec/vault-secret.ts';
import { SyncError } from '../core/errors.ts';
import { forgetVaultSecret, storeVaultSecret } from '../keychain/vault-secrets.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { printable } from './format.ts';
import { vaultFields } from './keys.ts';
import { newSecret, sheetOf, writePrivate } from './new-secret.ts';
import type { Session } from './session.ts';
import { type OpenedVault, withStore, withVault } from './vault-access.ts';

export interface AddFlags {
  readonly label?: string;
  readonly out?: string;
  readonly name?: string;
}

/** Another secret that opens the vault. */
export async function addKeyCommand(session: Session, kindText: string, flags: AddFlags): Promise<ExitCode> {
  const kind = SECRET_KINDS.find((known) => known === kindText);
  if (kind === undefined) throw new SyncError('usage', `keys add takes ${SECRET_KINDS.join(', ')}`);
  return withVault(session, (vault) => add(session, vault, 'keys add', kind, flags));
}

/** A recovery sheet: for the words in use, or with new ones. */
export async function sheetCommand(session: Session, flags: AddFlags & { readonly out: string; readonly replace?: boolean }): Promise<ExitCode> {
  return withVault(session, async (vault) => {
    if (vault.secret.kind === 'recovery' && flags.replace !== true) {
      const file = await writePrivate(session, vault.config, flags.out, sheetOf(session, { vaultId: vault.keyring.vaultId, name: flags.name ?? vault.backend.id }, vault.secret));
      session.printer.say(`Written: ${printable(file)}, readable by you alone. It has the words you opened the vault with; print it, and remove the file.`);
      return report(session, 'keys sheet', vault.keyring, file);
    }
    const old = vault.keyring.document.keyring.slots.filter(({ kind, id }) => flags.replace === true && kind === 'recovery' && id !== vault.keyring.slot);
    return add(session, vault, 'keys sheet', 'recovery', { label: 'recovery sheet', ...flags }, (keyring, context) =>
      old.reduce((so, { id }) => removeSlot(so, id, context), keyring),
    );
  });
}

async function add(
  session: Session,
  vault: OpenedVault,
  command: string,
  kind: SecretKind,
  { label = `${kind} of ${session.context.platform.home.hostname}`.slice(0, 64), out, name }: AddFlags,
  also: (keyring: Keyring, context: ChangeContext) => Keyring = (keyring) => keyring,
): Promise<ExitCode> {
  const context = changeContext(session);
  const made = await newSecret(session, { kind, config: vault.config, vaultId: vault.keyring.vaultId, name: name ?? vault.backend.id, ...(out === undefined ? {} : { out }) });
  const changed = await saved(vault, made, async () => also(await addSlot(vault.keyring, { secret: made.secret, label }, context), context));
  session.printer.say(`Added: ${kind} ${idOfNew(vault.keyring, changed)}. It opens the vault from now on.`);
  if (kind === 'recovery' && made.file !== null) session.printer.say('Print the sheet, keep it apart from your devices, and remove the file.');
  return report(session, command, changed, made.file);
}

/** Another secret in place of one: from now on the old one opens the vault no more. */
export async function changeKeyCommand(session: Session, id: string | undefined, flags: AddFlags): Promise<ExitCode> {
  return withVault(session, async (vault) => {
    const slot = slotOf(vault.keyring, id ?? vault.keyring.slot);
    const made = await newSecret(session, {
      kind: slot.kind,
      config: vault.config,
      vaultId: vault.keyring.vaultId,
      name: flags.name ?? vault.backend.id,
      ...(flags.out === undefined ? {} : { out: flags.out }),
    });
    const changed = await saved(vault, made, () => changeSecret(vault.keyring, slot.id, { secret: made.secret, label: flags.label ?? slot.label }, changeContext(session)));
    session.printer.say(`Changed: ${slot.kind} ${slot.id}. The old one opens the vault no more (but an old copy of its vault.json; if it leaked: file-sync keys rotate --revoke).`);
    if (slot.id === vault.keyring.slot) await followChange(session, vault, made.secret);
    return report(session, 'keys change', changed, made.file);
  });
}

/** What this device opens the vault with has changed: the keychain follows, a settings file cannot. */
async function followChange({ context, printer }: Session, { from, keyring }: OpenedVault, secret: OpenedVault['secret']): Promise<void> {
  if (from === 'keychain') {
    await storeVaultSecret(context.keychain, keyring.vaultId, secret);
    printer.say('The keychain of this device has the new one.');
  } else if (from === 'settings') printer.warn('ENCRYPTION_KEY still has the old one: change it, here and on your other devices');
}

export async function removeKeyCommand(session: Session, id: string, { yes = false }: { readonly yes?: boolean }): Promise<ExitCode> {
  return withVault(session, async (vault) => {
    const slot = slotOf(vault.keyring, id);
    const changed = removeSlot(vault.keyring, slot.id, changeContext(session));
    await confirm(session, `Remove the ${slot.kind} ${slot.id} (${printable(slot.label)})? Devices that use it cannot open the vault any more.`, yes);
    await vault.save(changed);
    session.printer.say(
      `Removed: ${slot.kind} ${slot.id}. Whoever has it and an old copy of vault.json can still read; to shut him out of what comes: file-sync keys rotate --revoke.`,
    );
    return report(session, 'keys remove', changed, null);
  });
}

/** Keeps the secret in this device's keychain, so that it is not asked for and lies in no file. */
export async function rememberCommand(session: Session): Promise<ExitCode> {
  return withVault(session, async ({ keyring, secret, from }) => {
    await storeVaultSecret(session.context.keychain, keyring.vaultId, secret);
    session.printer.say('The keychain of this device keeps the key.');
    if (from === 'settings') session.printer.say('ENCRYPTION_KEY may go from the settings now.');
    session.printer.document({ command: 'keys remember', ok: true, exitCode: EXIT.inSync, vault: keyring.vaultId });
    return EXIT.inSync;
  });
}

export async function forgetCommand(session: Session): Promise<ExitCode> {
  return withStore(session, async ({ stored }) => {
    if (stored !== null) await forgetVaultSecret(session.context.keychain, stored.document.vault);
    session.printer.say('The keychain of this device does not have the key.');
    session.printer.document({ command: 'keys forget', ok: true, exitCode: EXIT.inSync, vault: stored?.document.vault ?? null });
    return EXIT.inSync;
  });
}

/** A change that fails takes the file with the new secret back: a sheet that opens nothing misleads. */
async function saved(vault: OpenedVault, made: { undo(): Promise<void> }, change: () => Promise<Keyring>): Promise<Keyring> {
  try {
    const changed = await change();
    await vault.save(changed);
    return changed;
  } catch (error) {
    await made.undo().catch(() => undefined);
    throw error;
  }
}

export async function confirm({ context, printer }: Session, question: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (context.ask === null || printer.json) throw new SyncError('usage', question, { hint: 'Add --yes.' });
  if (!/^y(es)?$/i.test((await context.ask(`${question} [y/N]: `)).trim())) throw new SyncError('aborted', 'nothing was changed');
}

function slotOf(keyring: Keyring, id: string): SlotRecord {
  const slot = keyring.document.keyring.slots.find((known) => known.id === id);
  if (slot === undefined) throw new SyncError('usage', `the vault has no secret ${id}`, { hint: 'file-sync keys lists them.' });
  return slot;
}

export function slotWords({ id, kind, label }: SlotRecord): string {
  return `${kind} ${id} (${printable(label)})`;
}

function idOfNew(before: Keyring, after: Keyring): string {
  const known = new Set(before.document.keyring.slots.map(({ id }) => id));
  return after.document.keyring.slots.find(({ id }) => !known.has(id))?.id ?? '';
}

export function changeContext({ context: { platform } }: Session): ChangeContext {
  return { chance: platform.chance, nowMs: platform.clock.now() };
}

export function report({ printer, context }: Session, command: string, keyring: Keyring, file: string | null, more: object = {}): ExitCode {
  printer.document({ command, ok: true, exitCode: EXIT.inSync, ...vaultFields(keyring.document, keyring.slot), file: file === null ? null : resolve(context.cwd, file), ...more });
  return EXIT.inSync;
}
