import type { Backend } from '../backends/backend.ts';
import { newKey, newRecoveryKey, passphraseFault, recoveryWords } from '../codec/secret-key.ts';
import { type CodecSettings, isSealed, type SealedDocument, type VaultDocument } from '../codec/vault-document.ts';
import type { VaultSecret } from '../codec/vault-secret.ts';
import { checkSecretFits } from '../codec/vault-seen.ts';
import { createSealedVault, lookAtPlace, type NewVault } from '../compose/new-vault.ts';
import { hasCode, SyncError } from '../core/errors.ts';
import { forgetVaultSecret, storeVaultSecret } from '../keychain/vault-secrets.ts';
import type { Config, VaultWish } from '../settings/settings.ts';
import { environmentSecret } from './file-secret.ts';
import { Asker, type InitFlags, type Values } from './init-questions.ts';
import { changeContext } from './keys-change.ts';
import { askBackWords, handOver, typedPassphrase } from './new-secret.ts';
import type { Session } from './session.ts';
import { openWith } from './vault-access.ts';
import { codecWords } from './vault-words.ts';

/** Where what opens the vault stays on this device. `environment`: where it came from, which is not ours to write. */
type Kept = 'keychain' | 'file' | 'environment';

/** The vault of a folder that is being set up: what goes into its settings file, and what is done once that is written. */
export interface VaultPlan {
  readonly values: Values;
  readonly document: { readonly vault: object | null };
  readonly words: readonly string[];
  /** Makes it at its place, where it is new. */
  make(): Promise<void>;
  /** Takes back what planning left on this device. */
  undo(): Promise<void>;
}

interface Place {
  readonly store: Backend;
  readonly config: Config;
  readonly flags: InitFlags;
  /** What was said so far: by options and answers. */
  readonly values: Values;
}

/** A wrong secret that was typed is asked for again so often. */
const TRIES = 3;
const NO_VAULT: VaultPlan = { values: {}, document: { vault: null }, words: [], make: async () => undefined, undo: async () => undefined };

/** Looks at the place and settles how files are to lie there: joins the vault that is there, or plans a new one. Throws what does not fit (C68, C69, S146) before anything is written. */
export async function planVault(session: Session, place: Place): Promise<VaultPlan> {
  const there = await lookAtPlace(place.store, { signal: session.context.interrupt });
  const wish = place.config.vault ?? { encryption: false, compression: false, hideNames: false };
  if (typeof there !== 'string') return isSealed(there) ? joinVault(session, place, there) : openVault(session, there, wish);
  const wanted = await askWish(session, place, wish);
  if (there === 'files' && (wanted.encryption || wanted.compression)) throw inTheOpen(wanted);
  if (!wanted.encryption) return { ...NO_VAULT, values: wanted.compression ? { COMPRESSION_ENABLED: 'true' } : {}, words: firstSyncWords(session, wanted) };
  return newVault(session, place, wanted);
}

/** A vault without encryption says itself how it is. */
function openVault({ printer }: Session, there: VaultDocument, wish: VaultWish): VaultPlan {
  checkSecretFits(there, wish.encryption);
  if (there.format === 1 && wish.compression) throw inTheOpen(wish);
  if (there.format === 2 && !wish.compression) printer.say('The files at this place are compressed, and stay so.');
  return { ...NO_VAULT, values: there.format === 2 ? { COMPRESSION_ENABLED: 'true' } : {} };
}

function inTheOpen({ encryption }: VaultWish): SyncError {
  return new SyncError('config', `there are files at this place that are not ${encryption ? 'encrypted' : 'compressed'}`, {
    hint: `Nothing was written. Choose a new, empty place; or set the folder up without the option, sync, and have all of it brought over: file-sync keys switch --${encryption ? 'encrypt' : 'compress'}.`,
  });
}

async function askWish(session: Session, { flags, values }: Place, wish: VaultWish): Promise<VaultWish> {
  if (session.context.ask === null || session.printer.json) return wish;
  const asker = new Asker(session, {});
  const encryption = wish.encryption || (values.ENCRYPTION_ENABLED === undefined && (await asker.isAgreed('Encrypt the files before they leave this computer?')));
  const hideNames = encryption && (wish.hideNames || (values.ENCRYPT_NAMES === undefined && (await asker.isAgreed('Encrypt the names of files and folders too?'))));
  const compression = wish.compression || (values.COMPRESSION_ENABLED === undefined && flags.encrypt !== true && (await asker.isAgreed('Compress the files?')));
  return { encryption, hideNames, compression };
}

function firstSyncWords({ context }: Session, wish: VaultWish): readonly string[] {
  if (context.env['ENCRYPTION_KEY'] && !wish.encryption)
    return ['ENCRYPTION_KEY is set: the first sync makes an encrypted vault with it. `file-sync init --encrypt` makes one with recovery words too.'];
  return wish.compression ? ['Files will be compressed.'] : [];
}

async function joinVault(session: Session, place: Place, there: SealedDocument): Promise<VaultPlan> {
  const { secret, from } = await openAsking(session, there);
  const kept = from === 'keychain' ? { kept: from, values: {}, undo: async () => undefined } : await keep(session, place, there.vault, secret, from === 'settings');
  return {
    values: { ...settingsOf(there.codec), ...kept.values },
    document: { vault: { state: 'joined', id: there.vault, codec: there.codec, kept: kept.kept, sheet: null } },
    words: [`Opened the vault that is there: ${codecWords(there.codec)}.`, keptWords(kept.kept)],
    make: async () => undefined,
    undo: kept.undo,
  };
}

