import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bytesBody, bytesOf } from '../backends/conformance/kit.ts';
import { openKeyring } from '../codec/keyring.ts';
import { addSlot } from '../codec/keyring-changes.ts';
import { candidatesOf } from '../codec/secret-key.ts';
import { isSealed, type SealedDocument, type VaultDocument } from '../codec/vault-document.ts';
import { openResealable } from '../compose/re-encrypt.ts';
import { SyncError } from '../core/errors.ts';
import { memoryKeychain } from '../keychain/memory-keychain.ts';
import { readVaultSecret, storeVaultSecret } from '../keychain/vault-secrets.ts';
import { nodePlatform } from '../platform/node-platform.ts';
import { createVaultDocument, readVaultDocument } from '../remote/vault.ts';
import { CHEAP, changeContext, keyOf, keyringOf, PASSPHRASE, secretOf, VAULT_ID } from '../testing/keyring-kit.ts';
import type { CliContext } from './context.ts';
import { runCli } from './program.ts';
import { testCli } from './test-context.ts';

const KEY = 'a'.repeat(64);
const two = await addSlot(await keyringOf(keyOf('a')), { secret: PASSPHRASE, label: 'mine', cost: CHEAP }, changeContext(2));
let cwd = '';
beforeEach(() => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'file-sync-keys-')));
  for (const folder of ['src', 'dst']) mkdirSync(join(cwd, folder));
});
afterEach(() => rmSync(cwd, { recursive: true }));

/** A vault with the key `aaa…` and a passphrase, and a command line beside it. `secrets`: what is typed unseen; `answers`: what is typed. */
async function world({
  env = {},
  secrets,
  answers,
  document,
  seen,
  ...more
}: { seen?: VaultDocument; env?: Record<string, string>; secrets?: string[]; answers?: string[]; document?: VaultDocument | null } & Partial<Omit<CliContext, 'env'>> = {}) {
  const asked: string[] = [];
  const asker = (from: string[] | undefined) =>
    from === undefined
      ? null
      : async (question: string): Promise<string> => {
          asked.push(question);
          const answer = from.shift();
          if (answer === undefined) throw new SyncError('aborted', `nobody answers: ${question}`);
          return answer;
        };
  const keychain = more.keychain ?? memoryKeychain();
  const cli = testCli({
    cwd,
    env: { WATCH_DIR: join(cwd, 'src'), BACKUP_DIR: join(cwd, 'dst'), STATE_DIR: join(cwd, 'state'), ...env },
    askSecret: asker(secrets),
    ask: asker(answers),
    keychain,
    ...(seen === undefined ? {} : { pair: { seenVault: async () => seen } }),
    ...more,
  });
  const store = await cli.context.stores.open({ kind: 'local', folder: '/dst' }, { client: 'test' });
  if (document !== null) await createVaultDocument(store, document ?? two.document);
  const ids = two.document.keyring.slots.map(({ id }) => id);
  const run = async (...argv: string[]) => {
    const before = [cli.out().length, cli.err().length];
    const code = await runCli(argv, cli.context);
    return { code, out: cli.out().slice(before[0]), err: cli.err().slice(before[1]) };
  };
  const stored = async (): Promise<SealedDocument> => {
    const there = (await readVaultDocument(store))?.document ?? null;
    if (!isSealed(there)) throw new RangeError('not encrypted');
    return there;
  };
  const opens = async (text: string): Promise<boolean> => {
    const document = await stored();
    // The first is what it looks like; a passphrase is dear to try.
    return openKeyring(document, ...candidatesOf(text).slice(0, 1)).then(
      () => true,
      () => false,
    );
  };
  return { run, stored, opens, asked, keychain, a: ids[0] ?? '', b: ids[1] ?? '', store };
}

const withKey = { env: { ENCRYPTION_KEY: KEY } };
const kindsOf = ({ keyring }: SealedDocument): readonly string[] => keyring.slots.map(({ kind }) => kind);

