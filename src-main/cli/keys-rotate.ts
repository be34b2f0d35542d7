import { newEpoch, newVaultKey } from '../codec/keyring-changes.ts';
import { surveyStore } from '../compose/re-encrypt.ts';
import type { ExitCode } from './exit-codes.ts';
import { formatCount } from './format.ts';
import { changeContext, confirm, report, slotWords } from './keys-change.ts';
import { checkNotSwitching, confirmReEncryption, type ReEncryptFlags, reEncryptVault } from './keys-reencrypt.ts';
import type { Session } from './session.ts';
import { withVault } from './vault-access.ts';

export interface RotateFlags extends Pick<ReEncryptFlags, 'yes'> {
  readonly revoke?: boolean;
  readonly reencrypt?: boolean;
}

/** A new epoch; with `revoke` under a new vault key, which only the secret in use opens. */
export async function rotateCommand(session: Session, flags: RotateFlags): Promise<ExitCode> {
  const { revoke = false, reencrypt = false, yes = false } = flags;
  return withVault(session, async (vault) => {
    const { keyring, secret } = vault;
    if (reencrypt) checkNotSwitching(keyring.document);
    const context = changeContext(session);
    const dropped = revoke ? keyring.document.keyring.slots.filter(({ id }) => id !== keyring.slot) : [];
    if (revoke)
      await confirm(
        session,
        `${formatCount(dropped.length, 'other secret')} will not open the vault any more${dropped.length === 0 ? '' : `: ${dropped.map(slotWords).join(', ')}`}. Go on?`,
        yes,
      );
    const survey = reencrypt ? await surveyStore(vault.backend, session.context.interrupt) : null;
    if (survey !== null) await confirmReEncryption(session, survey, flags);
    const changed = revoke ? await newVaultKey(keyring, [{ id: keyring.slot, secret }], context) : newEpoch(keyring, context);
    await vault.save(changed);
    session.printer.say(
      `New writes are under epoch ${changed.currentEpoch}.${survey === null ? ' Files written before stay under theirs until they are written again: file-sync keys reencrypt.' : ''}`,
    );
    if (revoke) session.printer.say('Nobody who was left out can read what is written from now on. Set up the others again: file-sync keys add, file-sync keys sheet.');
    const more = { dropped: dropped.map(({ id }) => id) };
    return survey === null ? report(session, 'keys rotate', changed, null, more) : reEncryptVault(session, 'keys rotate', vault, changed, survey, flags, { file: null, ...more });
  });
}
