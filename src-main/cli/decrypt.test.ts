import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Meta } from '../backends/backend.ts';
import { openLocalBackend } from '../backends/local/local-backend.ts';
import { SealedBackend } from '../backends/wrap/sealed.ts';
import { ContentKeys } from '../codec/content-keys.ts';
import type { Keyring } from '../codec/keyring.ts';
import { newEpoch } from '../codec/keyring-changes.ts';
import { plainNames } from '../codec/names.ts';
import { sealedNames } from '../codec/sealed-names.ts';
import type { NameForm } from '../codec/vault-document.ts';
import { nodeClock } from '../platform/node-clock.ts';
import { nodeFs } from '../platform/node-fs.ts';
import { nodeHasher } from '../platform/node-hash.ts';
import { nodeRandom } from '../platform/node-random.ts';
import { bodyOf } from '../remote/small-body.ts';
import { createVaultDocument, readVaultDocument, replaceVaultDocument } from '../remote/vault.ts';
import { memoryStateStore } from '../state/memory-store.ts';
import { changeContext, keyOf, keyringOf, VAULT_ID } from '../testing/keyring-kit.ts';
import { runCli } from './program.ts';
import { testCli } from './test-context.ts';

const KEY = 'a'.repeat(64);
let cwd = '';
beforeEach(() => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'file-sync-decrypt-')));
});
afterEach(() => rmSync(cwd, { recursive: true }));

async function run(argv: readonly string[], { env = { ENCRYPTION_KEY: KEY }, ...more }: Parameters<typeof testCli>[0] = {}) {
  const cli = testCli({ cwd, env, ...more });
  const code = await runCli(argv, cli.context);
  return { code, out: cli.out(), err: cli.err() };
}
const json = async (...argv: string[]) => {
  const { code, out } = await run([...argv, '--json']);
  return { code, ...(JSON.parse(out) as { counts: Record<string, number>; failures: { path: string | null; key: string; reason: string }[]; notes: { path: string }[] }) };
};

/** Every file below a folder, by its path; links by their text. */
function filesIn(folder: string, prefix = ''): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(join(folder, prefix), { withFileTypes: true })) {
    const path = prefix + entry.name;
    if (entry.isDirectory()) Object.assign(found, { [`${path}/`]: '' }, filesIn(folder, `${path}/`));
    else found[path] = entry.isSymbolicLink() ? `-> ${readlinkSync(join(folder, path))}` : readFileSync(join(folder, path), 'latin1');
  }
  return found;
}

const LONG = `${'long name '.repeat(20)}.txt`;
const FILES: Record<string, string> = {
  'a.txt': 'alpha',
  'photos/2024/cat.jpg': 'meow'.repeat(40_000),
  'photos/empty': '',
  [LONG]: 'long',
  [`folder ${LONG}/inside`]: 'deep',
};