describe('keys', () => {
  it('lists what opens the vault, without a secret and without saying that it was checked', async () => {
    const { run, a, b } = await world();
    const { code, out, err } = await run('keys');
    expect(code).toBe(0);
    expect(out).toContain(`${a}  key         2026-11-25  first`);
    expect(out).toContain(`${b}  passphrase  2026-11-25  mine  argon2id 19.0 MiB × 2`);
    expect(out).toContain('Epochs: 1 (2026-11-25, for new writes)');
    expect(out).toContain('not checked');
    expect(err).toContain('no recovery key');
  });

  it('checks it with the secret at hand, and says which is in use', async () => {
    const { run, a } = await world(withKey);
    expect((await run('keys')).out).toMatch(/first {2}in use here\n/);
    const { code, out } = await run('keys', '--json');
    expect(JSON.parse(out)).toMatchObject({
      command: 'keys',
      ok: true,
      vault: VAULT_ID,
      codec: { encryption: true },
      keyring: {
        revision: 2,
        checked: true,
        slots: [
          { id: a, kind: 'key', used: true },
          { kind: 'passphrase', used: false },
        ],
        epochs: [{ id: 1, current: true }],
      },
    });
    expect(code).toBe(0);
    expect(out).not.toMatch(/wrapped|sealed|aaaa/);
  });

  it('C69 a wrong key is an error, and nothing was written', async () => {
    const { run, stored } = await world({ env: { ENCRYPTION_KEY: 'b'.repeat(64) } });
    const before = await stored();
    for (const argv of [['keys'], ['keys', 'rotate'], ['keys', 'add', 'key', '--out', 'k']]) {
      const { code, err } = await run(...argv);
      expect(code).toBe(2);
      expect(err).toContain('wrong key');
      expect(err).toContain('Nothing was written');
    }
    expect(await stored()).toEqual(before);
    expect(existsSync(join(cwd, 'k'))).toBe(false);
  });

  it('a place without a vault, or with a plain one, has no keys', async () => {
    expect(await (await world({ document: null })).run('keys')).toMatchObject({ code: 2, err: expect.stringContaining('no vault') });
    const plain = await world({ document: { format: 1, vault: VAULT_ID } });
    expect(await plain.run('keys')).toMatchObject({ code: 0, out: expect.stringContaining('is not encrypted') });
    expect(await plain.run('keys', 'rotate')).toMatchObject({ code: 2, err: expect.stringContaining('not encrypted') });
  });
});

describe('the secret', () => {
  it('comes from the settings, else from the keychain, else is asked for without showing', async () => {
    const typed = await world({ secrets: ['correct horse battery'] });
    expect((await typed.run('keys', 'remember')).code).toBe(0);
    expect(typed.asked).toEqual(["The vault's key or passphrase: "]);
    expect((await readVaultSecret(typed.keychain, VAULT_ID))?.kind).toBe('passphrase');
    expect((await typed.run('keys', 'rotate')).code).toBe(0);
    expect(typed.asked).toHaveLength(1);
    expect((await typed.run('keys', 'forget')).code).toBe(0);
    expect(await readVaultSecret(typed.keychain, VAULT_ID)).toBeNull();
  });

  it('C74 in a keychain that is locked is asked for, or the other way out is named', async () => {
    const locked = {
      get: () => Promise.reject(new SyncError('refused', "the system's keychain did not answer within 15 s; it is probably locked")),
      set: async () => undefined,
      delete: async () => undefined,
    };
    const headless = await world({ keychain: locked });
    expect(await headless.run('keys', 'rotate')).toMatchObject({ code: 4, err: expect.stringMatching(/locked[\s\S]*ENCRYPTION_KEY/) });
    expect((await headless.run('keys')).code).toBe(0);
    const there = await world({ keychain: locked, secrets: [KEY] });
    expect(await there.run('keys', 'rotate')).toMatchObject({ code: 0, err: expect.stringContaining('note: ') });
  });

  it('where nobody can type it, is missing by name', async () => {
    expect(await (await world()).run('keys', 'rotate')).toMatchObject({ code: 2, err: expect.stringContaining('Set ENCRYPTION_KEY') });
  });
});

