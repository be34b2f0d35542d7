import { type Keyring, openKeyring } from '../codec/keyring.ts';
import type { SealedDocument } from '../codec/vault-document.ts';
import { openReEncryptJournal, reEncryptStore, type Survey, surveyStore } from '../compose/re-encrypt.ts';
import { SyncError } from '../core/errors.ts';
import { isForeign, type ReEncryptReport } from '../migrate/re-encrypt.ts';
import { GRACE_MS, type Retired, retireOldEpochs } from '../migrate/retire-epochs.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { formatBytes, formatCount, printable } from './format.ts';
import { vaultFields } from './keys.ts';
import { changeContext, confirm } from './keys-change.ts';
import { createProgressView } from './progress-bar.ts';
import type { Session } from './session.ts';
import { type OpenedVault, withVault } from './vault-access.ts';

export interface ReEncryptFlags {
  readonly dryRun?: boolean;
  readonly retireNow?: boolean;
  readonly yes?: boolean;
}

const MOST_NAMED = 20;

/** Brings everything under the newest epoch, or goes on where that was cut off; then the old epochs are retired. */
export async function reEncryptCommand(session: Session, flags: ReEncryptFlags): Promise<ExitCode> {
  return withVault(session, async (vault) => {
    checkNotSwitching(vault.keyring.document);
    const survey = await surveyStore(vault.backend, session.context.interrupt);
    if (flags.dryRun === true) return sayPlan(session, vault.keyring, survey);
    await confirmReEncryption(session, survey, flags);
    return reEncryptVault(session, 'keys reencrypt', vault, vault.keyring, survey, flags);
  });
}

/** What still lies there in the open is the other work's. */
export function checkNotSwitching(document: SealedDocument): void {
  if (document.switch !== undefined)
    throw new SyncError('usage', 'this vault is being switched to encryption: that comes first', { hint: 'file-sync keys switch goes on with it. Nothing was changed.' });
}

export async function confirmReEncryption(session: Session, { objects, bytes }: Survey, { yes = false }: ReEncryptFlags): Promise<void> {
  await confirm(
    session,
    `${formatCount(objects, 'object')} (${formatBytes(bytes)}) will be read, and those under an old key written again. Other devices may go on syncing. Go on?`,
    yes,
  );
}

export async function reEncryptVault(
  session: Session,
  command: string,
  vault: OpenedVault,
  keyring: Keyring,
  survey: Survey,
  { retireNow = false }: ReEncryptFlags,
  more: object = {},
): Promise<ExitCode> {
  const { context, printer } = session;
  const { platform, interrupt: signal } = context;
  if (!vault.backend.capabilities.atomicConditions)
    printer.warn(
      'note: this place cannot check and write in one step. What another device saves in the very moment its file is written again may be overtaken: best while no other one syncs.',
    );
  const journal = await openReEncryptJournal(platform, vault.config.stateDir, vault.backend, keyring);
  try {
    const report = await showing(session, survey, (onProgress) =>
      reEncryptStore(vault.backend, keyring, journal, { ...platform, compressionLevel: vault.config.settings.compressionLevel }, { signal, onProgress }),
    );
    sayReport(session, keyring, report);
    const retired = report.complete ? await retire(session, vault, keyring.currentEpoch, retireNow) : null;
    const document = retired?.kind === 'retired' ? retired.document : keyring.document;
    if (retired !== null) sayRetired(session, retired);
    if (retired?.kind === 'retired' || retired?.kind === 'none') await journal.remove();
    const exitCode = report.complete && retired?.kind !== 'newer-epoch' && report.refused.length === 0 ? EXIT.inSync : EXIT.failed;
    printer.document({ command, ok: exitCode === EXIT.inSync, exitCode, ...vaultFields(document, keyring.slot), ...more, reencrypted: report, ...retiredFields(retired) });
    return exitCode;
  } finally {
    await journal.close();
  }
}

