import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SyncError } from '../core/errors.ts';
import { DEFAULT_PAIR_SETTINGS } from '../core/settings.ts';
import { parseEnvFile } from './env-file.ts';
import { type ConfigSources, readConfig } from './settings.ts';
import { VARIABLES } from './variables.ts';

const base = 'WATCH_DIR=/src\nBACKUP_DIR=/dst\n';
const read = (text: string | null, more: Partial<ConfigSources> = {}) =>
  readConfig({ flags: {}, env: {}, file: text === null ? null : { path: '/etc/pair/.env', text }, cwd: '/cwd', hostname: 'my-host', resolve, dirname, ...more });

function faultOf(text: string | null, more: Partial<ConfigSources> = {}): string {
  try {
    read(text, more);
  } catch (error) {
    if (error instanceof SyncError && error.code === 'config') return error.message;
    throw error;
  }
  throw new Error('no fault was found');
}

describe('the settings', () => {
  it('have a default for everything but the two folders', () => {
    expect(read(base)).toEqual({
      source: '/src',
      bandwidth: { up: null, down: null },
      backend: { kind: 'local', folder: '/dst' },
      stateDir: null,
      logLevel: 'info',
      settings: { ...DEFAULT_PAIR_SETTINGS, deviceName: 'my-host', verifySample: { kind: 'count', files: 25 }, verifyEveryDays: 30 },
      vault: { encryption: false, compression: false, hideNames: false },
    });
  });

  it('take every variable that has an effect', () => {
    const config = read(
      `${base}BACKEND_TYPE=local\nDEVICE_NAME=lap top\nDIRECTION=upload_only\nCONFLICT_RESOLUTION=manual\nIGNORE_PATTERNS=*.log, node_modules/ ,!keep.log\nMAX_CONCURRENT=3\nDEBOUNCE_MS=50\nVERSIONS_KEEP=0\nVERSIONS_DAYS=7\nSTATE_DIR=state\nLOG_LEVEL=DEBUG\nCOMPRESSION_ENABLED=false\nCOMPRESSION_LEVEL=9\nENCRYPTION_ENABLED=no`,
    );
    expect(config).toMatchObject({ stateDir: '/etc/pair/state', logLevel: 'debug' });
    expect(config.settings).toMatchObject({
      deviceName: 'lap top',
      direction: 'upload_only',
      conflictPolicy: 'manual',
      ignorePatterns: ['*.log', 'node_modules/', '!keep.log'],
      maxConcurrent: 3,
      debounceMs: 50,
      versionsKeep: 0,
      versionsDays: 7,
      compressionLevel: 9,
    });
  });

  it('say from how many scrambled files on they wait, or that they never do', () => {
    const rewrites = (lines: string): number => read(`${base}${lines}`).settings.guard.rewrites;
    expect([rewrites(''), rewrites('HOLD_REWRITES=5\n')]).toEqual([20, 5]);
    expect(rewrites('HOLD_REWRITES=0\n')).toBeGreaterThan(1e9);
    expect(faultOf(`${base}HOLD_REWRITES=-1\n`)).toContain('HOLD_REWRITES');
  });

  it('I8 say from how many deletions on they wait', () => {
    const limits = (lines: string) => read(`${base}${lines}`).settings.guard;
    expect(limits('')).toMatchObject({ files: 50, fraction: 0.25 });
    expect(limits('HOLD_DELETIONS=5\nHOLD_DELETIONS_PERCENT=10\n')).toMatchObject({ files: 5, fraction: 0.1, rewrites: 20 });
    expect(limits('HOLD_DELETIONS_PERCENT=0\n')).toMatchObject({ files: 50, fraction: 0 });
    expect(faultOf(`${base}HOLD_DELETIONS=0\n`)).toContain('HOLD_DELETIONS');
    expect(faultOf(`${base}HOLD_DELETIONS_PERCENT=101\n`)).toContain('HOLD_DELETIONS_PERCENT');
  });

  it('say what a new vault is to be: a key alone means encryption, and none with ENCRYPTION_ENABLED=false', () => {
    const key = `ENCRYPTION_KEY=${'ab'.repeat(32)}\n`;
    const vault = (lines: string): unknown => {
      const config = read(`${base}${lines}`);
      return [config.vault, config.vaultSecret?.kind ?? null];
    };
    expect(vault(key)).toEqual([{ encryption: true, compression: false, hideNames: false }, 'key']);
    expect(vault(`${key}ENCRYPTION_ENABLED=true\nCOMPRESSION_ENABLED=yes\nENCRYPT_NAMES=1`)).toEqual([{ encryption: true, compression: true, hideNames: true }, 'key']);
    expect(vault(`${key}ENCRYPTION_ENABLED=false`)).toEqual([{ encryption: false, compression: false, hideNames: false }, null]);
    expect(vault('ENCRYPTION_ENABLED=true')).toEqual([{ encryption: true, compression: false, hideNames: false }, null]);
  });

  it('come from flags before environment before file before default; an empty one counts as not set', () => {
    const file = `${base}MAX_CONCURRENT=1\nDEBOUNCE_MS=1\nVERSIONS_KEEP=1\n`;
    const { settings } = read(file, { env: { MAX_CONCURRENT: '2', DEBOUNCE_MS: '2', VERSIONS_KEEP: '', PATH: '/bin' }, flags: { MAX_CONCURRENT: '3' } });
    expect(settings).toMatchObject({ maxConcurrent: 3, debounceMs: 2, versionsKeep: 1, versionsDays: 30 });
  });

  it('take relative folders from where they are named: the file, or the current folder', () => {
    expect(read('WATCH_DIR=a\nBACKUP_DIR=b', { flags: { BACKUP_DIR: 'c' } })).toMatchObject({ source: '/etc/pair/a', backend: { folder: '/cwd/c' } });
  });

  it('take a schedule', () => {
    expect(read(`${base}SYNC_SCHEDULE=30 2 * * MON-FRI\nSYNC_TIME_ZONE=Europe/Berlin\nQUIET_HOURS=09:00-12:00, 22:00-07:00`).schedule).toEqual({
      cron: '30 2 * * MON-FRI',
      timeZone: 'Europe/Berlin',
      quiet: ['09:00-12:00', '22:00-07:00'],
    });
    expect(read(base).schedule).toBeUndefined();
  });

  it('take what the bucket costs; where no price is said there are none', () => {
    const prices = (lines: string): unknown => read(`${base}${lines}`).prices;
    expect(prices('PRICE_STORAGE=0.0059\nPRICE_READS=0\nPRICE_WRITES=off')).toEqual({ priceStorage: 0.0059, priceDownload: null, priceWrites: null, priceReads: 0 });
    expect(prices('PRICE_DOWNLOAD=0.01\nPRICE_WRITES=0.000001')).toEqual({ priceStorage: null, priceDownload: 0.01, priceWrites: 0.000001, priceReads: null });
    expect([prices(''), prices('PRICE_STORAGE=off\nPRICE_READS=OFF')]).toEqual([undefined, undefined]);
  });

  it('need no file', () => {
    expect(read(null, { env: { WATCH_DIR: '/a', BACKUP_DIR: '/b' } })).toMatchObject({ source: '/a', backend: { folder: '/b' } });
    expect(faultOf(null)).toContain('WATCH_DIR is not set');
  });
});

