import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bytesBody } from '../backends/conformance/kit.ts';
import { createMemoryStore } from '../backends/memory/memory-backend.ts';
import { openKeyring } from '../codec/keyring.ts';
import { candidatesOf, newRecoveryKey, recoveryWords } from '../codec/secret-key.ts';
import { isSealed, type SealedDocument } from '../codec/vault-document.ts';
import type { StoreTools } from '../compose/store.ts';
import { SyncError } from '../core/errors.ts';
import type { Keychain } from '../keychain/keychain.ts';
import { memoryKeychain } from '../keychain/memory-keychain.ts';
import { readVaultSecret } from '../keychain/vault-secrets.ts';
import { createVaultDocument, readVaultDocument } from '../remote/vault.ts';
import { keyOf, keyringOf, VAULT_ID } from '../testing/keyring-kit.ts';
import { SeededRandom } from '../testing/random.ts';
import { runCli } from './program.ts';
import { testCli } from './test-context.ts';

const KEY = 'a'.repeat(64);
const LOCKED: Keychain = {
  get: () => Promise.reject(new SyncError('refused', "the system's keychain did not answer within 15 s; it is probably locked")),
  set: () => Promise.reject(new SyncError('refused', "the system's keychain did not answer within 15 s; it is probably locked")),
  delete: async () => undefined,
};

let cwd = '';
beforeEach(() => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'file-sync-init-vault-')));
  for (const folder of ['src', 'dst']) mkdirSync(join(cwd, folder));
});
afterEach(() => rmSync(cwd, { recursive: true }));

interface Given {
  readonly env?: Readonly<Record<string, string>>;
  readonly keychain?: Keychain;
  /** What is typed, by a part of the question. `shown`: what the terminal has shown so far. */
  readonly answer?: (question: string, shown: string) => string;
}

/** One place, and devices that are set up with it. */
function place() {
  const memory = createMemoryStore({ now: () => 1 });
  const store = memory.client();
  const stores = {
    open: async () => ({ ...store, get: store.get.bind(store), put: store.put.bind(store), list: store.list.bind(store), close: async () => undefined }),
  } as unknown as StoreTools;
  const init = async (argv: readonly string[], { env = {}, keychain = memoryKeychain(), answer }: Given = {}) => {
    const questions: string[] = [];
    const ask =
      answer === undefined
        ? null
        : async (question: string): Promise<string> => {
            questions.push(question);
            return answer(question, cli.out());
          };
    const cli = testCli({ cwd, env, keychain, stores, ask, askSecret: ask });
    const code = await runCli(['init', '--source', 'src', '--backup-dir', 'dst', ...argv], cli.context);
    return { code, out: cli.out(), err: cli.err(), questions, keychain };
  };
  const stored = async (): Promise<SealedDocument> => {
    const document = (await readVaultDocument(store))?.document ?? null;
    if (!isSealed(document)) throw new RangeError('not encrypted');
    return document;
  };
  return { store, init, stored };
}
const settings = (): string => readFileSync(join(cwd, '.env'), 'utf8');
const opens = async (document: SealedDocument, text: string): Promise<boolean> =>
  openKeyring(document, ...candidatesOf(text).slice(0, 1)).then(
    () => true,
    () => false,
  );
const wordsIn = (html: string): string => [...html.matchAll(/<li><span>\d+<\/span>([a-z]+)<\/li>/g)].map(([, word]) => word).join(' ');
const shownWord = (question: string, shown: string): string => new RegExp(`(?:^|\\s)${/\d+/.exec(question)?.[0]} ([a-z]+)`, 'm').exec(shown)?.[1] ?? '';

