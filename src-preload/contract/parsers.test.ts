import { describe, expect, it } from 'vitest';
import { CHANNELS, type Channel, type Requests } from './channels.ts';
import { PARSERS } from './parsers.ts';
import { DEFAULT_TUNING } from './tuning.ts';

const ID = '0123456789abcdef';
const ACCESS = {
  provider: 'custom',
  endpoint: 'http://nas.local:9000',
  region: 'us-east-1',
  forcePathStyle: null,
  proxy: null,
  caFile: null,
  signIn: { kind: 'held', token: ID },
} as const;
const PLACE = { ...ACCESS, bucket: 'photos', prefix: 'laptop/docs/' } as const;
const EVERY = { conflict: true, held: true, error: true, failures: false, disk: true, engine: true, offline: true, finished: true };
const GOOD: { readonly [C in Channel]: Requests[C]['input'] } = {
  'app/state': null,
  'app/set': {
    theme: 'dark',
    contrast: 'high',
    notify: 'all',
    notifyEvents: EVERY,
    schedule: { cron: '0 3 * * *', timeZone: 'Europe/Berlin', quiet: ['22:00-07:00'] },
    tuning: DEFAULT_TUNING,
    deviceName: 'Anna’s laptop',
    logLevel: 'debug',
  },
  'restored/look': { pair: ID },
  'restored/accept': { pair: ID },
  'app/fault': { message: 'TypeError: x' },
  'app/dismiss': { notice: 'engine' },
  'app/quit': null,
  'app/copy': { text: '{\n  "Version": "2012-10-17"\n}' },
  'engine/restart': null,
  'folder/choose': { purpose: 'source' },
  'file/choose-ca': null,
  'storage/profiles': null,
  'storage/hold': { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret/with+signs=', sessionToken: null },
  'storage/import': null,
  'storage/forget': null,
  'storage/buckets': ACCESS,
  'storage/create': { ...ACCESS, bucket: 'photos' },
  'storage/test': PLACE,
  'storage/stop': null,
  'storage/clean-up': PLACE,
  'vault/look': { kind: 's3', ...PLACE },
  'vault/prepare': { kind: 'passphrase', text: ' four words with blanks ', compression: true, hideNames: false },
  'vault/sheet': { source: ID, target: { kind: 'folder', folder: ID }, token: ID, name: 'Documents' },
  'vault/confirm': { token: ID, words: ['zebra', 'abandon'] },
  'vault/open': { target: { kind: 'folder', folder: ID }, text: 'x' },
  'pair/check': { source: ID, target: { kind: 'folder', folder: ID } },
  'pair/add': {
    source: ID,
    target: { kind: 's3', ...PLACE },
    name: 'Documents',
    conflictPolicy: 'manual',
    keep: 'keychain',
    vault: { kind: 'new', token: ID, withoutSheet: false },
  },
  'pair/unlock': { pair: ID, text: ' four words with blanks ', keep: 'session' },
  'pair/key-id': { pair: ID },
  'pair/credentials': { pair: ID, signIn: { kind: 'profile', name: 'work' }, keep: 'session', untried: false },
  'pair/repoint': { pair: ID, side: 'target' },
  'pair/remove': { pair: ID },
  'pair/change': { pair: ID, name: 'R&D', ignorePatterns: ['*.iso'], ignoreJunk: false, tuning: { versionsKeep: 0, versionsMaxBytes: null } },
  'pair/open': { pair: ID, side: 'target' },
  'pair/why': { pair: ID, path: null },
  'pair/open-file': { pair: ID, path: 'a/b.txt' },
  'ignore/preview': { pair: ID, patterns: ['*.iso'], junk: true },
  'schedule/preview': { cron: null, timeZone: null, quiet: [] },
  'diagnostics/preview': { names: false },
  'diagnostics/save': { names: true },
  'pair/reveal': { pair: ID, path: 'a/b.txt' },
  'sync/now': { pair: null },
  'sync/pause': { pair: ID, length: 'hour' },
  'sync/resume': { pair: null },
  'pair/problems': { pair: ID, from: 100 },
  'pair/failures': { pair: ID, from: 100 },
  'held/paths': { pair: ID, side: 'remote', why: 'too-many' },
  'held/release': { pair: ID, shown: 3 },
  'conflict/resolve': { pair: ID, path: 'a.txt', choice: 'both' },
  'conflict/resolve-all': { pair: null, choice: 'both', shown: 3 },
  'conflict/open': { pair: ID, path: 'a.txt', which: 'both' },
  'conflict/preview': { pair: ID, path: 'a.txt' },
  'conflict/settled': { pair: null },
  'activity/list': { pair: null, search: '', only: 'all', list: null, from: 0, limit: 200 },
  'history/versions': { pair: ID, path: 'a.txt' },
  'history/preview': { pair: ID, path: 'a.txt', version: '1700000000000~abc' },
  'history/range': { pair: ID, folder: null },
  'history/folder': { pair: ID, folder: 'a/b', at: 1_700_000_000_000 },
  'history/deleted': { pair: ID, search: 'letter' },
  'history/runs': { pair: ID },
  'history/plan': { pair: ID, what: { kind: 'moment', at: 1_700_000_000_000, folder: null }, to: null },
  'history/restore': { pair: ID, what: { kind: 'version', path: 'a.txt', id: '1700000000000~abc' }, to: ID, agreed: 60 },
  'history/stop': { pair: ID },
  'trash/list': { pair: ID },
  'trash/empty': { pair: ID, shown: 12 },
};
const ALL = Object.keys(CHANNELS) as Channel[];

describe('request parsers', () => {
  it.each(ALL)('%s takes what the window sends', (channel) => {
    expect(PARSERS[channel].safeParse(GOOD[channel])).toMatchObject({ success: true, data: GOOD[channel] });
  });

  it.each(ALL)('%s refuses anything else', (channel) => {
    for (const bad of [undefined, 1, 'text', [], { surprise: true }, { ...(GOOD[channel] ?? {}), surprise: true }]) {
      expect(PARSERS[channel].safeParse(bad).success, JSON.stringify(bad)).toBe(false);
    }
  });

  it.each([
    ['pair/remove', { pair: '../../etc' }],
    ['pair/remove', { pair: `${ID}0` }],
    ['pair/check', { source: '/home/a', target: { kind: 'folder', folder: ID } }],
    ['pair/check', { source: ID, target: { kind: 'folder', folder: '/backup' } }],
    ['pair/check', { source: ID, target: { kind: 's3', ...PLACE, folder: ID } }],
    ['pair/add', { ...GOOD['pair/add'], keep: 'file' }],
    ['pair/add', { ...GOOD['pair/add'], vault: { kind: 'encrypted' } }],
    ['pair/add', { ...GOOD['pair/add'], vault: { kind: 'new', token: ID } }],
    ['vault/prepare', { ...GOOD['vault/prepare'], text: '' }],
    ['vault/prepare', { ...GOOD['vault/prepare'], text: 'x'.repeat(1025) }],
    ['vault/prepare', { ...GOOD['vault/prepare'], kind: 'recovery' }],
    ['vault/sheet', { ...GOOD['vault/sheet'], file: '/etc/passwd' }],
    ['vault/confirm', { token: ID, words: Array(25).fill('x') }],
    ['vault/open', { target: { kind: 'folder', folder: '/backup' }, text: 'x' }],
    ['storage/hold', { accessKeyId: '', secretAccessKey: 'x', sessionToken: null }],
    ['storage/hold', { accessKeyId: 'a b', secretAccessKey: 'x', sessionToken: null }],
    ['storage/hold', { accessKeyId: 'a', secretAccessKey: 'x\r\nHost: evil', sessionToken: null }],
    ['storage/hold', { accessKeyId: 'a', secretAccessKey: 'x'.repeat(1025), sessionToken: null }],
    ['storage/test', { ...PLACE, bucket: '../other' }],
    ['storage/test', { ...PLACE, bucket: 'a' }],
    ['storage/test', { ...PLACE, prefix: '/absolute/' }],
    ['storage/test', { ...PLACE, prefix: 'no-slash' }],
    ['storage/test', { ...PLACE, prefix: 'a/../b/' }],
    ['storage/test', { ...PLACE, prefix: '.file-sync/' }],
    ['storage/test', { ...PLACE, caFile: '/etc/ssl/ca.pem' }],
    ['storage/clean-up', { ...PLACE, prefix: '../' }],
    ['app/copy', { text: '' }],
    ['app/copy', { text: 'x'.repeat(200_001) }],
    ['storage/buckets', { ...ACCESS, endpoint: 'file:///etc/passwd' }],
    ['storage/buckets', { ...ACCESS, endpoint: 'https://user:password@host' }],
    ['storage/buckets', { ...ACCESS, proxy: 'http://user:password@host:3128' }],
    ['storage/buckets', { ...ACCESS, signIn: { kind: 'keys', accessKeyId: 'a', secretAccessKey: 'b' } }],
    ['storage/buckets', { ...ACCESS, region: 'eu west' }],
    ['pair/credentials', { pair: ID, signIn: { kind: 'profile', name: '' }, keep: 'keychain', untried: false }],
    ['app/set', { tuning: {} }],
    ['app/set', { tuning: { ...DEFAULT_TUNING, trashDays: 0 } }],
    ['app/set', { deviceName: 'a/b' }],
    ['app/set', { logLevel: 'trace' }],
    ['pair/change', { pair: ID, tuning: { versionsKeep: -1 } }],
    ['pair/change', { pair: ID, tuning: { guard: null } }],
    ['app/set', { bandwidth: { up: 0, down: null } }],
    ['app/set', { bandwidth: { up: 1.5, down: null } }],
    ['pair/add', { ...GOOD['pair/add'], name: '  ' }],
    ['pair/add', { ...GOOD['pair/add'], name: 'two\nlines' }],
    ['pair/add', { ...GOOD['pair/add'], name: 'x'.repeat(81) }],
    ['pair/add', { ...GOOD['pair/add'], conflictPolicy: 'delete_all' }],
    ['pair/change', { pair: ID, ignorePatterns: Array(201).fill('x') }],
    ['pair/change', { pair: ID, ignorePatterns: ['x'.repeat(257)] }],
    ['pair/change', { pair: ID, ignorePatterns: ['a\nb'] }],
    ['pair/reveal', { pair: ID, path: '' }],
    ['held/release', { pair: ID, shown: 0 }],
    ['held/release', { pair: ID, shown: 1.5 }],
    ['conflict/resolve', { pair: ID, path: 'a', choice: 'neither' }],
    ['conflict/resolve-all', { pair: null, choice: 'local', shown: 0 }],
    ['conflict/open', { pair: ID, path: 'a', which: '/etc/passwd' }],
    ['pair/open-file', { pair: ID, path: 'x'.repeat(4097) }],
    ['schedule/preview', { cron: null, timeZone: '../etc', quiet: [] }],
    ['schedule/preview', { cron: null, timeZone: null, quiet: ['25:00-07:00'] }],
    ['app/set', { notifyEvents: { ...EVERY, everything: true } }],
    ['pair/change', { pair: ID, conflictOverrides: [{ pattern: '', policy: 'manual' }] }],
    ['sync/pause', { pair: null, length: 'forever' }],
    ['app/set', { theme: 'pink' }],
    ['history/versions', { pair: ID, path: '' }],
    ['history/preview', { pair: ID, path: 'a', version: 'two words' }],
    ['history/folder', { pair: ID, folder: null, at: -1 }],
    ['history/folder', { pair: ID, folder: null, at: 9e15 }],
    ['history/plan', { pair: ID, what: { kind: 'moment', at: 1, folder: null }, to: '/home/a' }],
    ['history/plan', { pair: ID, what: { kind: 'run', id: '../1' }, to: null }],
    ['history/plan', { pair: ID, what: { kind: 'trash', path: 'a', batch: 'a\nb' }, to: null }],
    ['history/restore', { ...GOOD['history/restore'], agreed: -1 }],
    ['trash/empty', { pair: ID, shown: 0 }],
    ['activity/list', { ...GOOD['activity/list'], limit: 100_000 }],
    ['activity/list', { ...GOOD['activity/list'], list: Number.NaN }],
    ['activity/list', { ...GOOD['activity/list'], from: -1 }],
  ] as const)('%s refuses %j', (channel, input) => {
    expect(PARSERS[channel].safeParse(input).success).toBe(false);
  });

  it('a refused secret is not repeated', () => {
    for (const parsed of [
      PARSERS['storage/hold'].safeParse({ accessKeyId: 'id', secretAccessKey: 'hunter2 hunter2', sessionToken: null }),
      PARSERS['vault/prepare'].safeParse({ kind: 'passphrase', text: 'hunter2\0', compression: false, hideNames: false }),
      PARSERS['pair/unlock'].safeParse({ pair: ID, text: 'hunter2'.repeat(200), keep: 'session' }),
    ]) {
      expect(parsed.success).toBe(false);
      expect(JSON.stringify(parsed.error?.issues)).not.toContain('hunter2');
    }
  });

  it('blanks that were pasted along with a key go', () => {
    expect(PARSERS['storage/hold'].parse({ accessKeyId: ' id ', secretAccessKey: 'secret\n', sessionToken: null })).toEqual({
      accessKeyId: 'id',
      secretAccessKey: 'secret',
      sessionToken: null,
    });
  });
});
