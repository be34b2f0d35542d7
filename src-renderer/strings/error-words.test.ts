import { afterEach, describe, expect, it } from 'vitest';
import { errorAndHint, errorWords } from './error-words.ts';
import { setLanguage } from './say.ts';

describe('what went wrong', () => {
  afterEach(() => setLanguage('en'));
  const error = { code: 'no-permission', message: 'the folder may not be read: EACCES' } as const;

  it('is what the engine says', () => expect(errorWords(error)).toBe('The folder may not be read: EACCES.'));

  it('begins in German with the kind of thing it is, for the engine speaks English', () => {
    setLanguage('de');
    expect(errorWords(error)).toBe('Dafür fehlt die Berechtigung. Genauer, auf Englisch: „the folder may not be read: EACCES“');
    const refused = { code: 'refused', message: 's3.example.org answered 400 BadRequest (s3:PutObject)' } as const;
    expect(errorWords(refused)).toBe('Es wurde abgelehnt. Der Server sagt: „s3.example.org answered 400 BadRequest (s3:PutObject)“');
    expect(errorAndHint({ ...error, hint: 'Change its rights' }, true)).toBe('Genauer, auf Englisch: „The folder may not be read: EACCES. Change its rights.“');
  });

  it('is, of what the access key may not do, a sentence in every language', () => {
    const denied = { code: 'no-permission', message: 's3:PutObject is not allowed on documents/.file-sync/versions/a.txt/1~2-p' } as const;
    expect(errorWords(denied)).toBe('The access key may not write to this bucket (s3:PutObject).');
    setLanguage('de');
    expect(errorWords(denied)).toBe('Der Zugriffsschlüssel darf nicht in diesen Bucket schreiben (s3:PutObject).');
  });
});