/** What is typed wrong is asked for again. */
async function openAsking(session: Session, there: SealedDocument): ReturnType<typeof openWith> {
  const given = environmentSecret(session);
  for (let turn = 1; ; turn++) {
    try {
      const opened = await openWith(session, there, given);
      opened.keyring.wipe();
      return opened;
    } catch (error) {
      if (!hasCode(error, 'config') || given !== undefined || session.context.askSecret === null || turn === TRIES) throw error;
      session.printer.warn(error.message);
    }
  }
}

async function newVault(session: Session, place: Place, wish: VaultWish): Promise<VaultPlan> {
  const { random, chance } = session.context.platform;
  const vault = random.id() + random.id();
  const given = environmentSecret(session);
  const secret = given ?? (await chosenSecret(session));
  const fault = secret.kind === 'passphrase' ? passphraseFault(secret.secret.reveal()) : null;
  if (fault !== null) throw new SyncError('config', `ENCRYPTION_KEY: ${fault}`, { hint: 'Nothing was written.' });
  const recovery = place.flags.recoverySheet === false || secret.kind === 'recovery' ? null : newRecoveryKey(chance);
  const sheet = recovery === null ? null : await handOverRecovery(session, place, vault, recovery);
  const kept = await keep(session, place, vault, secret, given !== undefined).catch(async (error: unknown) => {
    await sheet?.undo();
    throw error;
  });
  const made: NewVault = { vault, compression: wish.compression, hideNames: wish.hideNames, secret, recovery };
  const codec: CodecSettings = { encryption: true, compression: wish.compression, names: wish.hideNames ? 'base64url' : 'plain' };
  return {
    values: { ...settingsOf(codec), ...kept.values },
    document: { vault: { state: 'new', id: vault, codec, kept: kept.kept, sheet: sheet?.file ?? null } },
    words: [
      `Made an encrypted vault: ${codecWords(codec)}.`,
      keptWords(kept.kept),
      ...(recovery === null ? ['There is no recovery key; make a sheet: file-sync keys sheet --out FILE'] : []),
    ],
    make: () => createSealedVault(place.store, made, changeContext(session)),
    undo: async () => {
      await kept.undo();
      await sheet?.undo();
    },
  };
}

/** On a terminal a passphrase, or a key where that is wanted; a key else. */
async function chosenSecret(session: Session): Promise<VaultSecret> {
  const { context, printer } = session;
  const asker = context.ask === null || context.askSecret === null || printer.json ? null : new Asker(session, {});
  const kind = await asker?.choose('What opens the files: a passphrase that you choose, or a key that is made and kept on this device', ['passphrase', 'key'], 'passphrase');
  return kind === 'passphrase' ? typedPassphrase(session) : newKey(context.platform.chance);
}

async function handOverRecovery(session: Session, { config, store, flags }: Place, vaultId: string, recovery: VaultSecret): ReturnType<typeof handOver> {
  const { context, printer } = session;
  const canAsk = context.ask !== null && !printer.json;
  const out = flags.recoverySheet === false ? undefined : flags.recoverySheet;
  if (out === undefined && !canAsk)
    throw new SyncError('usage', 'an encrypted vault has recovery words, and they have to go somewhere', {
      hint: 'Name a file for the sheet by --recovery-sheet FILE, or go without by --no-recovery-sheet.',
    });
  const handed = await handOver(session, { kind: 'recovery', config, vaultId, name: store.id, ...(out === undefined ? {} : { out }) }, recovery);
  if (out === undefined || !canAsk) return handed;
  printer.say('Print the sheet, keep it apart from your devices, and remove the file.');
  await askBackWords(session, recovery);
  return handed;
}

interface Keeping {
  readonly kept: Kept;
  readonly values: Values;
  undo(): Promise<void>;
}

/** Keeps the secret where the user wants it; else in the keychain, and in the settings file where there is none that takes it (C74). What the environment gave stays there, unless he says otherwise. */
async function keep({ context, printer }: Session, { flags }: Place, vaultId: string, secret: VaultSecret, isGiven: boolean): Promise<Keeping> {
  const { keepSecret } = flags;
  if (isGiven && keepSecret === undefined) return { kept: 'environment', values: {}, undo: async () => undefined };
  if (keepSecret !== 'file') {
    try {
      await storeVaultSecret(context.keychain, vaultId, secret);
      return { kept: 'keychain', values: {}, undo: () => forgetVaultSecret(context.keychain, vaultId) };
    } catch (error) {
      if (keepSecret === 'keychain' || !hasCode(error, 'refused')) throw error;
      printer.warn(`note: ${error.message}; what opens the files is kept in the settings file instead`);
    }
  }
  return { kept: 'file', values: { ENCRYPTION_KEY: settingText(secret) }, undo: async () => undefined };
}

/** As ENCRYPTION_KEY takes it. The settings file is readable by this user alone. */
function settingText(secret: VaultSecret): string {
  if (secret.kind === 'passphrase') return `passphrase:${secret.secret.reveal()}`;
  if (secret.kind === 'key') return secret.secret.reveal();
  return recoveryWords(secret)
    .map((word) => word.reveal())
    .join(' ');
}

function settingsOf({ compression, names }: CodecSettings): Values {
  return { ENCRYPTION_ENABLED: 'true', ...(compression ? { COMPRESSION_ENABLED: 'true' } : {}), ...(names === 'plain' ? {} : { ENCRYPT_NAMES: 'true' }) };
}

function keptWords(kept: Kept): string {
  if (kept === 'keychain') return 'The keychain of this device keeps what opens it.';
  return kept === 'file' ? 'The settings file has what opens it, readable by you alone.' : 'ENCRYPTION_KEY opens it: it has to be set whenever File Sync runs.';
}
