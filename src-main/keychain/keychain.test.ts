import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SyncError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import type { Clock } from '../platform/clock.ts';
import { nodeClock } from '../platform/node-clock.ts';
import { describeKeychain } from './keychain-contract.ts';
import { type CallKeytar, callInChild } from './keytar-calls.ts';
import { keytarKeychain } from './keytar-keychain.ts';
import { memoryKeychain } from './memory-keychain.ts';
import { readKeys, storeKeys } from './stored-keys.ts';

describe('the memory keychain', () => describeKeychain(memoryKeychain));

/** The desktop suite runs on a session bus with an unlocked Secret Service (e2e/with-desktop.sh). */
describe.skipIf(process.env['IN_DESKTOP'] === undefined)('the real Secret Service', () => describeKeychain(() => keytarKeychain({ clock: nodeClock })));

/** A library that keeps in memory, called as keytar is. */
function fakeKeytar(): CallKeytar {
  const kept = new Map<string, string>();
  return async ({ method, service, account, password = '' }) => {
    const at = `${service}/${account}`;
    if (method === 'getPassword') return kept.get(at) ?? null;
    if (method === 'deletePassword') return kept.delete(at);
    return void kept.set(at, password);
  };
}

describe('the keytar keychain', () => {
  const calls = fakeKeytar();
  describeKeychain(() => keytarKeychain({ clock: nodeClock, call: calls }));

  it('C74 absent or locked: says what to do, and not what was to be kept', async () => {
    const keychain = keytarKeychain({ clock: nodeClock, call: () => Promise.reject(new Error('The name org.freedesktop.secrets was not provided by any .service files')) });
    const failure = await keychain.set('a', new Secret('hunter2')).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'refused', hint: expect.stringContaining('Unlock'), cause: expect.objectContaining({ message: expect.stringContaining('secrets') }) });
    expect(JSON.stringify([failure, String(failure)])).not.toContain('hunter2');
  });

  it('C74 silent: is given up after a while, and asked no second time until it answers', async () => {
    const asked: string[] = [];
    let answer: (value: string) => void = () => undefined;
    const call: CallKeytar = ({ account }, signal) => {
      asked.push(account);
      return account === 'ready'
        ? Promise.resolve('kept')
        : new Promise((resolve) => {
            answer = resolve;
            signal.addEventListener('abort', () => asked.push('given up'));
          });
    };
    const atOnce: Clock = { ...nodeClock, sleep: async () => undefined };
    const keychain = keytarKeychain({ clock: atOnce, call, waitMs: 15_000 });
    await expect(keychain.get('a')).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('15 s') });
    await expect(keychain.get('b')).rejects.toMatchObject({ code: 'refused' });
    expect(asked).toEqual(['a', 'given up']);
    answer('late');
    await new Promise((resolve) => setImmediate(resolve));
    expect((await keytarKeychain({ clock: nodeClock, call }).get('ready'))?.reveal()).toBe('kept');
    await expect(keychain.get('c')).rejects.toBeInstanceOf(SyncError);
    expect(asked).toContain('c');
  });
});

describe('keytar in a process of its own', () => {
  let library = '';
  beforeEach(() => {
    library = join(mkdtempSync(join(tmpdir(), 'file-sync-keytar-')), 'library.cjs');
  });
  afterEach(() => rmSync(dirname(library), { recursive: true }));
  const call = (method: 'getPassword' | 'setPassword') => ({ method, service: 's', account: 'é"\n', password: 'hunter2' });

  it('is asked, and answers or says no', async () => {
    writeFileSync(library, `module.exports = { getPassword: async (s, a) => s + a, setPassword: async () => { throw new Error('locked'); } };`);
    const keytar = callInChild(() => library);
    expect(await keytar(call('getPassword'), new AbortController().signal)).toBe('sé"\n');
    await expect(keytar(call('setPassword'), new AbortController().signal)).rejects.toThrow('locked');
  });

  it('C74 that never answers is ended, with its process', async () => {
    const file = join(dirname(library), 'pid');
    writeFileSync(
      library,
      `require('node:fs').writeFileSync(${JSON.stringify(file)}, String(process.pid)); module.exports = { getPassword: () => new Promise(() => setInterval(() => 0, 1000)) };`,
    );
    const giveUp = new AbortController();
    const asked = callInChild(() => library)(call('getPassword'), giveUp.signal);
    asked.catch(() => undefined);
    await vi.waitUntil(() => existsSync(file) && readFileSync(file, 'utf8') !== '', 10_000);
    giveUp.abort();
    await expect(asked).rejects.toThrow();
    const pid = Number(readFileSync(file, 'utf8'));
    await vi.waitUntil(() => !isRunning(pid), 10_000);
  });

  it('I9 whose answer cannot be read is an error that does not repeat it, and no crash', async () => {
    writeFileSync(library, `process.stdout.write('note: '); module.exports = { getPassword: async () => 'hunter2' };`);
    const error: unknown = await callInChild(() => library)(call('getPassword'), new AbortController().signal).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'refused' });
    expect(inspect(error, { depth: 9 })).not.toContain('hunter2');
  });

  it('that is not there is an error, and no crash', async () => {
    await expect(callInChild(() => join(dirname(library), 'none.cjs'))(call('getPassword'), new AbortController().signal)).rejects.toThrow('none.cjs');
  });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('S3 keys in the keychain', () => {
  it('come back as they were kept', async () => {
    const keychain = memoryKeychain();
    await storeKeys(keychain, 'a', { accessKeyId: 'AKIA', secretAccessKey: new Secret('s3cr3t'), sessionToken: null });
    await storeKeys(keychain, 'b', { accessKeyId: 'ASIA', secretAccessKey: new Secret('s'), sessionToken: new Secret('t') });
    const keys = await readKeys(keychain, 'a');
    expect([keys.accessKeyId, keys.secretAccessKey.reveal(), keys.sessionToken]).toEqual(['AKIA', 's3cr3t', null]);
    expect((await readKeys(keychain, 'b')).sessionToken?.reveal()).toBe('t');
    expect(JSON.stringify(keys)).not.toContain('s3cr3t');
  });

  it.each(['', 'hunter2', '{"accessKeyId":"hunter2"}'])('what is none is refused without being repeated: %j', async (text) => {
    const keychain = memoryKeychain();
    if (text !== '') await keychain.set('a', new Secret(text));
    const failure = await readKeys(keychain, 'a').catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'config', message: expect.stringContaining('account a') });
    expect(JSON.stringify([failure, String(failure), (failure as Error).cause])).not.toContain('hunter2');
  });
});
