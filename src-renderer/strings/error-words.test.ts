import { afterEach, describe, expect, it } from 'vitest';
import { setLanguage } from './en.ts';
import { errorWords } from './error-words.ts';

describe('what went wrong', () => {
  afterEach(() => setLanguage('en'));
  const error = { code: 'no-permission', message: 'the folder may not be read: EACCES' } as const;

  it('is what the engine says', () => expect(errorWords(error)).toBe('The folder may not be read: EACCES.'));

  it('begins in German with the kind of thing it is, for the engine speaks English', () => {
    setLanguage('de');
    expect(errorWords(error)).toBe('Dafür fehlt die Berechtigung. (the folder may not be read: EACCES)');
  });
});
