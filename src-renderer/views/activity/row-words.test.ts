import { afterEach, describe, expect, it } from 'vitest';
import type { ActivityItem } from '../../../src-preload/contract/model.ts';
import { english } from '../../strings/english.ts';
import { setLanguage } from '../../strings/say.ts';
import { rowWords } from './row-words.ts';

const done: ActivityItem = { pair: 'p', at: 1, path: 'a', to: null, what: 'upload', outcome: 'done', reason: 'edited here', bytes: 0 };
const failed: ActivityItem = { ...done, outcome: 'failed', reason: 'the disk says EIO', code: 'io', tries: 3 };

describe('a row of the activity', () => {
  afterEach(() => setLanguage('en'));

  it('says what was done', () => expect(rowWords({ ...done, bytes: 2_000 }, 'Work')).toBe('Copied to backup · 2.0\u00a0KB · Work'));

  it('says of what failed what did not become of it, how often, and why', () => {
    expect(rowWords(failed, null)).toBe('Not copied to backup · tried 3 times · The disk says EIO.');
    setLanguage('de');
    expect(rowWords(failed, null)).toBe('Nicht ins Backup kopiert · 3-mal versucht · Lesen oder Schreiben ist fehlgeschlagen. Genauer, auf Englisch: „the disk says EIO“');
  });

  it('says what helps where something does, in the language that is set', () => {
    const { tries: _, ...once } = failed;
    setLanguage('de');
    expect(rowWords({ ...once, code: 'name-too-long' }, null)).toMatch(/^Nicht ins Backup kopiert · Der Pfad ist zu lang/);
  });

  it('says of a refusal what the card says', () => {
    const denied = { ...failed, code: 'no-permission', reason: 's3:PutObject is not allowed on d/.file-sync/versions/a/1~2' } as const;
    expect(rowWords(denied, null)).toBe('Not copied to backup · tried 3 times · The access key may not write to this bucket (s3:PutObject).');
  });

  it('says what an earlier version recorded, which knew no kinds of failures', () => {
    const { tries: _, code: _code, ...old } = failed;
    expect(rowWords(old, null)).toBe('Not copied to backup · the disk says EIO');
  });

  it('says that an edit stood against a deletion', () => {
    expect(rowWords({ ...done, what: 'download', story: 'brought-back' }, null)).toBe('Brought back by you');
    expect(rowWords({ ...done, what: 'download', story: 'edit-there-survived' }, null)).toBe('Came back: changed in the backup while you deleted it here');
  });

  it('has words for all that can fail, of what can be done', () => {
    expect(Object.keys(english.activity.notDone)).toEqual(Object.keys(english.activity.what));
  });
});