describe('init --encrypt', () => {
  it('without a terminal makes a key for the keychain, and writes the sheet', async () => {
    const { init, stored } = place();
    const { code, out, keychain } = await init(['--encrypt', '--compress', '--encrypt-names', '--recovery-sheet', 'sheet.html', '--json']);
    expect(code).toBe(0);
    const document = await stored();
    expect(document.codec).toEqual({ encryption: true, compression: true, names: 'base64url' });
    expect(document.keyring.slots.map(({ kind }) => kind)).toEqual(['key', 'recovery']);
    const secret = await readVaultSecret(keychain, document.vault);
    expect(secret?.kind).toBe('key');
    expect(await opens(document, secret?.secret.reveal() ?? '')).toBe(true);
    expect(await opens(document, wordsIn(readFileSync(join(cwd, 'sheet.html'), 'utf8')))).toBe(true);
    expect(statSync(join(cwd, 'sheet.html')).mode & 0o777).toBe(0o600);
    expect(settings()).toMatch(/ENCRYPTION_ENABLED=true\nCOMPRESSION_ENABLED=true\nENCRYPT_NAMES=true|ENCRYPT_NAMES=true/);
    expect(settings()).not.toContain('ENCRYPTION_KEY');
    expect(JSON.parse(out)).toMatchObject({ vault: { state: 'new', id: document.vault, kept: 'keychain', sheet: join(cwd, 'sheet.html') } });
    expect(out + settings()).not.toContain(secret?.secret.reveal() ?? '');
  });

  it('takes the key of the environment, which stays there, or goes where it is told to', async () => {
    const here = place();
    const first = await here.init(['--encrypt', '--no-recovery-sheet'], { env: { ENCRYPTION_KEY: KEY } });
    expect(first).toMatchObject({ code: 0, out: expect.stringContaining('ENCRYPTION_KEY opens it') });
    expect((await here.stored()).keyring.slots.map(({ kind }) => kind)).toEqual(['key']);
    expect(settings()).not.toContain(KEY);
    expect((await here.init(['--force', '--keep-secret', 'file'], { env: { ENCRYPTION_KEY: KEY } })).code).toBe(0);
    expect(settings()).toContain(`ENCRYPTION_KEY=${KEY}`);
    expect(statSync(join(cwd, '.env')).mode & 0o777).toBe(0o600);
  });

  it('on a terminal asks for a passphrase, shows the words and asks two of them back', async () => {
    const { init, stored } = place();
    const answers: [RegExp, string][] = [
      [/^Encrypt the files/, 'y'],
      [/names/, 'y'],
      [/^Compress/, 'n'],
      [/^What opens/, 'passphrase'],
      [/passphrase:|Once more/, 'correct horse battery'],
    ];
    const { code, out, questions, keychain } = await init([], {
      answer: (question, shown) => (/^Word/.test(question) ? shownWord(question, shown) : (answers.find(([asked]) => asked.test(question))?.[1] ?? '')),
    });
    expect(code).toBe(0);
    expect(questions.filter((question) => /^Word/.test(question))).toHaveLength(2);
    expect(out).toContain('encrypted, names too, not compressed');
    const document = await stored();
    expect(document.keyring.slots.map(({ kind }) => kind)).toEqual(['passphrase', 'recovery']);
    expect((await readVaultSecret(keychain, document.vault))?.secret.reveal()).toBe('correct horse battery');
    expect(out + settings()).not.toContain('correct horse battery');
  });

  it('C74 with a keychain that is locked keeps the key in the settings file, unless the keychain was asked for', async () => {
    const { init, stored, store } = place();
    const refused = await init(['--encrypt', '--recovery-sheet', 'sheet.html', '--keep-secret', 'keychain'], { keychain: LOCKED });
    expect(refused).toMatchObject({ code: 4, err: expect.stringContaining('probably locked') });
    expect([existsSync(join(cwd, '.env')), existsSync(join(cwd, 'sheet.html')), await store.stat('.file-sync/vault.json')]).toEqual([false, false, null]);
    const { code, err } = await init(['--encrypt', '--recovery-sheet', 'sheet.html'], { keychain: LOCKED });
    expect(code).toBe(0);
    expect(err).toContain('kept in the settings file instead');
    const [, key = ''] = /ENCRYPTION_KEY=([0-9a-f]{64})/.exec(settings()) ?? [];
    expect(await opens(await stored(), key)).toBe(true);
  });

  it.each([
    ['nowhere to put the recovery words', ['--encrypt'], {}, /have to go somewhere[\s\S]*--recovery-sheet/],
    ['a short passphrase', ['--encrypt', '--no-recovery-sheet'], { ENCRYPTION_KEY: 'passphrase:short' }, /at least 12/],
    ['a key of a wrong length', ['--encrypt', '--no-recovery-sheet'], { ENCRYPTION_KEY: 'abc' }, /ENCRYPTION_KEY \(environment\) is 3 bytes long/],
    ['an unknown place for the key', ['--encrypt', '--no-recovery-sheet', '--keep-secret', 'cloud'], {}, /takes keychain or file/],
    ['the sheet in the synced folder', ['--encrypt', '--recovery-sheet', 'src/sheet.html'], {}, /lies in the synced folder/],
  ])('refuses %s, and leaves nothing', async (_name, argv, env, message) => {
    const { init, store } = place();
    expect(await init(argv, { env: env as Record<string, string> })).toMatchObject({ code: 2, err: expect.stringMatching(message) });
    expect([existsSync(join(cwd, '.env')), await store.stat('.file-sync/vault.json')]).toEqual([false, null]);
  });

  it('a vault that cannot be made takes back what was kept for it, and the old settings stay', async () => {
    const here = place();
    writeFileSync(join(cwd, '.env'), '# mine\n');
    const put = here.store.put.bind(here.store);
    here.store.put = async (key, body, options) => {
      if (key === '.file-sync/vault.json') throw new SyncError('unreachable', 'the network is gone');
      return put(key, body, options);
    };
    const { code, keychain } = await here.init(['--encrypt', '--recovery-sheet', 'sheet.html', '--force']);
    expect(code).toBe(4);
    expect([settings(), existsSync(join(cwd, 'sheet.html'))]).toEqual(['# mine\n', false]);
    expect(await keychain.get('vault')).toBeNull();
  });
});

