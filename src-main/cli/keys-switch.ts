import { type Keyring, openKeyring } from '../codec/keyring.ts';
import { passphraseFault } from '../codec/secret-key.ts';
import { type CodecSettings, type CodedDocument, isSealed, type SealedDocument, type SwitchRecord, type VaultDocument } from '../codec/vault-document.ts';
import type { VaultSecret } from '../codec/vault-secret.ts';
import { type Survey, surveyStore } from '../compose/re-encrypt.ts';
import { hidesFolderNames, openSwitching, openSwitchJournal, surveySwitch, switchObjects } from '../compose/switch.ts';
import { nameFormOf } from '../compose/vault.ts';
import { hasCode, SyncError } from '../core/errors.ts';
import { storeVaultSecret } from '../keychain/vault-secrets.ts';
import type { ReEncryptReport } from '../migrate/re-encrypt.ts';
import { GRACE_MS } from '../migrate/retire-epochs.ts';
import { beginSwitch, endSwitchOf, fromOf, type SwitchEnd, switchFault, switchOf } from '../migrate/switch-vault.ts';
import type { StoredVault } from '../remote/vault.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { formatBytes, formatCount, printable } from './format.ts';
import { vaultFields } from './keys.ts';
import { changeContext, confirm } from './keys-change.ts';
import { sayRefused, showing } from './keys-reencrypt.ts';
import { newSecret } from './new-secret.ts';
import type { Session } from './session.ts';
import { openWith, type VaultStore, withStore } from './vault-access.ts';
import { codecWords } from './vault-words.ts';

export interface SwitchFlags {
  readonly encrypt?: boolean;
  readonly compress?: boolean;
  readonly encryptNames?: boolean;
  readonly secret?: string;
  readonly out?: string;
  readonly dryRun?: boolean;
  readonly finishNow?: boolean;
  readonly yes?: boolean;
}

/** A vault whose switch has begun, opened. */
interface Begun {
  readonly store: VaultStore;
  readonly document: CodedDocument;
  readonly switching: SwitchRecord;
  /** Null where nothing is encrypted. */
  readonly keyring: Keyring | null;
  readonly secret: VaultSecret | null;
  /** Where a new key was written. */
  readonly file: string | null;
}

/** Switches a vault in use to encryption, compression or hidden names, or goes on where that was cut off. */
export async function switchCommand(session: Session, flags: SwitchFlags): Promise<ExitCode> {
  return withStore(session, async (store) => {
    const { stored } = store;
    if (stored === null) throw new SyncError('config', 'there is no vault at this place yet', { hint: 'A new one is made as the settings say: file-sync init --encrypt.' });
    const switching = switchOf(stored.document);
    if (switching !== null && stored.document.format === 2) return resume(session, store, stored.document, switching, flags);
    const to = wanted(store, stored.document, flags);
    const survey = await surveyStore(store.backend, session.context.interrupt);
    if (to.names !== 'plain' && (await hidesFolderNames(store.backend, session.context.interrupt)))
      throw new SyncError('usage', 'a folder at the top is called ".l", which is a name of our own where names are hidden', {
        hint: 'Rename it and sync, or leave out --encrypt-names.',
      });
    if (flags.dryRun === true) return sayPlan(session, stored.document, to, survey);
    await confirmBegin(session, stored.document, to, survey, flags);
    return finish(session, await begin(session, store, stored, to, flags), survey, flags);
  });
}

function wanted({ backend }: VaultStore, document: VaultDocument, { encrypt = false, compress = false, encryptNames = false }: SwitchFlags): CodecSettings {
  if (encryptNames && !encrypt) throw new SyncError('usage', '--encrypt-names takes --encrypt');
  if (!encrypt && !compress)
    throw new SyncError('usage', 'nothing is being switched at this place: say what to switch to', {
      hint: 'file-sync keys switch --encrypt [--compress] [--encrypt-names], or --compress alone. --dry-run only says what that would mean.',
    });
  const to = { encryption: encrypt, compression: compress || fromOf(document).compression, names: nameFormOf(backend, encryptNames) };
  const fault = switchFault(document, to);
  if (fault !== null) throw new SyncError('usage', `${printable(backend.id)} cannot be switched so: ${fault}`);
  return to;
}

