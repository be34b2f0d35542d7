import type { KdfCost } from './vault-document.ts';
import type { VaultSecret } from './vault-secret.ts';

/** RFC 9106's profile for little memory, with one lane, since WebAssembly has no more: about 0.4 s. */
export const DEFAULT_COST: KdfCost = { memoryKiB: 65_536, passes: 3, lanes: 1 };
/** What a file from a store may ask for: no less than OWASP's least, or guessing gets cheap; no more than a machine has. */
export const COST_FLOOR: KdfCost = { memoryKiB: 19_456, passes: 2, lanes: 1 };
export const COST_CEILING: KdfCost = { memoryKiB: 1_048_576, passes: 16, lanes: 4 };
/** Memory times passes, KiB: bounds the time. */
const WORK_CEILING = 4 * 1_048_576;

/** What is wrong with a cost; null when it may be used. */
export function costFault({ memoryKiB, passes, lanes }: KdfCost): string | null {
  if (memoryKiB < COST_FLOOR.memoryKiB || passes < COST_FLOOR.passes || lanes < COST_FLOOR.lanes) return 'so cheap that a passphrase could be guessed';
  const isDear = memoryKiB > COST_CEILING.memoryKiB || passes > COST_CEILING.passes || lanes > COST_CEILING.lanes || memoryKiB * passes > WORK_CEILING;
  return isDear ? 'so dear that it would hold up this device' : null;
}

/** The 32 bytes of a secret; the caller wipes them. A passphrase is stretched. */
export async function secretBytes({ kind, secret }: VaultSecret, cost: KdfCost | null, salt: Uint8Array): Promise<Uint8Array> {
  if (kind !== 'passphrase' || cost === null) return Buffer.from(secret.reveal(), 'hex');
  const { argon2id } = await import('hash-wasm');
  return argon2id({ password: secret.reveal(), salt, memorySize: cost.memoryKiB, iterations: cost.passes, parallelism: cost.lanes, hashLength: 32, outputType: 'binary' });
}
