import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Backend } from '../backends/backend.ts';
import { createMemoryStore } from '../backends/memory/memory-backend.ts';
import type { S3Config } from '../backends/s3/s3-config.ts';
import type { StoreTools } from '../compose/store.ts';
import { SyncError } from '../core/errors.ts';
import { memoryKeychain } from '../keychain/memory-keychain.ts';
import { readKeys } from '../keychain/stored-keys.ts';
import { nodePlatform } from '../platform/node-platform.ts';
import { parseEnvFile } from '../settings/env-file.ts';
import type { BackendConfig } from '../settings/settings.ts';
import { runCli } from './program.ts';
import { testCli } from './test-context.ts';

const SECRET = 'hunter2-secret-key';
let cwd = '';
beforeEach(() => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'file-sync-bucket-')));
  mkdirSync(join(cwd, 'source'));
  mkdirSync(join(cwd, 'home/.aws'), { recursive: true });
});
afterEach(() => rmSync(cwd, { recursive: true }));

interface Scene {
  readonly answers?: readonly string[];
  readonly secrets?: readonly string[];
  readonly env?: Record<string, string>;
  readonly buckets?: readonly string[] | null;
  readonly change?: (backend: Backend) => Backend;
}

/** A command line on a store in memory; what was asked of the store is noted. */
function scene({ answers, secrets = [], env = {}, buckets = null, change = (backend) => backend }: Scene = {}) {
  const store = createMemoryStore({ now: () => Date.now() });
  const opened: BackendConfig[] = [];
  const created: string[] = [];
  const rules: string[] = [];
  const questions: string[] = [];
  const stores: StoreTools = {
    open: async (backend) => {
      opened.push(backend);
      return change(store.client());
    },
    buckets: async () => buckets,
    createBucket: async (config: S3Config) => void created.push(config.bucket),
    hasCleanUpRule: async () => rules.length > 0,
    addCleanUpRule: async (config: S3Config) => void rules.push(config.prefix),
  };
  const teller = (lines: readonly string[]) => {
    const left = [...lines];
    return async (question: string): Promise<string> => {
      questions.push(question);
      const line = left.shift();
      if (line === undefined) throw new Error(`unexpected question: ${question}`);
      return line;
    };
  };
  const platform = nodePlatform();
  const keychain = memoryKeychain();
  const run = async (...argv: string[]) => {
    const cli = testCli({
      cwd,
      env,
      stores,
      keychain,
      ask: answers === undefined ? null : teller(answers),
      askSecret: answers === undefined ? null : teller(secrets),
      platform: { ...platform, home: { ...platform.home, homeDir: join(cwd, 'home'), hostname: 'my-host', env: {} } },
    });
    const code = await runCli(argv, cli.context);
    return { code, out: cli.out(), err: cli.err(), json: () => JSON.parse(cli.out()) };
  };
  const keys = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const { key } of store.client().list('')) found.push(key);
    return found;
  };
  return { run, keys, opened, created, rules, questions, keychain };
}

function written(): Record<string, string> {
  return Object.fromEntries([...parseEnvFile(readFileSync(join(cwd, '.env'), 'utf8')).values].map(([name, { value }]) => [name, value]));
}

const place = ['--backend', 's3', '--bucket', 'my-bucket', '--prefix', 'docs', '--source', 'source'];