describe('keys add', () => {
  it('a passphrase, typed twice and long enough', async () => {
    const { run, stored, opens, asked } = await world({ ...withKey, secrets: ['short', 'my own long words', 'my other long words', 'my own long words', 'my own long words'] });
    const { code, err } = await run('keys', 'add', 'passphrase', '--label', 'lap top');
    expect(code).toBe(0);
    expect(err).toMatch(/at least 12[\s\S]*not the same/);
    expect(asked).toHaveLength(5);
    expect(kindsOf(await stored())).toEqual(['key', 'passphrase', 'passphrase']);
    expect((await stored()).keyring.slots[2]).toMatchObject({ label: 'lap top', kdf: { memoryKiB: 65_536, passes: 3, lanes: 1 } });
    expect(await opens('my own long words')).toBe(true);
  });

  it('a key, into a file for this user alone; never over another, nor where it would be synced', async () => {
    const { run, opens } = await world(withKey);
    const { code, out } = await run('keys', 'add', 'key', '--out', 'server.key');
    expect(code).toBe(0);
    const key = readFileSync(join(cwd, 'server.key'), 'utf8').trim();
    expect(statSync(join(cwd, 'server.key')).mode & 0o777).toBe(0o600);
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(out).not.toContain(key);
    expect(await opens(key)).toBe(true);
    expect(await run('keys', 'add', 'key', '--out', 'server.key')).toMatchObject({ code: 1 });
    expect(readFileSync(join(cwd, 'server.key'), 'utf8').trim()).toBe(key);
    for (const out of ['src/k', 'dst/k'])
      expect(await run('keys', 'add', 'key', '--out', out)).toMatchObject({ code: 2, err: expect.stringContaining('lies in the synced folder') });
  });

  it('from the environment where nobody can type', async () => {
    const { run, opens } = await world({ env: { ENCRYPTION_KEY: KEY, NEW_ENCRYPTION_KEY: 'passphrase:headless long words' } });
    expect((await run('keys', 'add', 'passphrase')).code).toBe(0);
    expect(await opens('headless long words')).toBe(true);
    expect(await run('keys', 'add', 'key')).toMatchObject({ code: 2, err: expect.stringContaining('is a passphrase, not a key') });
  });

  it('recovery words, shown once and asked back', async () => {
    const answers: string[] = [];
    const made = await world({ ...withKey, answers });
    // What was shown tells the answers: the prompts name the word by its number.
    const words = (): string[] => [...Array(24).keys()].map((i) => shownWord(i + 1));
    let shown = '';
    const shownWord = (number: number): string => new RegExp(`(?:^|\\s)${number} ([a-z]+)`, 'm').exec(shown)?.[1] ?? '';
    const cli = testCli({
      cwd,
      env: { WATCH_DIR: join(cwd, 'src'), BACKUP_DIR: join(cwd, 'dst'), ...withKey.env },
      stores: { open: async () => made.store } as never,
      ask: async (question) => {
        shown = cli.out();
        answers.push(question);
        return answers.length === 1 ? 'wrong' : shownWord(Number(/\d+/.exec(question)?.[0]));
      },
    });
    expect(await runCli(['keys', 'add', 'recovery'], cli.context)).toBe(0);
    expect(answers).toHaveLength(3);
    expect(cli.err()).toContain('another word');
    expect(await made.opens(words().join(' '))).toBe(true);
  });

  it.each([
    [['keys', 'add', 'pin'], 'keys add takes passphrase, key, recovery'],
    [['keys', 'add', 'key'], 'has to go somewhere'],
    [['keys', 'add', 'recovery', '--json'], ''],
    [['keys', 'add', 'passphrase'], 'typed on a terminal'],
    [['keys', 'sheet'], "required option '--out <file>' not specified"],
  ])('2 for %j', async (argv, message) => {
    const { run, stored } = await world(withKey);
    const { code, err } = await run(...argv);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect((await stored()).keyring.revision).toBe(2);
  });
});

