import { describe, expect, it } from 'vitest';
import { pairView } from '../../src-main/testing/app-state.ts';
import { deniedAction, deniedActions, deniedWords, troubleWords } from './trouble-words.ts';
import { pairWords } from './words.ts';

describe('what the store does not allow', () => {
  it.each([
    ['s3:PutObject is not allowed on documents/.file-sync/versions/Report.txt/1795~1-p', 'The access key may not write to this bucket (s3:PutObject).'],
    ['s3:AbortMultipartUpload is not allowed on a', 'The access key may not write to this bucket (s3:AbortMultipartUpload).'],
    ['s3:GetObjectVersion is not allowed on a', 'The access key may not read from this bucket (s3:GetObjectVersion).'],
    ['s3:DeleteObject is not allowed on a', 'The access key may not delete in this bucket (s3:DeleteObject).'],
    ['s3:ListBucketVersions is not allowed on the bucket b', 'The access key may not see what is in this bucket (s3:ListBucketVersions).'],
    ['s3:GetBucketVersioning is not allowed on the bucket b', 'The access key may not do all that syncing needs in this bucket (s3:GetBucketVersioning).'],
  ])('%s', (message, words) => {
    expect(deniedWords(deniedAction({ message }) ?? '')).toBe(words);
  });

  it('is named once for many files, and is nothing else that fails', () => {
    const failed = { path: 'a', code: 'no-permission', attempts: 3, since: 0 } as const;
    const failures = ['s3:PutObject is not allowed on a', 's3:PutObject is not allowed on b', 'a may not be read'].map((message) => ({ ...failed, message }));
    expect(deniedActions(failures)).toEqual(['s3:PutObject']);
  });
});

describe('a folder that stands still', () => {
  const now = new Date(2026, 10, 23, 16, 20).getTime();
  const since = now - 180_000;
  const away = (triedAt: number, nextTryAt: number | null = null) =>
    pairView({ state: 'offline', error: { code: 'unreachable', message: '', hint: null }, trouble: { since, triedAt, nextTryAt }, pending: 2 });
  const said = (pair: ReturnType<typeof away>): string | undefined => troubleWords(pair, now)?.replaceAll('\u202f', ' ');

  it('says since when, what waits, and that it was tried again in vain', () => {
    expect(said(away(since))).toMatch(/^Waiting since (16|0?4):17( PM)? · 2 changes waiting$/);
    expect(said(away(now))).toMatch(/ · Looked again at (16|0?4):20( PM)?: still not there$/);
    expect(said({ ...away(now), state: 'error', pending: 0, error: { code: 'refused', message: '', hint: null } })).toMatch(/^Stopped since .* · Tried again at .*: no change$/);
    expect(pairWords(away(since), now)).toMatch(/^Waiting for the backup since \d/);
    expect(troubleWords(pairView(), now)).toBeNull();
  });

  it('says when it is tried next where that is not at once', () => {
    expect(said(away(since, now + 10_000))).not.toContain('Next try');
    expect(said(away(since, now + 600_000))).toMatch(/ · Next try at (16|0?4):30/);
  });
});