describe('init of a bucket by options', () => {
  it('tries the store, tells what it found, and writes the settings', async () => {
    const { run, keys, opened } = scene();
    const { code, out } = await run('init', ...place, '--provider', 'b2', '--region', 'eu-central-003', '--aws-profile', 'work');
    expect(code).toBe(0);
    expect(written()).toEqual({
      BACKEND_TYPE: 's3',
      WATCH_DIR: join(cwd, 'source'),
      S3_BUCKET: 'my-bucket',
      S3_PREFIX: 'docs',
      S3_ENDPOINT: 'https://s3.eu-central-003.backblazeb2.com',
      AWS_REGION: 'eu-central-003',
      AWS_PROFILE: 'work',
    });
    const same = expect.objectContaining({ prefix: 'docs/', credentials: { kind: 'profile', name: 'work' } });
    // Once to be tried, once to look for a vault.
    expect(opened).toEqual([same, same]);
    expect(out).toContain('may write');
    expect(out).toContain('When two devices save one file at once: protected');
    expect(await keys()).toEqual([]);
  });

  it('keeps the keys of the environment in the keychain', async () => {
    const { run, keychain } = scene({ env: { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: SECRET } });
    const { code, out, err } = await run('init', ...place, '--keep-keys', 'keychain');
    expect([code, err]).toEqual([0, '']);
    const { S3_KEYCHAIN, ...rest } = written();
    expect(Object.keys(rest).filter((name) => name.startsWith('AWS_'))).toEqual([]);
    expect((await readKeys(keychain, S3_KEYCHAIN ?? '')).secretAccessKey.reveal()).toBe(SECRET);
    expect(out).not.toContain(SECRET);
  });

  it('or in the settings file, for this user alone', async () => {
    const { run } = scene({ env: { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: SECRET, AWS_SESSION_TOKEN: 't' } });
    expect((await run('init', ...place, '--keep-keys', 'file')).code).toBe(0);
    expect(written()).toMatchObject({ AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: SECRET, AWS_SESSION_TOKEN: 't' });
    expect(statSync(join(cwd, '.env')).mode & 0o777).toBe(0o600);
  });

  it('without being told, leaves the keys where they are', async () => {
    const { run, opened } = scene({ env: { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: SECRET } });
    const { json } = await run('init', ...place, '--json');
    expect(json()).toMatchObject({ ok: true, protection: 'atomic', backend: { kind: 's3', bucket: 'my-bucket', credentials: 'chain' } });
    expect(opened[0]).toMatchObject({ credentials: { kind: 'chain' } });
    expect(readFileSync(join(cwd, '.env'), 'utf8')).not.toContain(SECRET);
  });

  it('adds the rule for unfinished uploads when told to, and says that there is none otherwise', async () => {
    const asked = scene();
    expect((await asked.run('init', ...place, '--clean-up-rule')).out).toContain('was added');
    expect(asked.rules).toEqual(['docs/']);
    const left = scene();
    expect((await left.run('init', ...place, '--force')).out).toContain('has no rule that gives them up');
    expect(left.rules).toEqual([]);
  });

  it('creates the bucket when told to', async () => {
    const { run, created } = scene();
    await run('init', ...place, '--create-bucket');
    expect(created).toEqual(['my-bucket']);
  });

  it('C54 writes nothing when the store refuses, and names what is missing', async () => {
    const put = async (): Promise<never> => {
      throw new SyncError('refused', 's3:PutObject is not allowed on the bucket my-bucket', { hint: 'Allow s3:PutObject' });
    };
    const { run } = scene({ change: (backend) => ({ ...bound(backend), put }) });
    const { code, out, err } = await run('init', ...place);
    expect(code).toBe(4);
    expect(out + err).toContain('s3:PutObject is not allowed');
    expect(existsSync(join(cwd, '.env'))).toBe(false);
  });

  it('prints the policy it needs, and does nothing', async () => {
    const { run, opened } = scene();
    const { code, out } = await run('init', '--backend', 's3', '--bucket', 'my-bucket', '--prefix', 'docs', '--show-policy');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ Version: '2012-10-17' });
    expect(out).toContain('arn:aws:s3:::my-bucket/docs/*');
    expect(opened).toEqual([]);
    expect(readdirSync(cwd).sort()).toEqual(['home', 'source']);
  });

  it('says when the removal of a version can be left out of the policy, beside it and not in it', async () => {
    const { code, out, err } = await scene().run('init', '--provider', 'b2', '--region', 'us-west-004', '--bucket', 'my-bucket', '--show-policy');
    expect(code).toBe(0);
    expect(JSON.stringify(JSON.parse(out))).toContain('"s3:DeleteObjectVersion"');
    expect(err).toContain('leave it out');
  });

  it.each([
    [['--provider', 'nobody'], 'is not known'],
    [['--provider', 'r2'], 'account id'],
    [['--keep-keys', 'paper'], 'keychain or file'],
    [['--keep-keys', 'file'], 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'],
    [['--backup-dir', 'backup'], 'BACKUP_DIR is for BACKEND_TYPE=local'],
    [['--set', 'AWS_SECRET_ACCESS_KEY=x'], 'does not belong on a command line'],
    [['--endpoint', 'nonsense'], 'must be an address'],
  ])('refuses %j', async (more, expected) => {
    const { code, err } = await scene().run('init', ...place, ...more);
    expect([code, err]).toEqual([2, expect.stringContaining(expected)]);
  });

  it('warns of an endpoint without encryption', async () => {
    expect((await scene().run('init', ...place, '--endpoint', 'http://nas:9000')).err).toContain('everyone on the way to nas');
  });
});

