import type { NewVault, RecoverySheet, VaultChoice } from '../../src-preload/contract/vault.ts';
import { renderRecoverySheet } from '../codec/recovery-sheet.ts';
import { newRecoveryKey, parseEncryptionKey, passphraseFault, passphraseOf, RECOVERY_WORDS, recoveryWords } from '../codec/secret-key.ts';
import type { VaultSecret } from '../codec/vault-secret.ts';
import { SyncError } from '../core/errors.ts';
import type { Secret } from '../core/secret.ts';
import type { Platform } from '../platform/platform.ts';
import type { NewVaultPlan, VaultPlan } from './pair-vaults.ts';
import { concealed, type OpenedVault } from './vault-setup.ts';

const ASKED_BACK = 3;

interface Prepared {
  readonly plan: NewVaultPlan;
  readonly words: readonly Secret[];
  /** From 0. */
  readonly asked: readonly number[];
  isConfirmed: boolean;
}

/** Vaults on their way into a pair, named by tokens: new ones with their recovery words, and ones that were opened. They are in memory alone and are let go of when the dialog closes. */
export class VaultDesk {
  readonly #ports: Pick<Platform, 'chance' | 'random' | 'clock'>;
  readonly #prepared = new Map<string, Prepared>();
  readonly #opened = new Map<string, VaultPlan>();

  constructor(ports: Pick<Platform, 'chance' | 'random' | 'clock'>) {
    this.#ports = ports;
  }

  /** `usage` when the secret will not do. */
  prepare({ kind, text, compression, hideNames }: NewVault): RecoverySheet {
    const { random, chance } = this.#ports;
    const secret = kind === 'passphrase' ? newPassphrase(text) : givenKey(text);
    const recovery = newRecoveryKey(chance);
    const words = recoveryWords(recovery);
    const third = RECOVERY_WORDS / ASKED_BACK;
    const asked = Array.from({ length: ASKED_BACK }, (_, i) => i * third + Math.floor(random.fraction() * third));
    const token = random.id();
    this.#prepared.set(token, { plan: { kind: 'new', vault: random.id() + random.id(), compression, hideNames, secret, recovery }, words, asked, isConfirmed: false });
    return { token, words: words.map((word) => word.reveal()), asked: asked.map((index) => index + 1) };
  }

  /** The sheet to print, as a page. */
  sheet(token: string, name: string): Secret {
    const { plan, words } = this.#at(token);
    const date = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(this.#ports.clock.now());
    return renderRecoverySheet({ name, vaultId: plan.vault, date, words });
  }

  confirm(token: string, typed: readonly string[]): boolean {
    const prepared = this.#at(token);
    const { words, asked } = prepared;
    const isRight = typed.length === asked.length && asked.every((index, i) => typed[i]?.trim().toLowerCase() === words[index]?.reveal());
    if (isRight) prepared.isConfirmed = true;
    return isRight;
  }

  /** Keeps what was opened, under a token. */
  hold({ secret, ...vault }: OpenedVault): string {
    const token = this.#ports.random.id();
    this.#opened.set(token, { kind: 'join', ...vault, secret: concealed(secret) });
    return token;
  }

  /** `usage` for a new vault whose words were neither asked back nor given up. */
  plan(choice: VaultChoice): VaultPlan {
    if (choice.kind === 'plain' || choice.kind === 'compressed') return choice;
    if (choice.kind === 'join') {
      const opened = this.#opened.get(choice.token);
      if (opened === undefined) throw noLonger();
      return opened;
    }
    const { plan, isConfirmed } = this.#at(choice.token);
    if (!isConfirmed && !choice.withoutSheet) throw new SyncError('usage', 'the recovery words were not asked back yet');
    return plan;
  }

  forgetAll(): void {
    this.#prepared.clear();
    this.#opened.clear();
  }

  #at(token: string): Prepared {
    const prepared = this.#prepared.get(token);
    if (prepared === undefined) throw noLonger();
    return prepared;
  }
}

function newPassphrase(text: string): VaultSecret {
  const fault = passphraseFault(text);
  const secret = passphraseOf(text);
  if (fault !== null || secret === null) throw new SyncError('usage', fault ?? 'a passphrase is needed');
  return secret;
}

function givenKey(text: string): VaultSecret {
  const read = parseEncryptionKey(text.trim());
  if ('fault' in read) throw new SyncError('usage', `the key ${read.fault}`);
  if (read.secret.kind !== 'key') throw new SyncError('usage', 'that is no key', { hint: 'A key is 32 bytes: 64 hexadecimal digits or base64.' });
  return read.secret;
}

function noLonger(): SyncError {
  return new SyncError('usage', 'what was typed is no longer at hand', { hint: 'Type it again.' });
}
