import { afterEach, expect, it } from 'vitest';
import { joinWords, protectionWords } from './protection-words.ts';
import { setLanguage } from './say.ts';

afterEach(() => setLanguage('en'));

const SEALED = { encrypted: true, compressed: false, hidesNames: false, vault: '00112233', keep: 'keychain' } as const;

it.each([
  [null, 'Not encrypted'],
  [SEALED, 'Encrypted: opens only in File Sync'],
  [{ ...SEALED, compressed: true, hidesNames: true }, 'Encrypted, compressed, names hidden: opens only in File Sync'],
  [{ encrypted: false, compressed: true, hidesNames: false, vault: null, keep: null }, 'Compressed: opens only in File Sync'],
])('%j: %s', (protection, text) => {
  expect(protectionWords(protection)).toBe(text);
});

it('what opens a vault is named in the language that is set', () => {
  expect(joinWords(['passphrase', 'recovery'])).toMatch(/They open with the passphrase or recovery words of this backup\.$/);
  setLanguage('de');
  expect(joinWords(['key'])).toMatch(/Sie öffnen sich mit dem Schlüssel dieses Backups\.$/);
  expect(joinWords(['passphrase', 'recovery'])).toMatch(/mit der Passphrase oder den Wiederherstellungswörtern dieses Backups\.$/);
});