/** A backup folder of a vault, made as a sync makes it; the files above, an empty folder, a link, and a version of `a.txt`. */
async function makeVault(names: NameForm, { epochs = 1 } = {}) {
  const root = join(cwd, 'bucket');
  mkdirSync(root);
  const store = await openLocalBackend({ fs: nodeFs(), clock: nodeClock, random: nodeRandom, newHasher: nodeHasher, root, client: '0123456789abcdef' });
  let keyring: Keyring = await keyringOf(keyOf('a'), 1, { encryption: true, compression: true, names });
  await createVaultDocument(store, keyring.document);
  const backend = (): SealedBackend => {
    const keys = new Map(keyring.document.keyring.epochs.map(({ id }) => [id, new ContentKeys(keyring.keysOf(id))]));
    const current = keys.get(keyring.currentEpoch);
    if (current === undefined) throw new RangeError('no epoch');
    return new SealedBackend(
      store,
      {
        vaultId: VAULT_ID,
        names: names === 'plain' ? plainNames : sealedNames({ vaultId: VAULT_ID, root: keyring.namesRoot(), form: names }),
        hidesNames: names !== 'plain',
        keys: { current: () => current, find: (epoch) => keys.get(epoch) ?? null },
        compression: { method: 'auto', level: 3 },
      },
      { notes: memoryStateStore().notes, random: nodeRandom, newHasher: nodeHasher },
    );
  };
  const put = async (key: string, text: string, meta: Meta = {}, more: object = { condition: { kind: 'absent' } }): Promise<string> => {
    const bytes = Buffer.from(text, 'latin1');
    const facts = key.endsWith('/') ? {} : { sha256: createHash('sha256').update(bytes).digest('hex'), mtime: '1700000000123456000', mode: '640', op: nodeRandom.id() };
    const result = await backend().put(key, bodyOf(bytes), { meta: { ...facts, ...meta }, ...more } as never);
    if (result.kind !== 'done') throw new RangeError(`${key} is ${result.kind}`);
    return result.version;
  };
  const old = await put('a.txt', 'old alpha');
  await put('a.txt', 'alpha', {}, { condition: { kind: 'match', version: old }, keepAs: '.file-sync/versions/a.txt/1700000000000~1700000000500~r1' });
  for (; epochs > 1; epochs--) {
    keyring = newEpoch(keyring, changeContext(epochs));
    const stored = await readVaultDocument(store);
    if (stored !== null) await replaceVaultDocument(store, keyring.document, stored.version);
  }
  for (const [key, text] of Object.entries(FILES)) if (key !== 'a.txt') await put(key, text);
  await put('nothing in it/', '');
  await put('link', 'a.txt', { kind: 'symlink' });
  await store.close();
  return { root, objects: () => Object.keys(filesIn(root)).filter((key) => !key.startsWith('.file-sync/') && !key.endsWith('/')) };
}

const RESCUED = { ...FILES, 'photos/': '', 'photos/2024/': '', [`folder ${LONG}/`]: '', 'nothing in it/': '', link: '-> a.txt' };

