import { SyncError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import type { Clock } from '../platform/clock.ts';
import { KEYCHAIN_SERVICE, type Keychain } from './keychain.ts';
import { type CallKeytar, type KeytarCall, keytarHere } from './keytar-calls.ts';

/** So long the user has to answer when the system asks for the keyring's password; without a prompt the answer comes in milliseconds. */
const WAIT_MS = 15_000;
const ADVICE = 'Unlock the keychain (log in to the desktop, or answer its prompt) and try again, or use an AWS profile or keys in the settings file.';

export interface KeytarKeychainOptions {
  readonly clock: Clock;
  readonly call?: CallKeytar;
  readonly waitMs?: number;
}

/** The system's own keychain: Keychain on macOS, Credential Manager on Windows, the Secret Service on Linux. */
export function keytarKeychain({ clock, call = keytarHere(), waitMs = WAIT_MS }: KeytarKeychainOptions): Keychain {
  /** The call that was given up and has not ended. Another one would only wait beside it, each for a thread of its own. */
  let stuck: Promise<unknown> | null = null;
  const ask = async (asked: Omit<KeytarCall, 'service'>): Promise<unknown> => {
    if (stuck !== null) throw silent(waitMs);
    const giveUp = new AbortController();
    const answered = new AbortController();
    const answer = call({ service: KEYCHAIN_SERVICE, ...asked }, giveUp.signal);
    const timeout = clock.sleep(waitMs, answered.signal).then(() => {
      stuck = answer
        .catch(() => undefined)
        .finally(() => {
          stuck = null;
        });
      giveUp.abort();
      throw silent(waitMs);
    });
    try {
      return await Promise.race([answer, timeout]);
    } catch (error) {
      throw error instanceof SyncError ? error : unusable(error);
    } finally {
      timeout.catch(() => undefined);
      answered.abort();
    }
  };
  return {
    get: async (account) => {
      const password = await ask({ method: 'getPassword', account });
      return typeof password === 'string' ? new Secret(password) : null;
    },
    set: async (account, secret) => void (await ask({ method: 'setPassword', account, password: secret.reveal() })),
    delete: async (account) => void (await ask({ method: 'deletePassword', account })),
  };
}

function silent(waitMs: number): SyncError {
  return new SyncError('refused', `the system's keychain did not answer within ${Math.round(waitMs / 1000)} s; it is probably locked`, { hint: ADVICE });
}

function unusable(cause: unknown): SyncError {
  return new SyncError('refused', "the system's keychain cannot be used here: it is not there, is locked, or says no", { cause, hint: ADVICE });
}