describe('keys change, remove, rotate', () => {
  it('a changed secret: the old one opens no more, the keychain follows', async () => {
    const { run, opens, keychain } = await world({ secrets: ['brand new words', 'brand new words'] });
    await storeVaultSecret(keychain, VAULT_ID, PASSPHRASE);
    expect((await run('keys', 'change')).code).toBe(0);
    expect([await opens('correct horse battery'), await opens('brand new words')]).toEqual([false, true]);
    expect((await readVaultSecret(keychain, VAULT_ID))?.secret.reveal()).toBe('brand new words');
    expect((await run('keys', 'rotate')).code).toBe(0);
  });

  it('a changed key of the settings is said to be due there', async () => {
    const { run } = await world(withKey);
    expect(await run('keys', 'change', '--out', 'new.key')).toMatchObject({ code: 0, err: expect.stringContaining('ENCRYPTION_KEY still has the old one') });
  });

  it('removal is asked for, and not of the one in use', async () => {
    const { run, stored, a, b } = await world({ ...withKey, answers: ['n', 'y'] });
    expect(await run('keys', 'remove', a, '--yes')).toMatchObject({ code: 2, err: expect.stringContaining('opened the vault with') });
    expect(await run('keys', 'remove', b)).toMatchObject({ code: 130 });
    expect(kindsOf(await stored())).toEqual(['key', 'passphrase']);
    expect(await run('keys', 'remove', b)).toMatchObject({ code: 0, out: expect.stringContaining('rotate --revoke') });
    expect(kindsOf(await stored())).toEqual(['key']);
    expect(await run('keys', 'remove', b, '--yes')).toMatchObject({ code: 2, err: expect.stringContaining('no secret') });
  });

  it('rotation starts an epoch; with --revoke only the secret in use is left', async () => {
    const { run, stored, opens, a, b } = await world(withKey);
    expect((await run('keys', 'rotate')).out).toContain('epoch 2');
    expect(kindsOf(await stored())).toHaveLength(2);
    expect(await run('keys', 'rotate', '--revoke')).toMatchObject({ code: 2, err: expect.stringContaining('Add --yes') });
    const { out } = await run('keys', 'rotate', '--revoke', '--yes', '--json');
    expect(JSON.parse(out)).toMatchObject({ dropped: [b], keyring: { slots: [{ id: a }], epochs: [{ id: 1 }, { id: 2 }, { id: 3, current: true }] } });
    expect([await opens('correct horse battery'), await opens(KEY)]).toEqual([false, true]);
  });

  it('C40 a change that another device overtook is not written, and its file is taken back', async () => {
    const first = await world(withKey);
    const late = testCli({
      cwd,
      env: { WATCH_DIR: join(cwd, 'src'), BACKUP_DIR: join(cwd, 'dst'), ...withKey.env },
      stores: { open: async () => ({ ...first.store, get: first.store.get.bind(first.store), put: async () => ({ kind: 'stale' }), close: async () => undefined }) } as never,
    });
    expect(await runCli(['keys', 'add', 'key', '--out', 'k'], late.context)).toBe(1);
    expect(late.err()).toContain('another device changed the vault');
    expect(existsSync(join(cwd, 'k'))).toBe(false);
  });
});

describe('keys reencrypt', () => {
  it('writes all again under the newest epoch, and retires the old one when a day has gone or when told so', async () => {
    const { run, stored, store } = await world({ ...withKey, answers: ['n', 'y'] });
    const device = openResealable(store, two, nodePlatform());
    const body = bytesBody(Buffer.from('hello'));
    await device.put('a', body, { condition: { kind: 'absent' }, meta: {} });
    await device.put('b', body, { condition: { kind: 'absent' }, meta: {} });
    expect(await run('keys', 'reencrypt', '--dry-run')).toMatchObject({ code: 0, out: expect.stringContaining('one epoch only') });
    await run('keys', 'rotate');
    expect(await run('keys', 'reencrypt', '--dry-run')).toMatchObject({ code: 0, out: expect.stringContaining('2 objects') });
    expect(await run('keys', 'reencrypt')).toMatchObject({ code: 130 });
    const first = await run('keys', 'reencrypt');
    expect(first).toMatchObject({ code: 0, out: expect.stringMatching(/Written again under epoch 2: 2 objects[\s\S]*Kept until .*: epoch 1/) });
    const second = await run('keys', 'reencrypt', '--retire-now', '--yes', '--json');
    expect(JSON.parse(second.out)).toMatchObject({ ok: true, reencrypted: { resealed: 0, complete: true }, retired: [1] });
    expect((await stored()).keyring.epochs.map(({ id }) => id)).toEqual([2]);
    expect(await run('keys', 'rotate', '--reencrypt', '--yes')).toMatchObject({ code: 0, out: expect.stringContaining('under epoch 3: 2 objects') });
  });

  it('names what does not open, keeps its epoch, and fails', async () => {
    const { run, store, stored } = await world(withKey);
    const device = openResealable(store, two, nodePlatform());
    await device.put('a', bytesBody(Buffer.from('x')), { condition: { kind: 'absent' }, meta: {} });
    let name = '';
    for await (const { key } of store.list('', { skip: '.file-sync/' })) name = key;
    const there = await store.get(name);
    if (there === null) throw new RangeError('gone');
    const bytes = Buffer.from(await bytesOf(there.chunks));
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    await store.put(name, bytesBody(bytes), { condition: { kind: 'match', version: there.info.version }, meta: there.info.meta });
    await run('keys', 'rotate');
    expect(await run('keys', 'reencrypt', '--yes', '--retire-now')).toMatchObject({ code: 1, err: expect.stringMatching(/^a: .*not authentic[\s\S]*The old epochs stay/) });
    expect((await stored()).keyring.epochs.map(({ id }) => id)).toEqual([1, 2]);
  });
});

