import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { storeTools } from '../compose/store.ts';
import { composePair } from '../compose.ts';
import { memoryKeychain } from '../keychain/memory-keychain.ts';
import { nodePlatform } from '../platform/node-platform.ts';
import { S3Server, TEST_CREDENTIAL } from '../testing/s3-server/s3-server.ts';
import { runCli } from './program.ts';
import { testCli } from './test-context.ts';

const PLANTED = { key: 'hunter2+planted/secret=key', token: 'hunter2-session-token', id: 'AKIAHUNTER2PLANTED', encryption: 'hunter2-0123456789-0123456789-01' };
/** As it is, and as it would come in base64, hex and a URL. */
const FORMS = Object.values(PLANTED).flatMap((secret) => [
  secret,
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  Buffer.from(secret).toString('hex'),
  encodeURIComponent(secret),
]);

let folder = '';
let server: S3Server;
beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'file-sync-secrets-')));
  mkdirSync(join(folder, 'source'));
  writeFileSync(join(folder, 'source/a.txt'), 'a');
  server = await S3Server.start({ buckets: ['our-bucket'], credentials: [{ ...TEST_CREDENTIAL, accessKeyId: PLANTED.id, secretAccessKey: PLANTED.key }] });
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

function write(change: Readonly<Record<string, string>> = {}): void {
  const all = {
    WATCH_DIR: join(folder, 'source'),
    STATE_DIR: join(folder, 'state'),
    BACKEND_TYPE: 's3',
    S3_BUCKET: 'our-bucket',
    S3_ENDPOINT: server.endpoint,
    AWS_REGION: server.region,
    AWS_ACCESS_KEY_ID: PLANTED.id,
    AWS_SECRET_ACCESS_KEY: PLANTED.key,
    ENCRYPTION_KEY: PLANTED.encryption,
    LOG_LEVEL: 'debug',
    ...change,
  };
  const text = Object.entries(all)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join('');
  writeFileSync(join(folder, '.env'), text, { mode: 0o600 });
}

async function run(...argv: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
  const platform = nodePlatform();
  const keychain = memoryKeychain();
  const said: string[] = [];
  let code = 0;
  for (const more of [[], ['--json']]) {
    const cli = testCli({
      cwd: folder,
      env: {},
      platform,
      keychain,
      stores: storeTools(platform, keychain),
      compose: (config, world, options) => composePair(config, world, { ...options, keychain }),
    });
    code = await runCli([...argv, '--log-level', 'debug', ...more], cli.context);
    said.push(cli.out(), cli.err());
  }
  return { code, said: said.join('\n') };
}

/** Every file but the one the user wrote the secrets into. */
function written(): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== '.env')
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

function expectNone(text: string): void {
  for (const form of FORMS) expect(text.includes(form), `a secret is told, in the form of ${form.length} characters that begins with ${form.slice(0, 4)}`).toBe(false);
}

it.each<[string, Readonly<Record<string, string>>, number]>([
  ['a key the store does not know', { AWS_SECRET_ACCESS_KEY: `${PLANTED.key}x` }, 4],
  ['a bucket that is not there', { S3_BUCKET: 'another-bucket' }, 4],
  ['half a pair of keys', { AWS_ACCESS_KEY_ID: '' }, 2],
  ['a token without keys', { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_SESSION_TOKEN: PLANTED.token }, 2],
  ['a secret under a wrong name', { AWS_SECRET_KEY: PLANTED.key, ENCRYPTION_KEYS: PLANTED.encryption }, 2],
  ['a secret where a number belongs', { MAX_CONCURRENT: PLANTED.key, LOG_FORMAT: PLANTED.token, DEBOUNCE_MS: PLANTED.id }, 2],
  ['an address with a password', { S3_ENDPOINT: `http://me:${PLANTED.token}@127.0.0.1:1/` }, 2],
  ['a proxy with a password', { S3_PROXY: `http://me:${PLANTED.token}@127.0.0.1:1` }, 2],
])('no secret is told by a command that fails: %s', async (_name, change, expected) => {
  write(change);
  const { code, said } = await run('sync', '--dry-run');
  expect(code).toBe(expected);
  expect(said).toContain('"error"');
  expectNone(said + written());
  const doctor = await run('doctor');
  expectNone(doctor.said + written());
});

it('nor when it stands on the command line', async () => {
  write();
  for (const name of ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'ENCRYPTION_KEY', 'AWS_SECRET_KEY']) {
    const { code, said } = await run('sync', '--set', `${name}=${PLANTED.key}`);
    expect(code).toBe(2);
    expectNone(said);
  }
});

it('nor by the commands that make, join, change and restore an encrypted vault, whether they succeed or fail', async () => {
  const keychain = memoryKeychain();
  const secrets = new Set<string>(Object.values(PLANTED));
  const said: string[] = [];
  const commands: readonly (readonly [readonly string[], number, Readonly<Record<string, string>>?])[] = [
    [
      ['init', '--force', '--source', 'source', '--backend', 's3', '--bucket', 'our-bucket', '--encrypt', '--recovery-sheet', join(folder, 'sheet.html')],
      4,
      { AWS_SECRET_ACCESS_KEY: `${PLANTED.key}x` },
    ],
    [['sync'], 0],
    [['keys', 'remember'], 0],
    [['keys', 'add', 'key', '--out', join(folder, 'new.key')], 0],
    [['keys', 'sheet', '--out', join(folder, 'sheet.html')], 0],
    [['keys', 'rotate'], 0],
    [['keys', 'restore', '--yes'], 0],
    [['accept-restored', '--dry-run'], 0],
    [['accept-restored', '--yes'], 0],
    [['keys', 'reencrypt', '--yes'], 0],
    [['keys', 'change', '--out', join(folder, 'changed.key')], 0],
    [['sync'], 2],
    [['doctor'], 4],
  ];
  write();
  for (const [argv, expected, change] of commands) {
    if (change !== undefined) write(change);
    const platform = nodePlatform();
    const cli = testCli({
      cwd: folder,
      env: {},
      platform,
      keychain,
      stores: storeTools(platform, keychain),
      compose: (config, world, options) => composePair(config, world, { ...options, keychain, scansHere: true }),
    });
    const code = await runCli([...argv, '--log-level', 'debug', '--json'], cli.context);
    said.push(cli.out(), cli.err());
    if (change !== undefined) write();
    expect([argv.join(' '), code, code === expected ? '' : cli.out()]).toEqual([argv.join(' '), expected, '']);
  }
  for (const name of ['new.key', 'changed.key']) secrets.add(readFileSync(join(folder, name), 'utf8').trim());
  const words = [...readFileSync(join(folder, 'sheet.html'), 'utf8').matchAll(/<li><span>\d+<\/span>([a-z]+)<\/li>/g)].map(([, word]) => word).join(' ');
  expect(words.split(' ')).toHaveLength(24);
  for (const name of ['new.key', 'changed.key', 'sheet.html']) rmSync(join(folder, name));
  const everything = said.join('\n') + written();
  expectNone(everything);
  for (const secret of [...secrets, words])
    for (const form of [secret, Buffer.from(secret).toString('base64').replace(/=+$/, ''), secret.toUpperCase()]) expect(everything.includes(form), form.slice(0, 3)).toBe(false);
});