describe('init of a bucket by questions', () => {
  it('offers providers, profiles and buckets, and creates a new one', async () => {
    writeFileSync(join(cwd, 'home/.aws/credentials'), `[default]\naws_access_key_id=AKIA\naws_secret_access_key=${SECRET}\n[work]\n`);
    const { run, questions, created, rules } = scene({
      answers: ['source', 's3', 'hetzner', 'hel1', 'work', 'new-bucket', 'y', 'docs', 'laptop', 'keep_both', 'y', 'n', 'n'],
      buckets: ['old-bucket'],
    });
    const { code, out, err } = await run('init');
    expect([code, err]).toEqual([0, '']);
    expect(created).toEqual(['new-bucket']);
    expect(rules).toEqual(['docs/']);
    expect(written()).toMatchObject({
      S3_ENDPOINT: 'https://hel1.your-objectstorage.com',
      AWS_REGION: 'hel1',
      AWS_PROFILE: 'work',
      S3_BUCKET: 'new-bucket',
      S3_PREFIX: 'docs',
      DEVICE_NAME: 'laptop',
    });
    expect(out).toContain('Profiles in ~/.aws: default, work');
    expect(out).toContain('Buckets: old-bucket');
    expect(out + questions.join()).not.toContain(SECRET);
  });

  it('takes keys without showing them, into the keychain', async () => {
    const { run, keychain, questions } = scene({
      answers: ['source', 's3', 'minio', 'http://localhost:9000', '', 'keys', 'AKIA', '', 'my-bucket', '', '', '', 'n', '', ''],
      secrets: [SECRET, ''],
    });
    const { code, out, err } = await run('init');
    expect([code, err]).toEqual([0, '']);
    expect(out + questions.join()).not.toContain(SECRET);
    const { S3_KEYCHAIN = '', ...rest } = written();
    expect(rest).toMatchObject({ S3_ENDPOINT: 'http://localhost:9000', S3_FORCE_PATH_STYLE: 'true', AWS_REGION: 'us-east-1' });
    expect(rest).not.toHaveProperty('S3_PREFIX');
    expect(JSON.stringify(rest)).not.toContain(SECRET);
    expect((await readKeys(keychain, S3_KEYCHAIN)).accessKeyId).toBe('AKIA');
  });
});

