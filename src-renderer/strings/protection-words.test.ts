import { expect, it } from 'vitest';
import { protectionWords } from './protection-words.ts';

const SEALED = { encrypted: true, compressed: false, hidesNames: false, vault: '00112233', keep: 'keychain' } as const;

it.each([
  [null, 'Not encrypted'],
  [SEALED, 'Encrypted: opens only in File Sync'],
  [{ ...SEALED, compressed: true, hidesNames: true }, 'Encrypted, compressed, names hidden: opens only in File Sync'],
  [{ encrypted: false, compressed: true, hidesNames: false, vault: null, keep: null }, 'Compressed: opens only in File Sync'],
])('%j: %s', (protection, text) => {
  expect(protectionWords(protection)).toBe(text);
});
