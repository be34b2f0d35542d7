import { describe, expect, it } from 'vitest';
import { pairView } from '../../src-main/testing/app-state.ts';
import { deniedAction, deniedActions, deniedWords } from './denied-words.ts';
import { errorText, failureText, helpsToSignIn, troubleWords } from './trouble-words.ts';
import { goesOn, mayTry, pairWords } from './words.ts';

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

describe('a folder whose backup is away', () => {
  const now = new Date(2026, 10, 23, 20, 54).getTime();
  const bucket = { kind: 's3', provider: 'aws', bucket: 'b', prefix: '', endpoint: null, region: 'us-east-1', signIn: { kind: 'keychain' } } as const;
  const lost = { code: 'unreachable', message: 'the store cannot be reached', hint: 'It is tried again; check the network if this lasts.' } as const;
  const away = pairView({ state: 'offline', storage: bucket, error: lost, trouble: { since: now, triedAt: now, nextTryAt: null }, problems: { items: [], total: 1 } });
  const denied = { path: 'a', code: 'no-permission', message: 's3:PutObject is not allowed on a', attempts: 2, since: 0 } as const;

  it('names the outage first, and what else is open in it', () => {
    expect(pairWords(away, now)).toMatch(/^Waiting for the backup since \S+( PM)? · 1 item not synced$/);
    expect(pairWords({ ...away, conflicts: { items: [], total: 2 } }, now)).toMatch(/ · 2 files have two versions, 1 item not synced$/);
    expect(pairWords({ ...away, paused: true }, now)).toMatch(/^Paused.* · Waiting for the backup since /);
  });

  it('promises nothing that does not happen in a pause', () => {
    expect(errorText(away)).toBe('The store cannot be reached. It is tried again; check the network if this lasts.');
    expect(errorText({ ...away, paused: true })).toBe('The store cannot be reached. Check the network if this lasts. It is tried when syncing goes on.');
    expect(errorText({ ...away, paused: true, error: { ...lost, hint: 'The store has trouble of its own; it is tried again.' } })).toBe(
      'The store cannot be reached. The store has trouble of its own. It is tried when syncing goes on.',
    );
    expect(errorText({ ...away, error: { ...lost, hint: null } })).toMatch(/goes on by itself as soon as/);
    const drive = { ...away, storage: { kind: 'folder', path: '/backup' } } as const;
    expect(errorText(drive)).toMatch(/Connect the drive, and syncing goes on by itself\.$/);
    expect(errorText({ ...drive, paused: true })).toMatch(/Connect the drive; it is looked for again when syncing goes on\.$/);
    expect([away, { ...away, paused: true }, { ...away, holds: ['quiet'] as const }].map(mayTry)).toEqual([true, false, true]);
  });

  it('does not say that everything else goes on', () => {
    const failed = pairView({ state: 'attention', failures: { items: [{ ...denied, code: 'io', message: 'no' }], total: 1 } });
    expect(failureText(failed)).toBe('Each is tried again by itself. Everything else goes on.');
    expect(failureText({ ...failed, state: 'offline', error: lost })).toBe('Each is tried again when syncing goes on.');
    expect([failed, away, { ...failed, paused: true }, { ...failed, holds: ['disk'] as const }].map(goesOn)).toEqual([true, false, false, false]);
  });

  it('offers another sign-in only where keys are missing or refused', () => {
    const stopped = { ...away, state: 'error', error: { ...lost, code: 'refused' } } as const;
    expect(
      [away, stopped, { ...stopped, error: { ...lost, code: 'throttled' } } as const, { ...stopped, storage: { kind: 'folder', path: '/b' } } as const].map(helpsToSignIn),
    ).toEqual([false, true, false, false]);
  });
});