describe('doctor', () => {
  const env = () => ({ WATCH_DIR: join(cwd, 'source'), BACKEND_TYPE: 's3', S3_BUCKET: 'my-bucket', STATE_DIR: join(cwd, 'state') });

  it('finds all well, and leaves nothing', async () => {
    const { run, keys } = scene({ env: env() });
    const { code, out } = await run('doctor');
    expect(code).toBe(0);
    for (const part of ['can be read and written', 'yours alone', 'may list', 'may write', 'may delete', 'All well']) expect(out).toContain(part);
    expect(await keys()).toEqual([]);
    expect(readdirSync(join(cwd, 'source'))).toEqual([]);
  });

  it('has a document', async () => {
    const { json } = await scene({ env: env() }).run('doctor', '--json');
    expect(json()).toMatchObject({ command: 'doctor', ok: true, exitCode: 0, protection: 'atomic', backend: { kind: 's3', credentials: 'chain' } });
    expect(json().findings.map(({ area }: { area: string }) => area)).toEqual(expect.arrayContaining(['settings', 'folder', 'machine', 'store']));
  });

  it('C54 names the permission that is missing (4)', async () => {
    const refuse = async (): Promise<never> => {
      throw new SyncError('no-permission', 's3:DeleteObject is not allowed on .file-sync/check', { hint: 'Allow s3:DeleteObject' });
    };
    const { code, out } = await scene({ env: env(), change: (backend) => ({ ...bound(backend), delete: refuse }) }).run('doctor');
    expect(code).toBe(4);
    expect(out).toMatch(/BAD.*s3:DeleteObject is not allowed/);
    expect(out).toContain('next: Allow s3:DeleteObject');
  });

  it('a clock that is off is a warning; so are keys that others can read', async () => {
    writeFileSync(join(cwd, '.env'), `AWS_ACCESS_KEY_ID=AKIA\nAWS_SECRET_ACCESS_KEY=${SECRET}\n`, { mode: 0o644 });
    chmodSync(join(cwd, '.env'), 0o644);
    const { code, out } = await scene({ env: env(), change: (backend) => ({ ...bound(backend), now: async () => Date.now() - 300_000 }) }).run('doctor');
    expect(code).toBe(0);
    expect(out).toContain('300 s ahead of');
    expect(out).toContain('others can read the keys');
    expect(out).toContain('Works, with warnings');
    expect(out).not.toContain(SECRET);
  });

  it('a folder that is missing is wrong settings (2); a store that is away is 4; both are told', async () => {
    const away = async function* (): AsyncGenerator<never> {
      yield await Promise.reject(new SyncError('unreachable', 'nobody answers', { hint: 'Look at the network' }));
    };
    const { run } = scene({ env: { ...env(), WATCH_DIR: join(cwd, 'none') }, change: (backend) => ({ ...bound(backend), list: away }) });
    const { code, out } = await run('doctor');
    expect(code).toBe(2);
    expect(out).toContain('there is no folder');
    expect(out).toContain('nobody answers');
    expect((await scene({ env: env(), change: (backend) => ({ ...bound(backend), list: away }) }).run('doctor')).code).toBe(4);
  });
});

describe('verify-backend', () => {
  const env = () => ({ WATCH_DIR: join(cwd, 'source'), BACKEND_TYPE: 's3', S3_BUCKET: 'my-bucket' });

  it('a sound store passes, and nothing is left', async () => {
    const { run, keys } = scene({ env: env() });
    const { code, out } = await run('verify-backend', '--quick');
    expect(code).toBe(0);
    expect(out).toContain('ok   a write over another version changes nothing');
    expect(out).toContain('Sound');
    expect(await keys()).toEqual([]);
  });

  it('a broken one is told what it breaks (1)', async () => {
    const copy = async () => ({ kind: 'stale' }) as const;
    const { code, json } = await scene({ env: env(), change: (backend) => ({ ...bound(backend), copy }) }).run('verify-backend', '--quick', '--json');
    expect(code).toBe(1);
    expect(json().counts.failed).toBeGreaterThan(0);
    expect(json().checks.find(({ verdict }: { verdict: string }) => verdict === 'failed')).toMatchObject({ detail: expect.any(String), matters: expect.any(String) });
  });
});

/** A backend as a plain object, so that one part of it can be replaced. */
function bound(backend: Backend): Backend {
  return {
    id: backend.id,
    capabilities: backend.capabilities,
    list: (...args) => backend.list(...args),
    stat: (...args) => backend.stat(...args),
    get: (...args) => backend.get(...args),
    put: (...args) => backend.put(...args),
    copy: (...args) => backend.copy(...args),
    delete: (...args) => backend.delete(...args),
    close: () => backend.close(),
  };
}