describe('init at a place in use', () => {
  it('S146 joins the encrypted vault once a secret opens it; a wrong one is refused, and nothing is written', async () => {
    const here = place();
    await createVaultDocument(here.store, (await keyringOf(keyOf('a'))).document);
    const wrong = await here.init([], { env: { ENCRYPTION_KEY: 'b'.repeat(64) } });
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('wrong key') });
    expect(await here.init([])).toMatchObject({ code: 2, err: expect.stringContaining('Set ENCRYPTION_KEY') });
    expect(existsSync(join(cwd, '.env'))).toBe(false);
    const typed: string[] = ['c'.repeat(64), KEY];
    const { code, err, keychain } = await here.init(['--device-name', 'b', '--conflict-resolution', 'manual'], { answer: () => typed.shift() ?? '' });
    expect(code).toBe(0);
    expect(err).toContain('wrong key');
    expect((await readVaultSecret(keychain, VAULT_ID))?.secret.reveal()).toBe(KEY);
    expect(settings()).toContain('ENCRYPT_NAMES=true');
    expect(await here.init(['--force'], { keychain })).toMatchObject({ code: 0, out: expect.stringContaining('The keychain of this device') });
  });

  it('C68 with files in the open is neither encrypted nor compressed by a setting', async () => {
    for (const argv of [['--encrypt', '--no-recovery-sheet'], ['--compress']]) {
      const files = place();
      await files.store.put('a.txt', bytesBody(Buffer.from('a')), { condition: { kind: 'absent' }, meta: {} });
      const vault = place();
      await createVaultDocument(vault.store, { format: 1, vault: VAULT_ID });
      for (const { init } of [files, vault])
        expect(await init(argv)).toMatchObject({ code: 2, err: expect.stringMatching(/not (encrypted|compressed)[\s\S]*Nothing was written/) });
    }
    expect(existsSync(join(cwd, '.env'))).toBe(false);
    const compressed = place();
    await createVaultDocument(compressed.store, { format: 2, vault: VAULT_ID, codec: { encryption: false, compression: true, names: 'plain' }, keyring: null });
    expect(await compressed.init([])).toMatchObject({ code: 0, out: expect.stringContaining('are compressed') });
    expect(settings()).toContain('COMPRESSION_ENABLED=true');
    expect(await compressed.init(['--force', '--encrypt', '--no-recovery-sheet'])).toMatchObject({ code: 2, err: expect.stringContaining('not encrypted') });
  });

  it('takes recovery words too, as ENCRYPTION_KEY', async () => {
    const here = place();
    const recovery = newRecoveryKey(new SeededRandom(4).bytes);
    const words = recoveryWords(recovery)
      .map((word) => word.reveal())
      .join(' ');
    await createVaultDocument(here.store, (await keyringOf(recovery)).document);
    expect((await here.init(['--keep-secret', 'file'], { env: { ENCRYPTION_KEY: words } })).code).toBe(0);
    expect(settings()).toContain(words);
  });
});
