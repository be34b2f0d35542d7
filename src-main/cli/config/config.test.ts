import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SyncError } from '../../core/errors.ts';
import { memoryKeychain } from '../../keychain/memory-keychain.ts';
import { readKeys } from '../../keychain/stored-keys.ts';
import { nodePlatform } from '../../platform/node-platform.ts';
import type { Config } from '../../settings/settings.ts';
import type { CliContext } from '../context.ts';
import { runCli } from '../program.ts';
import { testCli } from '../test-context.ts';

let home: string;
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'file-sync-config-')));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const put = (path: string, text: string): string => {
  const file = join(home, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
};
const read = (path: string): string => readFileSync(join(home, path), 'utf8');

async function run(argv: readonly string[], { env = {}, ...change }: Partial<CliContext> = {}) {
  const platform = { ...nodePlatform(), home: { ...nodePlatform().home, platform: 'linux', homeDir: home, env: {} } };
  let config: Config | null = null;
  const cli = testCli({ env, cwd: home, platform, ...change });
  const { compose } = cli.context;
  const context: CliContext = {
    ...cli.context,
    compose: (given, ...rest) => {
      config = given as Config;
      return compose(given, ...rest);
    },
  };
  const code = await runCli(argv, context);
  return { code, out: cli.out(), err: cli.err(), config: config as Config | null };
}

const APP = {
  version: 3,
  bandwidth: { up: 1000, down: null },
  pairs: [
    {
      id: '00000000000000aa',
      name: 'Documents',
      source: '/home/me/Documents',
      backend: { kind: 'local', folder: '/mnt/nas' },
      conflictPolicy: 'manual',
      ignorePatterns: ['a,b', '*.log'],
      ignoreJunk: false,
    },
    {
      id: '00000000000000bb',
      name: 'Photos',
      source: '/home/me/Photos',
      backend: {
        kind: 's3',
        provider: 'b2',
        bucket: 'my-bucket',
        prefix: 'photos/',
        endpoint: 'https://s3.eu-central-003.backblazeb2.com',
        region: 'eu-central-003',
        forcePathStyle: false,
        proxy: null,
        caFile: null,
        credentials: { kind: 'keychain', account: 's3-1234' },
      },
      protection: { kind: 'encrypted', vault: '0123456789abcdef', compression: true, hideNames: true, keep: 'keychain' },
    },
  ],
};

describe('--profile', () => {
  it('names a folder of the desktop app: its folder, backup, rules and protection count as they stand there', async () => {
    put('.config/File Sync/settings.json', JSON.stringify(APP));
    const { code, config } = await run(['--profile', 'Documents', 'sync']);
    expect(code).toBe(0);
    expect(config).toMatchObject({
      source: '/home/me/Documents',
      backend: { kind: 'local', folder: '/mnt/nas' },
      bandwidth: { up: 1000, down: null },
      settings: { conflictPolicy: 'manual', ignorePatterns: ['a,b', '*.log'], ignoreJunk: false },
      vault: { encryption: false },
    });
    expect((await run(['sync', '--profile', 'Photos'])).config).toMatchObject({
      source: '/home/me/Photos',
      backend: { kind: 's3', bucket: 'my-bucket', prefix: 'photos/', credentials: { kind: 'keychain', account: 's3-1234' }, forcePathStyle: false },
      vault: { encryption: true, compression: true, hideNames: true },
    });
    expect((await run(['--profile', '00000000000000aa', 'sync'])).config?.source).toBe('/home/me/Documents');
  });

  it('is not led elsewhere by the environment, and can be changed for one command', async () => {
    put('.config/File Sync/settings.json', JSON.stringify(APP));
    const env = { WATCH_DIR: '/elsewhere', BACKUP_DIR: '/other', BACKEND_TYPE: 's3', CONFLICT_RESOLUTION: 'keep_local' };
    const { config } = await run(['--profile', 'Documents', 'sync'], { env });
    expect(config).toMatchObject({ source: '/home/me/Documents', backend: { folder: '/mnt/nas' }, settings: { conflictPolicy: 'keep_local' } });
    expect((await run(['--profile', 'Documents', '--set', 'MAX_CONCURRENT=3', 'sync'], { env })).config?.settings.maxConcurrent).toBe(3);
  });

  it('names a settings file of that name', async () => {
    put('.config/file-sync/profiles/work.env', 'WATCH_DIR=/work\nBACKUP_DIR=/backup\n');
    expect((await run(['--profile', 'work', 'sync'])).config).toMatchObject({ source: '/work', backend: { folder: '/backup' } });
    put('.config/File Sync/settings.json', JSON.stringify(APP));
    const { out } = await run(['profiles']);
    expect(out).toMatch(/Documents {2}app {3}\/home\/me\/Documents with \/mnt\/nas\nPhotos.*s3:\/\/my-bucket\/photos\/\nwork {7}file {2}\/work with \/backup/);
    expect(JSON.parse((await run(['profiles', '--json'])).out).profiles).toHaveLength(3);
  });

  it.each<[string, readonly string[], string]>([
    ['is not there', ['--profile', 'nobody', 'sync'], 'there is no profile nobody'],
    ['comes with --config', ['--profile', 'work', '--config', 'x.env', 'sync'], '--config and --profile each name settings'],
    ['is no name', ['--profile', '../work', 'config', 'set', 'WATCH_DIR', '/x'], '--profile takes a name of letters'],
  ])('that %s is refused', async (_what, argv, message) => {
    const { code, err, config } = await run(argv);
    expect([code, config]).toEqual([2, null]);
    expect(err).toContain(message);
  });

  it('of a name that is there twice is refused, and so are settings of a later or damaged app', async () => {
    put('.config/File Sync/settings.json', JSON.stringify(APP));
    put('.config/file-sync/profiles/Documents.env', 'WATCH_DIR=/work\n');
    expect((await run(['--profile', 'Documents', 'sync'])).err).toContain('00000000000000aa');
    put('.config/File Sync/settings.json', JSON.stringify({ version: 99 }));
    expect(await run(['--profile', 'Photos', 'sync'])).toMatchObject({ code: 2, err: expect.stringContaining('later version') });
    put('.config/File Sync/settings.json', '{"pairs":');
    expect(await run(['--profile', 'Photos', 'sync'])).toMatchObject({ code: 2, err: expect.stringContaining('are damaged') });
  });
});

describe('config list and get', () => {
  it('say what counts and from where, without secrets, and name what is wrong by its line', async () => {
    put('.env', `WATCH_DIR=docs\nAWS_SECRET_ACCESS_KEY=${'x'.repeat(8)}\nMAX_CONCURRENT=many\nNONSENSE=1\nLOG_LEVEL=debug\n`);
    const { code, out, err } = await run(['config', 'list', '--set', 'DIRECTION=upload_only'], { env: { LOG_LEVEL: 'warn' } });
    expect(code).toBe(2);
    expect(out).toContain(`WATCH_DIR              docs  (line 1 of ${home}/.env)`);
    expect(out).toContain('AWS_SECRET_ACCESS_KEY  (set, not shown)');
    expect(out).toContain('LOG_LEVEL              warn  (environment)');
    expect(out).toContain('DIRECTION              upload_only  (command line)');
    expect(out + err).not.toContain('xxxx');
    expect(err).toContain(`MAX_CONCURRENT (line 3 of ${home}/.env) must be a whole number`);
    expect(err).toContain('NONSENSE (line 4 of');
    expect(JSON.parse((await run(['config', 'list', '--json'])).out).faults).toHaveLength(2);
    expect(await run(['config', 'get', 'watch_dir'])).toMatchObject({ code: 0, out: 'docs\n' });
    expect(await run(['config', 'get', 'AWS_SECRET_ACCESS_KEY'])).toMatchObject({ code: 0, out: '(set, not shown)\n' });
    expect(await run(['config', 'get', 'BACKUP_DIR'])).toMatchObject({ code: 1, out: '', err: 'BACKUP_DIR is not set\n' });
    expect(await run(['config', 'get', 'BACKUPDIR'])).toMatchObject({ code: 2, err: expect.stringContaining('did you mean BACKUP_DIR?') });
  });
});

describe('config set and unset', () => {
  it('change one line; a folder is written absolute, because the file may lie elsewhere', async () => {
    const file = put('.env', '# mine\nexport LOG_LEVEL=info # quiet\nMAX_CONCURRENT=4\n');
    expect((await run(['config', 'set', 'log_level', 'debug'])).code).toBe(0);
    expect((await run(['config', 'set', 'WATCH_DIR', 'docs'])).code).toBe(0);
    expect((await run(['config', 'unset', 'MAX_CONCURRENT'])).code).toBe(0);
    expect(read('.env')).toBe(`# mine\nexport LOG_LEVEL=debug\nWATCH_DIR=${join(home, 'docs')}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o644);
    expect((await run(['config', 'set', 'LOG_LEVEL', 'debug'], { env: { LOG_LEVEL: 'warn' } })).err).toContain('the environment says something else about LOG_LEVEL');
    expect(JSON.parse((await run(['config', 'unset', 'MAX_CONCURRENT', '--json'])).out)).toMatchObject({ changed: false, value: null });
  });

  it('make a profile, for this user alone', async () => {
    expect((await run(['--profile', 'new one', 'config', 'set', 'WATCH_DIR', '/docs'])).code).toBe(0);
    expect(read('.config/file-sync/profiles/new one.env')).toContain('WATCH_DIR=/docs\n');
    expect(statSync(join(home, '.config/file-sync/profiles/new one.env')).mode & 0o777).toBe(0o600);
    expect(statSync(join(home, '.config/file-sync/profiles')).mode & 0o777).toBe(0o700);
  });

  it.each<[string, readonly string[], string]>([
    ['an unknown name', ['WATCHDIR', '/x'], 'did you mean WATCH_DIR?'],
    ['a malformed value', ['MAX_CONCURRENT', '1000'], 'MAX_CONCURRENT must be at most 64'],
    ['a secret', ['ENCRYPTION_KEY', 'k'.repeat(32)], 'keys remember'],
    ['an empty value', ['LOG_LEVEL', ''], 'config unset LOG_LEVEL'],
  ])('%s is refused and nothing is written', async (_what, argv, message) => {
    const { code, err } = await run(['config', 'set', ...argv]);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(err).not.toContain('kkkk');
    expect(() => read('.env')).toThrow();
  });

  it('change a folder of the app in its file where the app does not run; what it does not know of a folder is refused', async () => {
    const file = put('.config/File Sync/settings.json', JSON.stringify({ ...APP, theme: 'dark' }));
    const documents = ['--profile', 'Documents', 'config'];
    expect(await run([...documents, 'set', 'STATE_DIR', '/x'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('nothing that a command can change in a folder of the app'),
    });
    expect(await run([...documents, 'set', 'SYNC_SCHEDULE', 'often'])).toMatchObject({ code: 2 });
    expect(await run([...documents, 'set', 'SYNC_SCHEDULE', '0 3 * * *'])).toMatchObject({ code: 0, out: "SYNC_SCHEDULE written to the app's folder Documents.\n", err: '' });
    expect(await run([...documents, 'set', 'IGNORE_PATTERNS', '*.iso,tmp/'])).toMatchObject({ code: 0 });
    expect(await run([...documents, 'set', 'BANDWIDTH_LIMIT_UP', '2M'])).toMatchObject({ code: 0, err: 'note: the app has this once for all its folders\n' });
    expect(JSON.parse((await run([...documents, 'set', 'CONFLICT_RESOLUTION', 'manual', '--json'])).out)).toMatchObject({ changed: false, file });
    const saved = JSON.parse(read('.config/File Sync/settings.json')) as { readonly pairs: readonly unknown[] };
    expect(saved).toMatchObject({ theme: 'dark', bandwidth: { up: 2 * 1024 ** 2, down: null } });
    expect(saved.pairs[0]).toMatchObject({ schedule: { cron: '0 3 * * *', timeZone: null, quiet: [] }, ignorePatterns: ['*.iso', 'tmp/'], conflictPolicy: 'manual' });
    expect(saved.pairs[1]).toMatchObject({ schedule: null });
    expect(statSync(file).mode & 0o777).toBe(0o644);
    const { config } = await run(['--profile', 'Documents', 'sync', '--set', 'IGNORE_PATTERNS=typed']);
    expect(config).toMatchObject({ schedule: { cron: '0 3 * * *' }, settings: { ignorePatterns: ['*.iso', 'tmp/', 'typed'] } });
    expect((await run(['--profile', 'Documents', 'sync'])).config?.settings.ignorePatterns).toEqual(['*.iso', 'tmp/']);
    expect((await run([...documents, 'unset', 'SYNC_SCHEDULE'])).code).toBe(0);
    expect(JSON.parse(read('.config/File Sync/settings.json'))).toMatchObject({ pairs: [{ schedule: null }, {}] });
    expect((await run([...documents, 'list'])).out).toContain('/mnt/nas  (folder Documents of the app)');
  });

  it('hand a change to the app where it runs, also when it started meanwhile', async () => {
    const before = put('.config/File Sync/settings.json', JSON.stringify(APP));
    const asked: unknown[] = [];
    const app = { set: async (...args: unknown[]) => void asked.push(args), close: () => undefined };
    const ask = ['--profile', 'Documents', 'config', 'set', 'QUIET_HOURS', '22:00-07:00'];
    expect((await run(ask, { app: async () => app })).code).toBe(0);
    expect(read('.config/File Sync/settings.json')).toBe(JSON.stringify(APP));
    expect(asked).toEqual([['00000000000000aa', 'QUIET_HOURS', '22:00-07:00']]);
    const late = [null, app];
    expect(await run(ask, { app: async () => late.shift() ?? null })).toMatchObject({ code: 0, out: expect.stringContaining('which goes by it at once') });
    expect(asked).toHaveLength(2);
    expect(JSON.parse(readFileSync(before, 'utf8'))).toMatchObject({ pairs: [{ schedule: { quiet: ['22:00-07:00'] } }, {}] });
  });

  it('say so where a File Sync that runs goes by the file only from its next start', async () => {
    put('.env', 'WATCH_DIR=/src\nBACKUP_DIR=/dst\n');
    const owner = (kind: 'app' | 'cli') => async () =>
      ({ who: { source: '/src', kind, pid: 7, host: 'here', since: 0 }, isLost: false, close: () => undefined, desk: null }) as unknown as Awaited<ReturnType<CliContext['owner']>>;
    expect((await run(['config', 'set', 'MAX_CONCURRENT', '4'], { owner: owner('cli') })).err).toContain('(process 7) goes by it from its next start');
    expect((await run(['config', 'set', 'MAX_CONCURRENT', '5'], { owner: owner('app') })).err).toContain('settings of its own');
    expect((await run(['config', 'set', 'MAX_CONCURRENT', '5'], { owner: owner('app') })).err).toBe('');
  });
});

const SECRET = 'very-secret-access-key';
const RCLONE = `[nas]\ntype = sftp\n\n[b2]\ntype = s3\nprovider = Other\naccess_key_id = AKID\nsecret_access_key = ${SECRET}\nendpoint = s3.eu-central-003.backblazeb2.com\nregion = eu-central-003\nacl = private\nstorage_class = IA\n\n[sealed]\ntype = crypt\nremote = b2:x\n`;

describe('config import', () => {
  it('of an S3 remote of rclone: keys go into the keychain, what has no counterpart is named', async () => {
    put('.config/rclone/rclone.conf', RCLONE);
    const keychain = memoryKeychain();
    const dry = await run(['config', 'import', 'rclone', 'b2:my-bucket/documents', '--dry-run'], { keychain });
    expect(dry.out).toContain('+ S3_BUCKET=my-bucket\n+ S3_PREFIX=documents\n+ S3_ENDPOINT=https://s3.eu-central-003.backblazeb2.com\n+ AWS_REGION=eu-central-003\n');
    expect(() => read('.env')).toThrow();
    const account = 's3://my-bucket/documents at s3.eu-central-003.backblazeb2.com';
    expect(await keychain.get(account)).toBeNull();
    const { code, out, err } = await run(['config', 'import', 'rclone', 'b2:my-bucket/documents'], { keychain });
    expect(code).toBe(0);
    expect(err).toContain('line 12 of');
    expect(err).toContain('storage_class has no counterpart');
    expect(read('.env') + out + err).not.toContain(SECRET);
    expect(read('.env')).toContain(`S3_KEYCHAIN='${account}'`);
    expect((await readKeys(keychain, account)).secretAccessKey.reveal()).toBe(SECRET);
    expect(JSON.parse((await run(['config', 'import', 'rclone', 'b2:my-bucket/documents', '--json'], { keychain })).out).changes).toEqual([]);
  });

  it('without a keychain refuses, says the next step and writes nothing', async () => {
    put('.config/rclone/rclone.conf', RCLONE);
    const refuse = async (): Promise<never> => {
      throw new SyncError('refused', 'the keychain is locked');
    };
    const { code, err } = await run(['config', 'import', 'rclone', 'b2:x-bucket'], { keychain: { ...memoryKeychain(), set: refuse } });
    expect(code).toBe(4);
    expect(err).toContain('config import aws NAME');
    expect(() => read('.env')).toThrow();
  });

  it.each<[string, string, readonly string[], string]>([
    ['another kind of remote', RCLONE, ['nas:x'], 'is of the type sftp'],
    ['a crypt remote', RCLONE, ['sealed:'], 'What rclone encrypted only rclone can read'],
    ['no remote', RCLONE, [], 'S3 remotes: b2'],
    ['an encrypted file', '# Encrypted rclone configuration File\n\nRCLONE_ENCRYPT_V0:\nabc\n', ['b2:'], 'this rclone.conf is encrypted'],
    ['half a pair of keys', '[b2]\ntype = s3\naccess_key_id = AKID\n', ['b2:bucket'], 'line 3 of'],
    ['old signatures', '[b2]\ntype = s3\nv2_auth = true\nregion = no region\n', ['b2:bucket'], 'has 2 faults'],
  ])('of rclone: %s is named, exit code 2', async (_what, text, argv, message) => {
    put('.config/rclone/rclone.conf', text);
    const { code, err } = await run(['config', 'import', 'rclone', ...argv]);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(err).not.toContain('AKID');
    expect(() => read('.env')).toThrow();
  });

  it('of a profile of ~/.aws names it and copies no key', async () => {
    put('.aws/config', '[profile work]\nregion = eu-west-1\ns3 =\n  addressing_style = path\n  endpoint_url = https://s3.example.org\n');
    put('.aws/credentials', `[work]\naws_access_key_id = AKID\naws_secret_access_key = ${SECRET}\n`);
    put('.env', 'WATCH_DIR=/docs\nBACKUP_DIR=/mnt/nas\nS3_KEYCHAIN=old\n');
    expect((await run(['config', 'import', 'aws', 'work', '--set', 'LOG_LEVEL=info'])).code).toBe(0);
    expect(read('.env')).toBe('WATCH_DIR=/docs\nBACKEND_TYPE=s3\nAWS_PROFILE=work\nAWS_REGION=eu-west-1\nS3_ENDPOINT=https://s3.example.org\nS3_FORCE_PATH_STYLE=true\n');
    expect(await run(['config', 'import', 'aws', 'play'])).toMatchObject({ code: 2, err: expect.stringContaining('There are: work') });
  });

  it('of another .env takes what is known, names the rest by its line, and makes its paths absolute', async () => {
    put('old/.env', `WATCH_DIR=docs\nBACKEND_TYPE=local\nBACKUP_DIR=../backup\nDATABASE_URL=postgres://u:${SECRET}@h/d\nENCRYPTION_KEY=${'k'.repeat(32)}\n`);
    const { code, out, err } = await run(['config', 'import', 'env', 'old/.env']);
    expect(code).toBe(0);
    expect(read('.env')).toContain(`WATCH_DIR=${join(home, 'old/docs')}\nBACKEND_TYPE=local\nBACKUP_DIR=${join(home, 'backup')}\n`);
    expect(err).toContain('DATABASE_URL is not a setting');
    expect(err).toContain('keys remember');
    expect(out + err + read('.env')).not.toMatch(/very-secret|kkkk/);
    put('bad/.env', 'MAX_CONCURRENT=lots\nnonsense\n');
    const bad = await run(['config', 'import', 'env', 'bad/.env']);
    expect(bad).toMatchObject({ code: 2, err: expect.stringContaining('has 2 faults') });
    expect(bad.err).toContain(`line 1 of ${home}/bad/.env: MAX_CONCURRENT must be`);
  });

  it('never takes keys out of the settings file', async () => {
    put('.config/rclone/rclone.conf', RCLONE);
    put('.env', 'AWS_ACCESS_KEY_ID=AKID\nAWS_SECRET_ACCESS_KEY=other\n');
    expect(await run(['config', 'import', 'rclone', 'b2:my-bucket'])).toMatchObject({ code: 2, err: expect.stringContaining('config unset AWS_ACCESS_KEY_ID') });
    expect(read('.env')).toContain('other');
  });
});
