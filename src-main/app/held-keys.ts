import type { HeldKeys as HeldKeysView, TypedKeys } from '../../src-preload/contract/storage.ts';
import { SyncError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import type { StoredKeys } from '../keychain/stored-keys.ts';
import type { Random } from '../platform/clock.ts';

/** So much of an access key's id is shown, to tell keys apart by. */
const ENDING = 4;

/** Keys on their way into a pair: typed in the window or read from a file, and named by a token from then on. They are in memory alone and are let go of when the dialog closes. */
export class HeldKeys {
  readonly #random: Random;
  readonly #held = new Map<string, StoredKeys>();

  constructor(random: Random) {
    this.#random = random;
  }

  hold({ accessKeyId, secretAccessKey, sessionToken }: TypedKeys): HeldKeysView {
    const token = this.#random.id();
    this.#held.set(token, { accessKeyId, secretAccessKey: new Secret(secretAccessKey), sessionToken: sessionToken === null ? null : new Secret(sessionToken) });
    // A short id would be shown whole.
    return { token, ending: accessKeyId.length >= 4 * ENDING ? accessKeyId.slice(-ENDING) : '' };
  }

  keys(token: string): StoredKeys {
    const keys = this.#held.get(token);
    if (keys === undefined) throw new SyncError('usage', 'these keys are no longer at hand', { hint: 'Enter them again.' });
    return keys;
  }

  forgetAll(): void {
    this.#held.clear();
  }
}