describe('keys sheet', () => {
  it('C69 makes new words, which open the vault; --replace ends the earlier ones', async () => {
    const { run, stored, opens } = await world(withKey);
    expect((await run('keys', 'sheet', '--out', 'one.html', '--name', 'Family <photos>')).code).toBe(0);
    const wordsIn = (file: string): string => [...readFileSync(join(cwd, file), 'utf8').matchAll(/<li><span>\d+<\/span>([a-z]+)<\/li>/g)].map(([, word]) => word).join(' ');
    expect(statSync(join(cwd, 'one.html')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(cwd, 'one.html'), 'utf8')).toContain('Family &#60;photos&#62;');
    expect(await opens(wordsIn('one.html'))).toBe(true);
    expect((await run('keys', 'sheet', '--out', 'two.html', '--replace')).code).toBe(0);
    expect([await opens(wordsIn('one.html')), await opens(wordsIn('two.html'))]).toEqual([false, true]);
    expect(kindsOf(await stored())).toEqual(['key', 'passphrase', 'recovery']);
  });

  it('prints the words in use again, without a new secret', async () => {
    const words = `${'abandon '.repeat(23)}art`;
    const base = await keyringOf(secretOf(words));
    const { run, stored } = await world({ env: { ENCRYPTION_KEY: words }, document: base.document });
    expect((await run('keys', 'sheet', '--out', 'again.html')).code).toBe(0);
    expect(readFileSync(join(cwd, 'again.html'), 'utf8')).toContain('<span>24</span>art');
    expect((await stored()).keyring.revision).toBe(1);
  });
});

describe('keys save and restore', () => {
  it('C64 C69 S148 bring a lost, damaged or replaced vault.json back, once a secret opens the copy', async () => {
    const { run, stored, store } = await world({ ...withKey, answers: ['y'] });
    expect((await run('keys', 'save', '--out', 'copy.json')).code).toBe(0);
    const before = await stored();
    const there = await store.stat('.file-sync/vault.json');
    if (there === null) throw new RangeError('no vault');
    await store.delete('.file-sync/vault.json', { version: there.version });
    expect(await run('keys', 'restore', 'copy.json')).toMatchObject({ code: 0 });
    expect(await stored()).toEqual(before);
    await run('keys', 'rotate');
    expect(await run('keys', 'restore', 'copy.json', '--json')).toMatchObject({ code: 2 });
    expect(await run('keys', 'restore', 'copy.json')).toMatchObject({ code: 0 });
    expect(await stored()).toEqual(before);
  });

  it('C64 as this device last opened it, where the user has no copy', async () => {
    const { run, stored, store } = await world({ ...withKey, answers: ['y'], seen: two.document });
    const there = await store.stat('.file-sync/vault.json');
    if (there === null) throw new RangeError('no vault');
    await store.delete('.file-sync/vault.json', { version: there.version });
    expect(await run('keys', 'restore')).toMatchObject({ code: 0, out: expect.stringContaining('Put back: revision 2') });
    expect(await stored()).toEqual(two.document);
    await run('keys', 'rotate');
    expect(await run('keys', 'restore')).toMatchObject({ code: 0 });
    expect((await stored()).keyring.revision).toBe(2);
    expect(await (await world(withKey)).run('keys', 'restore')).toMatchObject({ code: 2, err: expect.stringContaining('remembers no vault') });
  });

  it('a copy that the secret does not open is not put back', async () => {
    const { run } = await world(withKey);
    expect((await run('keys', 'save', '--out', 'copy.json')).code).toBe(0);
    const other = await world({ env: { ENCRYPTION_KEY: 'b'.repeat(64) }, document: null });
    expect(await other.run('keys', 'restore', 'copy.json')).toMatchObject({ code: 2, err: expect.stringContaining('wrong key') });
    expect(await other.store.stat('.file-sync/vault.json')).toBeNull();
  });
});
