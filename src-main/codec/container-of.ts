import { vaultTag } from './content-keys.ts';
import { HEADER_BYTES, looksLikeContainer } from './header.ts';

const SUITE_AT = 5;
const TAG_AT = 28;
/** Of an object's first bytes, so many tell what it claims to be. */
export const CLAIM_BYTES = HEADER_BYTES;

/** What an object's first bytes claim: a container of this vault, in the clear or sealed, or none of it. Nothing is proven by that. */
export function claimOf(prefix: Uint8Array, vaultId: string): 'sealed' | 'clear' | 'none' {
  if (!looksLikeContainer(prefix) || !vaultTag(vaultId).equals(prefix.subarray(TAG_AT, TAG_AT + 8))) return 'none';
  return prefix[SUITE_AT] === 0 ? 'clear' : 'sealed';
}
