import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appState, pairView } from '../../src-main/testing/app-state.ts';
import { formatAgo, formatBytes, formatDollars, formatDuration, formatInstant, formatPrice, formatTime, sentence } from './format.ts';
import { say } from './say.ts';
import { storageWords, usageWords } from './storage-words.ts';
import { headline, isResumable, pairWords, pausedWords, pressingWords } from './words.ts';

/** Every text of the catalogue, functions called with sample values. */
function texts(value: unknown, path: string): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') {
    const result: unknown = value(...Array.from({ length: value.length }, (_, i) => (i === 0 ? 2 : '3')));
    return texts(result, `${path}()`);
  }
  if (typeof value === 'object' && value !== null) return Object.entries(value).flatMap(([key, inner]) => texts(inner, `${path}.${key}`));
  throw new TypeError(`${path} is no text`);
}

describe('the string catalogue', () => {
  it('has a text everywhere, without the marks of a mistake', () => {
    for (const [path, text] of texts(say, 'say')) {
      if (path.startsWith('say.engineCard.title.running')) continue;
      expect(text.trim(), path).not.toBe('');
      expect(text, path).not.toMatch(/undefined|NaN|\[object|\s{2}|'/);
    }
  });

  it('holds every word of the window: no text stands in the components themselves', () => {
    const folder = join(import.meta.dirname, '..');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.tsx'));
    expect(files.length).toBeGreaterThan(10);
    for (const file of files) {
      const source = readFileSync(join(folder, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
      expect(source.match(/>\s*[A-Z][a-z]+[^<>{}=;()]*<\//g) ?? [], file).toEqual([]);
      expect(source.match(/\b(?:label|title|placeholder|aria-label|alt|text)="[A-Za-z][^"]*"/g) ?? [], file).toEqual([]);
    }
  });
});

describe('sizes, times and durations', () => {
  it.each([
    [0, '0\u00a0bytes'],
    [1, '1\u00a0byte'],
    [999, '999\u00a0bytes'],
    [1_000, '1.0\u00a0KB'],
    [99_949, '99.9\u00a0KB'],
    [99_950, '100\u00a0KB'],
    [999_499, '999\u00a0KB'],
    [999_500, '1.0\u00a0MB'],
    [5e12, '5.0\u00a0TB'],
    [1e21, '1000000\u00a0PB'],
  ])('%d bytes is %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it.each([
    [0.2, '1\u00a0s'],
    [59, '59\u00a0s'],
    [60, '1\u00a0min'],
    [3_600, '1\u00a0h'],
    [5_400, '1\u00a0h 30\u00a0min'],
    [200_000, '2 days'],
  ])('%d seconds is %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it('a time is told from now; one that lies ahead counts as now (C44)', () => {
    const now = new Date(2026, 10, 23, 12, 0).getTime();
    expect(formatAgo(now - 10_000, now)).toBe('just now');
    expect(formatAgo(now + 9_999_999, now)).toBe('just now');
    expect(formatAgo(now - 120_000, now)).toBe('2 min ago');
    expect(formatAgo(now - 3 * 3_600_000, now)).toMatch(/^at 0?9:00/);
    expect(formatAgo(now - 86_400_000, now)).toMatch(/^yesterday at 12:00/);
    expect(formatAgo(now - 40 * 86_400_000, now)).toMatch(/^on .*2026/);
    // One form of times: to the second, an hour is written as without.
    const early = new Date(2026, 10, 23, 3, 5, 9).getTime();
    const hour = (text: string): string | undefined => /\d+(?=:05)/.exec(text)?.[0];
    expect(hour(formatInstant(early))).toBe(hour(formatTime(early)));
  });
});

describe('a message of the engine', () => {
  it.each([
    ['the drive is not connected', 'The drive is not connected.'],
    ['s3:PutObject is not allowed', 's3:PutObject is not allowed.'],
    ['127.0.0.1 does not answer', '127.0.0.1 does not answer.'],
    ['notes/a.txt is damaged', 'notes/a.txt is damaged.'],
    ['Why?', 'Why?'],
    ['écrit', 'Écrit.'],
  ])('%s', (text, shown) => {
    expect(sentence(text)).toBe(shown);
  });
});

describe('the words for a bucket', () => {
  const bucket = {
    kind: 's3',
    provider: 'b2',
    bucket: 'photos',
    prefix: '',
    endpoint: 'https://s3.us-west-004.backblazeb2.com',
    region: 'us-west-004',
    signIn: { kind: 'keychain' },
  } as const;

  it.each([
    [bucket, 'Bucket photos at Backblaze B2'],
    [{ ...bucket, prefix: 'laptop/docs/' }, 'Bucket photos, folder laptop/docs at Backblaze B2'],
    [{ ...bucket, provider: 'custom', endpoint: 'http://nas.local:9000' }, 'Bucket photos at nas.local:9000'],
    [{ ...bucket, provider: 'of-a-later-version' }, 'Bucket photos at s3.us-west-004.backblazeb2.com'],
    [{ ...bucket, provider: 'aws', endpoint: null }, 'Bucket photos at Amazon S3'],
    [{ kind: 'folder', path: '/backup' } as const, '/backup'],
  ])('%j: %s', (storage, text) => {
    expect(storageWords(storage)).toBe(text);
  });

  it('tell requests, and costs where prices are known', () => {
    const usage = { month: '2026-11', requests: { list: 1_200, get: 4 }, bytesUp: 0, bytesDown: 0, cost: null };
    expect(usageWords(usage)).toEqual({
      text: '1,204 requests this month, cost unknown',
      detail: 'This provider’s prices are not known here. Enter what you pay under “Prices of a bucket” in this folder’s settings, or for every folder.',
    });
    const cost = { provider: 'Backblaze B2', requests: 0.004, egress: 0, storage: 0.13, total: 0.134, note: null, source: 'x', asOf: '2025-10' };
    expect(usageWords({ ...usage, cost })).toEqual({
      text: '1,204 requests this month, about $0.13',
      detail: 'An estimate by the list prices of Backblaze B2 (2025-10) for this device: requests under $0.01, downloads $0.00, storage $0.13 a month.',
    });
    expect(usageWords({ ...usage, cost: { ...cost, provider: null, note: null, source: null, asOf: null } })).toEqual({
      text: '1,204 requests this month, about $0.13',
      detail: 'An estimate by your own prices for this device: requests under $0.01, downloads $0.00, storage $0.13 a month.',
    });
    expect([0, 0.0059, 0.000001, 1.5].map(formatPrice)).toEqual(['$0.00', '$0.0059', '$0.000001', '$1.50']);
    expect(formatDollars(0)).toBe('$0.00');
  });
});

describe('the words for a folder', () => {
  const words = (change: Parameters<typeof pairView>[0]): string => pairWords(pairView(change), 0);
  it.each([
    [{ state: 'ok', lastSyncAt: 1 }, 'Up to date'],
    [{ state: 'ok', lastSyncAt: null }, 'Not synced yet'],
    [{ state: 'ok', lastSyncAt: 1, pending: 1 }, '1 change waiting'],
    [{ state: 'paused' }, 'Paused until you resume'],
    [{ state: 'offline' }, 'Waiting for the backup'],
    [{ state: 'error' }, 'Stopped'],
    [{ state: 'attention', failures: { items: [], total: 5 }, problems: { items: [], total: 2 } }, '7 items not synced'],
    [{ state: 'attention', failures: { items: [], total: 1 }, conflicts: { items: [], total: 2 } }, '2 files have two versions, 1 item not synced'],
    [{ state: 'attention', holds: ['disk'] }, 'Stopped: this disk is almost full'],
    [{ state: 'syncing' }, 'Looking for changes'],
  ] as const)('%j: %s', (change, text) => {
    expect(words(change)).toBe(text);
  });
});

describe('the words for all folders together', () => {
  const now = new Date(2026, 10, 23, 12, 0).getTime();
  const scheduled = pairView({ lastSyncAt: now - 3_600_000, pending: 2, nextSyncAt: new Date(2026, 10, 23, 14, 0).getTime() });
  const spaces = (text: string | null): string | undefined => text?.replaceAll('\u202f', ' ');

  it('C72 say what waits for its time, and until when', () => {
    expect(spaces(pairWords(scheduled, now))).toMatch(/^2 changes wait until (14:00|0?2:00 PM)$/);
    expect(pairWords({ ...scheduled, pending: 1, nextSyncAt: new Date(2027, 0, 1, 0, 0).getTime() }, now)).toMatch(
      /^1 change waits until Friday, (1 January|Jan 1|January 1|1 Jan) at /,
    );
    expect(spaces(headline(appState({ pairs: [pairView({ lastSyncAt: now }), scheduled] }), now))).toMatch(/^2 changes wait until/);
    expect(headline(appState({ pairs: [scheduled, pairView({ pending: 1, lastSyncAt: now })] }), now)).toBe('3 changes waiting');
    expect(headline(appState({ pairs: [scheduled], overall: 'attention' }), now)).toBe('Something needs your attention');
    expect(headline(appState(), now)).toBe('Everything is up to date');
    expect(headline(appState({ overall: 'syncing', pairs: [pairView({ state: 'syncing' }), pairView()] }), now)).toBe('Looking for changes');
    expect(headline(appState({ overall: 'paused', pairs: [pairView({ state: 'paused' }), pairView()] }), now)).toBe('1 of 2 folders paused');
    expect(headline(appState({ overall: 'paused', pairs: [pairView({ state: 'paused' })] }), now)).toBe('Syncing is paused');
  });

  it('C72 say in a pause what waits, of folders whose changes are counted then', () => {
    const paused = { ...scheduled, state: 'paused', pending: 12 } as const;
    const [uncounted, running] = [pairView({ state: 'paused', pending: 3 }), pairView({ ...scheduled, pending: 5 })];
    expect(pairWords(paused, now)).toBe('Paused until you resume, 12 changes waiting');
    expect(pairWords({ ...paused, holds: ['battery'], pending: 1 }, now)).toBe('Paused while on battery, 1 change waiting');
    expect(pairWords({ ...paused, pending: 0 }, now)).toBe('Paused until you resume');
    expect(pairWords(uncounted, now)).toBe('Paused until you resume');
    expect(pausedWords(appState({ pairs: [paused, uncounted, running] }), now)).toBe('Paused until you resume · 12 changes waiting');
    expect(pausedWords(appState({ pairs: [{ ...paused, holds: ['battery'] }] }), now)).toBe('Paused while on battery · 12 changes waiting');
    expect(pausedWords(appState({ pairs: [pairView({ state: 'paused', holds: ['battery'] })] }), now)).toBe('Paused while on battery.');
    expect(spaces(pausedWords(appState({ pairs: [uncounted, pairView({ state: 'paused', pausedUntil: now + 7_200_000 })] }), now))).toMatch(
      /^Paused, some folders until (14:00|0?2:00 PM)$/,
    );
  });

  it('tell quiet hours with their end, and whether they are why it rests', () => {
    const quiet = pairView({ state: 'paused', holds: ['quiet'], pausedUntil: now + 7_200_000 });
    const all = appState({ overall: 'paused', pairs: [quiet] });
    expect(spaces(headline(all, now))).toMatch(/^Quiet hours until (14:00|0?2:00 PM)$/);
    expect(pausedWords(all, now)).toBe('What changes meanwhile is synced when they end.');
    expect(spaces(pairWords(quiet, now))).toMatch(/^Quiet hours until (14:00|0?2:00 PM)$/);
    const some = appState({ overall: 'paused', pairs: [quiet, pairView()] });
    expect([headline(some, now), spaces(pausedWords(some, now))]).toEqual(['1 of 2 folders paused', expect.stringMatching(/^Quiet hours until (14:00|0?2:00 PM)$/)]);
    expect(pairWords({ ...quiet, paused: true, pausedUntil: null }, now)).toBe('Paused until you resume');
    expect(pausedWords(appState({ pairs: [{ ...quiet, paused: true, pausedUntil: null }] }), now)).toBe('Paused until you resume');
    expect(pairWords({ ...quiet, holds: ['quiet', 'battery'], pausedUntil: null }, now)).toBe('Paused while on battery');
    expect([quiet, { ...quiet, paused: true }, pairView()].map(isResumable)).toEqual([true, true, false]);
    const passed = pairView({ lastSyncAt: now, quietPassedUntil: now + 7_200_000 });
    expect(spaces(pairWords(passed, now))).toMatch(/^Up to date · Quiet hours are passed over until (14:00|0?2:00 PM)$/);
    expect(pairWords(passed, now + 7_200_000)).toBe('Up to date');
    expect(pairWords({ ...passed, state: 'paused', paused: true }, now)).toBe('Paused until you resume');
  });

  it('name what waits under a headline that tells its state, and not the times of other folders', () => {
    const fine = pairView({ name: 'Photos', lastSyncAt: now });
    const away = pairView({ state: 'offline', lastSyncAt: now - 120_000 });
    expect(pressingWords(appState({ pairs: [fine, away], overall: 'offline' }), now)).toMatch(/^Documents · Last fully synced \d{1,2}:\d\d/);
    const long = pairView({ state: 'offline', lastSyncAt: now - 20 * 86_400_000 });
    expect(pressingWords(appState({ pairs: [long], overall: 'offline' }), now)).toMatch(/^Documents · Last fully synced .*20\d\d, /);
    const closed = pairView({ state: 'error', lastSyncAt: null });
    expect(pressingWords(appState({ pairs: [fine, closed, closed, closed], overall: 'error' }), now)).toBe('Documents · Documents · 1 more folder');
    const asks = pairView({ state: 'attention', conflicts: { items: [], total: 2 }, lastSyncAt: now - 120_000 });
    expect(pressingWords(appState({ pairs: [asks, fine, { ...asks, name: 'Films' }], overall: 'attention' }), now)).toMatch(
      /^Documents · Films · Last synced \d.*, except 4 items$/,
    );
    const problem = (reason: 'unreadable' | 'special-file') => ({ path: 'a', side: 'local', reason, detail: null }) as const;
    const never = { ...away, problems: { items: [problem('unreadable')], total: 1 } };
    expect(pressingWords(appState({ pairs: [never], overall: 'offline' }), now)).toMatch(/ · Last synced \d.*, except 1 item$/);
    expect(pressingWords(appState({ pairs: [{ ...away, problems: { items: [problem('special-file')], total: 1 } }], overall: 'offline' }), now)).toMatch(/ · Last fully synced \d/);
    expect(pressingWords(appState({ pairs: [{ ...away, name: 'Photos' }, asks], overall: 'attention' }), now)).toMatch(
      /^Documents · Last synced \d.*, except 2 items · Photos: Waiting for the backup/,
    );
    expect(pressingWords(appState({ pairs: [fine] }), now)).toBeNull();
  });

  it('tell a pause and quiet hours beside what presses more', () => {
    const asks = pairView({ state: 'attention', conflicts: { items: [], total: 2 }, lastSyncAt: now - 120_000 });
    const paused = { ...asks, paused: true, pausedUntil: null };
    const quiet = { ...asks, name: 'Films', holds: ['quiet'] as const, pausedUntil: now + 7_200_000 };
    expect(pairWords(paused, now)).toBe('Paused until you resume · 2 files have two versions');
    expect(spaces(pairWords(quiet, now))).toMatch(/^Quiet hours until (14:00|0?2:00 PM) · 2 files have two versions$/);
    expect(pairWords({ ...asks, holds: ['disk'] }, now)).not.toContain('Paused');
    expect(pairWords(pairView({ state: 'error', paused: true }), now)).toBe('Paused until you resume · Stopped');
    expect([paused, quiet, asks].map(isResumable)).toEqual([true, true, false]);
    const all = appState({ pairs: [paused, { ...paused, name: 'Films' }], overall: 'attention' });
    expect(pressingWords(all, now)).toMatch(/^Paused until you resume · Documents · Films · Last/);
    expect(pressingWords({ ...all, pairs: [paused, asks] }, now)).toMatch(/^1 of 2 folders paused · Documents/);
    expect(pressingWords({ ...all, pairs: [paused, quiet] }, now)).toMatch(/^Paused · /);
  });
});