function sayPlan({ printer }: Session, document: VaultDocument, to: CodecSettings, { objects, bytes }: Survey): ExitCode {
  printer.say(`Now: ${codecWords(document.format === 1 ? null : document.codec)}.`);
  printer.say(`Then: ${codecWords(to)}.`);
  const moves = to.names === 'plain' ? '' : ', and taken away under its old name';
  printer.say(
    `${formatCount(objects, 'object')} (${formatBytes(bytes)}), kept versions among them: each is read, written once and read back${moves}. About ${formatBytes(2 * bytes)} come down, and half as much goes up.`,
  );
  printer.say(
    'Devices go on syncing meanwhile, each as soon as it has the secret. The command can be stopped and run again. A day after it began, one more run ends it. Nothing was changed.',
  );
  printer.document({ command: 'keys switch', ok: true, exitCode: EXIT.inSync, ...vaultFields(document, null), plan: { objects, bytes, to, begun: false } });
  return EXIT.inSync;
}

async function confirmBegin(session: Session, document: VaultDocument, to: CodecSettings, { objects, bytes }: Survey, { yes = false }: SwitchFlags): Promise<void> {
  const { printer } = session;
  if (to.encryption) printer.say('From now on every device needs the secret: without it, it stops and says so. Whoever loses all of them loses the files in the backup.');
  printer.say('An older File Sync stops, too, until it is updated. There is no way back to the open but a new, empty place.');
  const was = codecWords(document.format === 1 ? null : document.codec);
  await confirm(session, `Switch ${formatCount(objects, 'object')} (${formatBytes(bytes)}) from "${was}" to "${codecWords(to)}"?`, yes);
}

async function begin(session: Session, store: VaultStore, stored: StoredVault, to: CodecSettings, flags: SwitchFlags): Promise<Begun> {
  const { printer, context } = session;
  const made = to.encryption ? await firstSecret(session, store, stored.document.vault, flags) : null;
  try {
    const first = made === null ? null : { secret: made.secret, label: 'made with the switch' };
    const document = await beginSwitch({ store: store.backend, to, first, context: changeContext(session) }, stored, { signal: context.interrupt });
    printer.say(`Begun: what is written from now on is ${codecWords(to)}.`);
    if (made !== null) await keep(session, document.vault, made);
    const keyring = made !== null && isSealed(document) ? await openKeyring(document, made.secret) : null;
    const switching = switchOf(document);
    if (switching === null) throw new SyncError('internal', 'the switch did not begin');
    return { store, document, switching, keyring, secret: made?.secret ?? null, file: made?.file ?? null };
  } catch (error) {
    if (!hasCode(error, 'unreachable')) await made?.undo().catch(() => undefined);
    throw error;
  }
}

interface FirstSecret {
  readonly secret: VaultSecret;
  readonly file: string | null;
  readonly isSet: boolean;
  undo(): Promise<void>;
}

/** ENCRYPTION_KEY, or one that is made or typed now. */
async function firstSecret(session: Session, { config, backend }: VaultStore, vaultId: string, { secret: kind = 'passphrase', out }: SwitchFlags): Promise<FirstSecret> {
  const given = config.vaultSecret;
  if (given === undefined) {
    if (kind !== 'passphrase' && kind !== 'key') throw new SyncError('usage', '--secret is passphrase or key');
    return { ...(await newSecret(session, { kind, config, vaultId, name: backend.id, ...(out === undefined ? {} : { out }) })), isSet: false };
  }
  if (out !== undefined) throw new SyncError('usage', 'ENCRYPTION_KEY is set: no other secret is made', { hint: 'Leave out --out, or take ENCRYPTION_KEY out of the settings.' });
  const fault = given.kind === 'passphrase' ? passphraseFault(given.secret.reveal()) : null;
  if (fault !== null) throw new SyncError('config', `ENCRYPTION_KEY: ${fault}`, { hint: 'Nothing was written.' });
  return { secret: given, file: null, isSet: true, undo: async () => undefined };
}

async function keep({ context, printer }: Session, vaultId: string, { secret, isSet }: FirstSecret): Promise<void> {
  if (!isSet) {
    try {
      await storeVaultSecret(context.keychain, vaultId, secret);
      printer.say('The keychain of this device keeps the secret.');
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      printer.warn(`the keychain of this device cannot keep the secret (${error.message}): set ENCRYPTION_KEY`);
    }
  }
  printer.say('On every other device: set ENCRYPTION_KEY, or file-sync keys remember. And make a recovery sheet: file-sync keys sheet --out FILE');
}