describe('C70 a malformed setting is named with its place', () => {
  it.each([
    ['an unknown name', 'WATCH_DRI=/x', 'WATCH_DRI (line 3 of /etc/pair/.env) is not a known setting; did you mean WATCH_DIR?'],
    ['a name in lower case', 'watch_dir=/x', 'did you mean WATCH_DIR?'],
    ['a line that is none', 'hello', 'line 3 of /etc/pair/.env is not of the form NAME=value'],
    ['a bad number', 'MAX_CONCURRENT=many', 'MAX_CONCURRENT (line 3 of /etc/pair/.env) must be a whole number from 1 to 64'],
    ['a number out of range', 'MAX_CONCURRENT=65', 'must be at most 64'],
    ['zero transfers', 'MAX_CONCURRENT=0', 'must be at least 1'],
    ['a negative number', 'DEBOUNCE_MS=-1', 'must be a whole number'],
    ['an unknown word', 'CONFLICT_RESOLUTION=newest', 'must be one of keep_local, keep_remote, keep_both, manual'],
    ['an unknown backend', 'BACKEND_TYPE=ftp', 'must be local or s3'],
    ['a backend of a later version', 'BACKEND_TYPE=gdrive', 'is not available in this version'],
    ['a bucket beside a folder', 'S3_BUCKET=bucket', 'S3_BUCKET needs BACKEND_TYPE=s3'],
    ['a prefix beside a folder', 'S3_PREFIX=docs', 'S3_PREFIX needs BACKEND_TYPE=s3'],
    ['a folder beside a bucket', 'BACKEND_TYPE=s3\nS3_BUCKET=bucket', 'BACKUP_DIR is for BACKEND_TYPE=local'],
    ['encryption in words', 'ENCRYPTION_ENABLED=aes', 'must be true or false'],
    ['hidden names without encryption', 'ENCRYPT_NAMES=true', 'ENCRYPT_NAMES is for a vault that is encrypted'],
    ['a bandwidth limit in words', 'BANDWIDTH_LIMIT_UP=fast', 'must be KiB a second, such as 500K or 2M'],
    ['a bandwidth limit below nothing', 'BANDWIDTH_LIMIT_DOWN=-1M', 'must be KiB a second, such as 500K or 2M'],
    ['a schedule of four fields', 'SYNC_SCHEDULE=0 * * *', 'must be a cron expression'],
    ['a schedule that never comes true', 'SYNC_SCHEDULE=0 0 31 2 *', 'must be a cron expression'],
    ['a time zone there is not', 'SYNC_TIME_ZONE=Mars/Base', 'must be the name of a time zone'],
    ['quiet hours without an end', 'QUIET_HOURS=22:00', 'must be hours such as 22:00-07:00'],
    ['quiet hours all day', 'QUIET_HOURS=22:00-22:00', 'must be hours such as 22:00-07:00'],
    ['a price in words', 'PRICE_STORAGE=cheap', 'PRICE_STORAGE (line 3 of /etc/pair/.env) must be US dollars such as 0.0059'],
    ['a price with a comma', 'PRICE_READS=0,0004', 'must be US dollars such as 0.0059'],
    ['a price below nothing', 'PRICE_WRITES=-1', 'must be US dollars such as 0.0059'],
    ['a price finer than any list', 'PRICE_READS=0.0000001', 'at most 6 decimals'],
    ['a price beyond any list', 'PRICE_DOWNLOAD=1000.01', 'must be at most 1000'],
    ['a device name with a slash', 'DEVICE_NAME=a/b', '1 to 64 characters'],
    ['a key of 31 bytes', `ENCRYPTION_KEY=${'k'.repeat(31)}`, 'is 31 bytes long; a key is 32 bytes'],
    ['a NUL in a folder', 'STATE_DIR=a\0b', 'must be the path of a folder'],
  ])('%s', (_name, line, expected) => {
    expect(faultOf(`${base}${line}`)).toContain(expected);
  });

  it('all at once', () => {
    const message = faultOf('WATCH_DIR=/a\nMAX_CONCURRENT=x\nFOO=1', { env: { LOG_LEVEL: 'loud' } });
    expect(message).toContain('4 faults');
    for (const part of ['MAX_CONCURRENT', 'FOO', 'LOG_LEVEL (environment)', 'BACKUP_DIR is not set']) expect(message).toContain(part);
  });

  it('without its value, which may be a secret', () => {
    const message = faultOf(`${base}ENCRYPTION_KEY=hunter2\nAWS_SECRET_ACCES_KEY=hunter2\nhunter2`);
    expect(message).not.toContain('hunter2');
  });

  it('a well-formed key is read, and does not show', () => {
    const config = read(`${base}ENCRYPTION_KEY=${'ab'.repeat(32)}\nAWS_SECRET_ACCESS_KEY=hunter2`);
    expect(config.vaultSecret?.kind).toBe('key');
    expect(JSON.stringify(config)).not.toMatch(/abab|hunter2/);
  });
});

describe('C71 a bandwidth limit', () => {
  it.each([
    ['1K', 1024],
    ['500k', 512_000],
    ['2M', 2_097_152],
    ['1.5M', 1_572_864],
    ['1G', 1_073_741_824],
    ['64', 65_536],
    ['100B', 100],
    ['0', null],
    ['0M', null],
    ['off', null],
    ['', null],
  ])('%s', (text, bytes) => {
    expect(read(`${base}BANDWIDTH_LIMIT_UP=${text}`).bandwidth).toEqual({ up: bytes, down: null });
    expect(read(`${base}BANDWIDTH_LIMIT_DOWN=${text}`).bandwidth).toEqual({ up: null, down: bytes });
  });
});

it('.env.example names every variable and is itself well formed', () => {
  const example = readFileSync(resolve(import.meta.dirname, '../../.env.example'), 'utf8');
  expect(parseEnvFile(example).faults).toEqual([]);
  const named = [...example.matchAll(/^#? ?([A-Z0-9_]+)=/gm)].map(([, name]) => name);
  expect([...new Set(named)].sort()).toEqual(Object.keys(VARIABLES).sort());
});