function sayPlan({ printer }: Session, keyring: Keyring, { objects, bytes }: Survey): ExitCode {
  const old = oldEpochs(keyring.document);
  printer.say(
    old.length === 0
      ? 'There is one epoch only: nothing is under an old key.'
      : `${formatCount(objects, 'object')} (${formatBytes(bytes)}) would be read, and those under ${epochWords(old)} written again under epoch ${keyring.currentEpoch}. Nothing was changed.`,
  );
  printer.document({ command: 'keys reencrypt', ok: true, exitCode: EXIT.inSync, ...vaultFields(keyring.document, keyring.slot), plan: { objects, bytes, oldEpochs: old } });
  return EXIT.inSync;
}

export async function showing<T>(
  { printer, context }: Session,
  { objects, bytes }: Survey,
  work: (onProgress: (progress: { seen: number; bytes: number }) => void) => Promise<T>,
): Promise<T> {
  const view = createProgressView(printer.json ? { ...context.stderr, write: () => undefined } : context.stderr, context.platform.clock);
  try {
    return await work(({ seen, bytes: done }) =>
      view.show({ phase: 'working', done: seen, total: Math.max(objects, seen), bytes: done, totalBytes: Math.max(bytes, done), rate: null, etaSeconds: null, inFlight: [] }),
    );
  } finally {
    view.clear();
  }
}

function retire(session: Session, { backend, secret }: OpenedVault, current: number, now: boolean): Promise<Retired> {
  const open = (document: SealedDocument): Promise<Keyring> => openKeyring(document, secret);
  return retireOldEpochs({ store: backend, open, context: changeContext(session), current, graceMs: now ? 0 : GRACE_MS }, { signal: session.context.interrupt });
}

function sayReport({ printer }: Session, keyring: Keyring, { resealed, bytes, complete, refused }: ReEncryptReport): void {
  printer.say(`Written again under epoch ${keyring.currentEpoch}: ${formatCount(resealed, 'object')} (${formatBytes(bytes)}).`);
  sayRefused({ printer }, refused);
  if (complete) return;
  const why = refused.every(isForeign) ? 'other devices write under an old key all the time' : 'some objects do not open and were left as they are';
  printer.warn(`Not everything is under the new key: ${why}. The old epochs stay. Run again: file-sync keys reencrypt`);
}

export function sayRefused({ printer }: Pick<Session, 'printer'>, refused: ReEncryptReport['refused']): void {
  for (const { key, message } of refused.slice(0, MOST_NAMED)) printer.warn(`${printable(key)}: ${message}`);
  if (refused.length > MOST_NAMED) printer.warn(`and ${formatCount(refused.length - MOST_NAMED, 'more', 'more')}`);
}

function sayRetired({ printer }: Session, retired: Retired): void {
  switch (retired.kind) {
    case 'retired':
      printer.say(
        `Retired: ${epochWords(retired.epochs)}. What was encrypted under it opens no more with this vault.json, but does with an older copy of it: a bucket with versioning, or a saved copy, keeps both.`,
      );
      break;
    case 'too-early':
      printer.say(
        `Kept until ${new Date(retired.atMs).toISOString().slice(0, 16)}Z: ${epochWords(retired.epochs)}, since a device may still be sending a file under it. After that: file-sync keys reencrypt. Or now, if every device has synced since: file-sync keys reencrypt --retire-now`,
      );
      break;
    case 'newer-epoch':
      printer.warn('Another epoch was begun meanwhile. Run again: file-sync keys reencrypt');
      break;
    case 'none':
      printer.say('There is no older epoch.');
  }
}

function retiredFields(retired: Retired | null): object {
  return {
    retired: retired?.kind === 'retired' ? retired.epochs : [],
    retireAfter: retired?.kind === 'too-early' ? Math.round(retired.atMs) : null,
  };
}

function oldEpochs({ keyring }: SealedDocument): readonly number[] {
  return keyring.epochs.slice(0, -1).map(({ id }) => id);
}

function epochWords(ids: readonly number[]): string {
  return `epoch${ids.length === 1 ? '' : 's'} ${ids.join(', ')}`;
}
