import type { Secret } from '../core/secret.ts';
import type { Keychain } from './keychain.ts';

/** Forgets everything when the process ends. For tests, and where nothing may be left behind. */
export function memoryKeychain(): Keychain {
  const kept = new Map<string, Secret>();
  return {
    get: async (account) => kept.get(account) ?? null,
    set: async (account, secret) => void kept.set(account, secret),
    delete: async (account) => void kept.delete(account),
  };
}