async function resume(session: Session, store: VaultStore, document: CodedDocument, switching: SwitchRecord, flags: SwitchFlags): Promise<ExitCode> {
  const { encrypt, compress, encryptNames } = flags;
  const { codec } = document;
  const differs = (wish: boolean | undefined, is: boolean): boolean => wish === true && !is;
  if (differs(encrypt, codec.encryption) || differs(compress, codec.compression) || differs(encryptNames, codec.names !== 'plain'))
    throw new SyncError('usage', `this vault is being switched to "${codecWords(codec)}" already`, { hint: 'Run `file-sync keys switch` to go on with that.' });
  const opened = isSealed(document) ? await openWith(session, document, store.config.vaultSecret) : null;
  const begun: Begun = { store, document, switching, keyring: opened?.keyring ?? null, secret: opened?.secret ?? null, file: null };
  const survey = await withSwitching(session, begun, (vault) => surveySwitch(vault, session.context.interrupt));
  if (flags.dryRun !== true) return finish(session, begun, survey, flags);
  session.printer.say(`Being switched to "${codecWords(codec)}" since ${timeOf(switching.began)}. To look at: ${formatCount(survey.objects, 'object')}. Nothing was changed.`);
  session.printer.document({
    command: 'keys switch',
    ok: true,
    exitCode: EXIT.inSync,
    ...vaultFields(document, opened?.keyring.slot ?? null),
    plan: { ...survey, to: codec, begun: true },
  });
  opened?.keyring.wipe();
  return EXIT.inSync;
}

/** With what this device has seen in the vault, so that nothing planted there is taken for a file of before. */
async function withSwitching<T>(session: Session, { store, document, keyring }: Begun, work: (vault: ReturnType<typeof openSwitching>) => Promise<T>): Promise<T> {
  const { context } = session;
  const pair = await context.compose(store.config, context.platform, { kind: 'cli', mode: 'look', keychain: context.keychain });
  try {
    return await work(openSwitching(store.backend, document, keyring, { ...context.platform, notes: pair.notes, compressionLevel: store.config.settings.compressionLevel }));
  } finally {
    await pair.close();
  }
}

async function finish(session: Session, begun: Begun, survey: Survey, { finishNow = false }: SwitchFlags): Promise<ExitCode> {
  const { printer, context } = session;
  const { store, document, keyring, switching } = begun;
  const signal = context.interrupt;
  if (!store.backend.capabilities.atomicConditions) printer.warn('note: this place cannot check and write in one step: best while no other device syncs.');
  const journal = await openSwitchJournal(context.platform, store.config.stateDir, store.backend, document);
  try {
    const report = await withSwitching(session, begun, (vault) => showing(session, survey, (onProgress) => switchObjects(vault, journal, { signal, onProgress })));
    sayReport(session, report);
    const end = report.complete ? await endNow(session, begun, finishNow) : null;
    if (end !== null) sayEnd(session, end, switching);
    if (end?.kind === 'ended') await journal.remove();
    const exitCode = report.complete && report.refused.length === 0 ? EXIT.inSync : EXIT.failed;
    printer.document({
      command: 'keys switch',
      ok: exitCode === EXIT.inSync,
      exitCode,
      ...vaultFields(end?.kind === 'ended' ? end.document : document, keyring?.slot ?? null),
      file: begun.file,
      switched: report,
      ended: end?.kind === 'ended',
      endAfter: end?.kind === 'too-early' ? Math.round(end.atMs) : null,
    });
    return exitCode;
  } finally {
    await journal.close();
    keyring?.wipe();
  }
}

function endNow(session: Session, { store, secret, switching }: Begun, now: boolean): Promise<SwitchEnd> {
  const open = (document: SealedDocument): Promise<Keyring> => {
    if (secret === null) throw new SyncError('internal', 'a vault that encrypts was opened without a secret');
    return openKeyring(document, secret);
  };
  return endSwitchOf({ store: store.backend, open, context: changeContext(session), began: switching.began, graceMs: now ? 0 : GRACE_MS }, { signal: session.context.interrupt });
}

function sayReport(session: Session, { resealed, bytes, complete, refused }: ReEncryptReport): void {
  session.printer.say(`Written in the new form: ${formatCount(resealed, 'object')} (${formatBytes(bytes)}).`);
  sayRefused(session, refused);
  if (!complete)
    session.printer.warn('Not everything has the new form yet: some objects were left as they are, or other devices write all the time. Run again: file-sync keys switch');
}

function sayEnd({ printer }: Session, end: SwitchEnd, { from }: SwitchRecord): void {
  if (end.kind === 'too-early') {
    printer.say(
      `All is there in the new form. Until ${timeOf(end.atMs)} a device that has not heard of it may still finish what it had begun. After that, one more run ends the switch: file-sync keys switch`,
    );
    printer.say('Or now, if every device has synced since: file-sync keys switch --finish-now');
    return;
  }
  printer.say('Done: nothing of the old form lies there, and from now on none is read.');
  if (!from.encryption) printer.say('What the owner of the storage kept beside it (versions of a versioned bucket, backups, blocks of a disk) still shows the files as they were.');
}

function timeOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16)}Z`;
}