describe.each(['plain', 'base64url', 'base32'] as const)('decrypt --tree with %s names', (form) => {
  it('C69 gives every file back with the key alone: names, bytes, times, modes, links, empty folders, every epoch', async () => {
    const { root } = await makeVault(form, { epochs: 2 });
    const { code, counts, failures, notes } = await json('decrypt', '--tree', 'bucket', '--out', 'rescued');
    expect({ code, failures, notes }).toEqual({ code: 0, failures: [], notes: [] });
    expect(filesIn(join(cwd, 'rescued'))).toEqual(RESCUED);
    const { mtimeMs, mode } = statSync(join(cwd, 'rescued', 'photos/2024/cat.jpg'));
    expect([Math.round(mtimeMs), mode & 0o777]).toEqual([1_700_000_000_123, 0o640]);
    expect(counts).toMatchObject({ files: 5, links: 1, versions: 0, already: 0, failed: 0 });
    expect(existsSync(join(root, '.file-sync', 'vault.json'))).toBe(true);
  });

  it('with --versions also what was kept', async () => {
    await makeVault(form);
    const { code, counts } = await json('decrypt', '--tree', 'bucket', '--out', 'rescued', '--versions');
    expect({ code, versions: counts['versions'] }).toEqual({ code: 0, versions: 1 });
    expect(readFileSync(join(cwd, 'rescued/file-sync-versions/a.txt/2023-11-14T22-13-20.500Z~r1'), 'utf8')).toBe('old alpha');
  });

  it('goes on where it was interrupted, and replaces nothing', async () => {
    await makeVault(form);
    expect((await json('decrypt', '--tree', 'bucket', '--out', 'rescued')).code).toBe(0);
    rmSync(join(cwd, 'rescued/photos'), { recursive: true });
    writeFileSync(join(cwd, 'rescued/a.txt'), 'other');
    const { code, counts, failures } = await json('decrypt', '--tree', 'bucket', '--out', 'rescued');
    expect(code).toBe(1);
    expect(failures).toEqual([expect.objectContaining({ path: 'a.txt', reason: 'exists' })]);
    expect(counts).toMatchObject({ files: 4, already: 3, failed: 1 });
    expect(filesIn(join(cwd, 'rescued'))).toEqual({ ...RESCUED, 'a.txt': 'other' });
  });

  it('C58 C64 what was changed, cut or exchanged is named with the reason; the others come back', async () => {
    const { root, objects } = await makeVault(form);
    const before = objects();
    const sizes = before.map((key) => ({ key, size: statSync(join(root, key)).size })).sort((a, b) => b.size - a.size || (a.key < b.key ? -1 : 1));
    const [large = '', ...others] = sizes.map(({ key }) => key);
    const bytes = readFileSync(join(root, large));
    bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1;
    writeFileSync(join(root, large), bytes);
    const [cut = ''] = others;
    writeFileSync(join(root, cut), readFileSync(join(root, cut)).subarray(0, 300));
    writeFileSync(join(root, 'foreign.txt'), 'not encrypted');
    symlinkSync('/etc/passwd', join(root, 'out-of-here'));
    const { code, failures } = await json('decrypt', '--tree', 'bucket', '--out', 'rescued');
    expect(code).toBe(1);
    const reasons = Object.fromEntries(failures.map(({ key, reason }) => [key, reason]));
    expect(reasons).toEqual({ [large]: 'tampered', [cut]: expect.stringMatching(/truncated|tampered/), 'foreign.txt': 'not-a-container', 'out-of-here': 'not-supported' });
    expect(Object.keys(filesIn(join(cwd, 'rescued'))).filter((path) => !path.endsWith('/'))).toHaveLength(6 - 2);
    expect(readdirSync(join(cwd, 'rescued')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('C69 with a wrong key nothing is written', async () => {
    await makeVault(form);
    const { code, err } = await run(['decrypt', '--tree', 'bucket', '--out', 'rescued'], { env: { ENCRYPTION_KEY: 'b'.repeat(64) } });
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('wrong key') });
    expect(existsSync(join(cwd, 'rescued'))).toBe(false);
  });
});

describe('decrypt --tree', () => {
  it('finds the path of an object whose name was lost, in its head', async () => {
    const { root, objects } = await makeVault('base64url');
    cpSync(join(root, '.file-sync/vault.json'), join(cwd, 'copy.json'));
    mkdirSync(join(cwd, 'heap'));
    for (const [i, key] of objects().entries()) renameSync(join(root, key), join(cwd, 'heap', `object${i}`));
    const { code, notes } = await json('decrypt', '--tree', 'heap', '--out', 'rescued', '--vault', 'copy.json');
    expect(code).toBe(0);
    expect(notes).toHaveLength(6);
    const { 'nothing in it/': _, ...found } = RESCUED;
    expect(filesIn(join(cwd, 'rescued'))).toEqual(found);
  });

  it('an object whose name was lost takes no name that another one has', async () => {
    const { root } = await makeVault('base64url');
    const everything = readdirSync(join(root, '.file-sync/versions'), { recursive: true, withFileTypes: true });
    const [version] = everything.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    mkdirSync(join(root, '.l'), { recursive: true });
    // As a file is stored that got a long name by a rename: it says its earlier name, which is another's by now.
    cpSync(version ?? '', join(root, `.l/${'A'.repeat(43)}`));
    for (const round of ['first', 'again']) {
      const { code, notes, failures } = await json('decrypt', '--tree', 'bucket', '--out', 'rescued');
      expect({ code, failures }, round).toEqual({ code: 0, failures: [] });
      expect(notes).toHaveLength(1);
      expect(filesIn(join(cwd, 'rescued'))).toEqual({ ...RESCUED, 'a.txt (stored as AAAAAAAA)': 'old alpha' });
    }
  });

  it('says which one was moved to another name', async () => {
    const { root } = await makeVault('plain');
    renameSync(join(root, 'photos/empty'), join(root, 'photos/renamed'));
    const { code, notes } = await json('decrypt', '--tree', 'bucket', '--out', 'rescued');
    expect(code).toBe(0);
    expect(notes).toEqual([expect.objectContaining({ path: 'photos/renamed', note: expect.stringContaining('photos/empty') })]);
  });

  it.each([
    [['--tree', 'bucket'], 'needs --out'],
    [['--tree', 'bucket', '--out', 'bucket/x'], 'lies inside'],
    [['--tree', 'bucket', '--out', 'o', 'file'], 'no files beside it'],
    [['--tree', 'nowhere', '--out', 'o'], 'is no folder'],
    [['--tree', 'bucket', '--out', 'o'], 'without it no secret opens anything'],
    [[], 'decrypt takes files'],
  ])('2 for %j', async (argv, message) => {
    mkdirSync(join(cwd, 'bucket'));
    expect(await run(['decrypt', ...argv])).toMatchObject({ code: 2, err: expect.stringContaining(message) });
    expect(readdirSync(cwd)).toEqual(['bucket']);
  });

  it('a single object of a vault, by the vault.json above it', async () => {
    const { root } = await makeVault('plain');
    expect(await run(['decrypt', 'bucket/photos/2024/cat.jpg'])).toMatchObject({ code: 1, err: expect.stringContaining('--out') });
    expect(await run(['decrypt', 'bucket/photos/2024/cat.jpg', '--out', 'out'])).toMatchObject({ code: 0 });
    expect(readFileSync(join(cwd, 'out/cat.jpg'), 'latin1')).toBe(FILES['photos/2024/cat.jpg']);
    cpSync(join(root, 'a.txt'), join(cwd, 'alone'));
    expect(await run(['decrypt', 'alone', '--out', 'out'])).toMatchObject({ code: 1, err: expect.stringContaining('--vault') });
  });
});

describe('encrypt and decrypt of single files', () => {
  const file = (name: string): string => join(cwd, name);

  it('with the key of the environment, back with time and mode; what is there is not replaced', async () => {
    writeFileSync(file('secret.txt'), 'classified', { mode: 0o600 });
    expect(await run(['encrypt', 'secret.txt'])).toMatchObject({ code: 0, out: `${file('secret.txt.enc')}\n` });
    expect(readFileSync(file('secret.txt.enc')).includes('classified')).toBe(false);
    renameSync(file('secret.txt'), file('before'));
    expect(await run(['decrypt', 'secret.txt.enc'])).toMatchObject({ code: 0, out: `${file('secret.txt')}\n` });
    expect(readFileSync(file('secret.txt'), 'utf8')).toBe('classified');
    expect([lstatSync(file('secret.txt')).mode & 0o777, Math.floor(lstatSync(file('secret.txt')).mtimeMs)]).toEqual([0o600, Math.floor(lstatSync(file('before')).mtimeMs)]);
    writeFileSync(file('secret.txt'), 'edited');
    expect(await run(['decrypt', 'secret.txt.enc'])).toMatchObject({ code: 1, err: expect.stringContaining('holds something else') });
    expect(await run(['decrypt', 'secret.txt.enc', '--force'])).toMatchObject({ code: 0 });
    expect(readFileSync(file('secret.txt'), 'utf8')).toBe('classified');
  });

  it('into a folder that --out makes, with those above it; what is not there, or is none, is named', async () => {
    writeFileSync(file('secret.txt'), 'classified');
    expect(await run(['encrypt', 'secret.txt', '--out', 'sealed/here'])).toMatchObject({ code: 0, out: `${file('sealed/here/secret.txt.enc')}\n` });
    expect(await run(['decrypt', 'sealed/here/secret.txt.enc', '--out', 'open/again'])).toMatchObject({ code: 0 });
    expect([readFileSync(file('open/again/secret.txt'), 'utf8'), lstatSync(file('open')).mode & 0o777]).toEqual(['classified', 0o700]);
    expect(await run(['decrypt', 'sealed/here/secret.txt.enc', '--out', 'secret.txt'])).toMatchObject({ code: 1, err: expect.stringContaining('--out takes a folder') });
    expect(await run(['decrypt', 'nowhere.enc', '--out', 'open'])).toMatchObject({ code: 1, err: expect.stringMatching(/nowhere\.enc is not there\n$/) });
    expect(await run(['decrypt', 'sealed'])).toMatchObject({ code: 1, err: expect.stringContaining('--tree DIR') });
  });

  it('is compressed as hard as one says', async () => {
    writeFileSync(file('a'), Array.from({ length: 20_000 }, (_, i) => `line ${(i * 7_919) % 1_009} of the ledger: ${(i * i) % 97}\n`).join(''));
    const sizeAt = async (...options: readonly string[]): Promise<number> => {
      expect(await run(['encrypt', 'a', '--force', ...options])).toMatchObject({ code: 0 });
      return statSync(file('a.enc')).size;
    };
    const sizes = [await sizeAt('--compress', '--level', '9'), await sizeAt('--compress'), await sizeAt('--compress', '--level', '1'), await sizeAt()];
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    expect(new Set(sizes).size).toBe(4);
    expect(await run(['encrypt', 'a', '--level', '9'])).toMatchObject({ code: 2, err: expect.stringContaining('--level takes --compress') });
    for (const level of ['0', 'high']) expect(await run(['encrypt', 'a', '--compress', '--level', level])).toMatchObject({ code: 2, err: expect.stringContaining('1 to 9') });
  });

  it('one that fails keeps no other', async () => {
    for (const name of ['a', 'b']) writeFileSync(file(name), name);
    const { code, out } = await run(['encrypt', 'a', 'missing', 'b', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      done: [{ file: file('a'), to: file('a.enc') }, { file: file('b') }],
      failures: [{ file: file('missing'), error: { code: 'not-found' } }],
    });
  });

  it('C69 a wrong key is named, and nothing is written', async () => {
    writeFileSync(file('a'), 'a');
    await run(['encrypt', 'a']);
    rmSync(file('a'));
    expect(await run(['decrypt', 'a.enc'], { env: { ENCRYPTION_KEY: 'b'.repeat(64) } })).toMatchObject({ code: 1, err: expect.stringContaining('(wrong-key)') });
    expect(existsSync(file('a'))).toBe(false);
  });

  it('the key is typed unseen, kept if wanted, and read from the settings file whatever else that says', async () => {
    writeFileSync(file('a'), 'a');
    const asked: string[] = [];
    const askSecret = async (question: string): Promise<string> => {
      asked.push(question);
      return KEY;
    };
    const cli = testCli({ cwd, env: {}, askSecret });
    expect(await runCli(['encrypt', 'a', '--remember'], cli.context)).toBe(0);
    expect(await runCli(['decrypt', 'a.enc'], cli.context)).toBe(0);
    expect(asked).toHaveLength(1);
    expect(await run(['decrypt', 'a.enc'], { env: {} })).toMatchObject({ code: 2, err: expect.stringContaining('ENCRYPTION_KEY') });
    writeFileSync(file('.env'), `SOMETHING_ELSE=1\nENCRYPTION_KEY=${KEY}\n`);
    expect(await run(['decrypt', 'a.enc'], { env: {} })).toMatchObject({ code: 0 });
    expect(await run(['encrypt', 'a'], { env: { ENCRYPTION_KEY: 'passphrase:my own long words' } })).toMatchObject({
      code: 2,
      err: expect.stringContaining('this is a passphrase'),
    });
    expect(await run(['encrypt', 'a'], { env: { ENCRYPTION_KEY: 'k'.repeat(31) } })).toMatchObject({ code: 2, err: expect.stringContaining('31 bytes long') });
  });
});
