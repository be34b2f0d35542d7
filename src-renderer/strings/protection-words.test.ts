import { expect, it } from 'vitest';
import { protectionWords } from './protection-words.ts';

const SEALED = { encrypted: true, compressed: false, hidesNames: false, vault: '00112233', keep: 'keychain' } as const;

it.each([
  [null, 'Not encrypted'],
  [SEALED, 'Encrypted, vault 00112233'],
  [{ ...SEALED, compressed: true, hidesNames: true }, 'Encrypted, compressed, names hidden, vault 00112233'],
  [{ encrypted: false, compressed: true, hidesNames: false, vault: null, keep: null }, 'Compressed'],
])('%j: %s', (protection, text) => {
  expect(protectionWords(protection)).toBe(text);
});
