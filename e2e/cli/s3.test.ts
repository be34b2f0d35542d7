import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { S3Server, TEST_CREDENTIAL } from '../../src-main/testing/s3-server/s3-server.ts';
import { converge, type Device, type Result, World } from './world.ts';

const BUCKET = 'our-bucket';
const SECRET = 'planted+secret/of/the/test=';
const KEYS = { AWS_ACCESS_KEY_ID: TEST_CREDENTIAL.accessKeyId, AWS_SECRET_ACCESS_KEY: SECRET };

let server: S3Server;
let world: World;
/** Everything any command of the test printed. */
let printed: string;
beforeEach(async () => {
  server = await S3Server.start({ buckets: [BUCKET, 'other-bucket'], credentials: [{ ...TEST_CREDENTIAL, secretAccessKey: SECRET }] });
  world = new World();
  printed = '';
});
afterEach(async () => {
  await world.end();
  await server.close();
});

function settings(changes: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { BACKEND_TYPE: 's3', S3_BUCKET: BUCKET, S3_PREFIX: 'our files', S3_ENDPOINT: server.endpoint, AWS_REGION: server.region, ...KEYS, ...changes };
}

async function run(device: Device, ...args: string[]): Promise<Result> {
  const result = await device.run(...args);
  printed += result.out + result.err;
  return result;
}

/** Every file below a folder, as text. */
function everything(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

const storedKeys = (): readonly string[] =>
  server
    .bucket(BUCKET)
    .keys()
    .filter((key) => server.bucket(BUCKET).current(key) !== undefined);

describe('two devices in one bucket', () => {
  it('keep equal, store plain files, and keep both sides of a conflict', async () => {
    const a = world.device('desk', settings());
    const b = world.device('laptop', settings());
    a.write('docs/one.txt', 'one');
    a.write('Büro #1/100%.txt', 'odd');
    b.write('from-b.txt', 'b');
    await converge(a, b);
    expect(storedKeys()).toEqual(expect.arrayContaining(['our files/docs/one.txt', 'our files/Büro #1/100%.txt', 'our files/from-b.txt']));
    a.write('docs/one.txt', 'one, by a');
    b.write('docs/one.txt', 'one, by b');
    await converge(a, b);
    const both = a
      .names()
      .filter((name) => name.startsWith('docs/one'))
      .map((name) => a.read(name));
    expect(both.sort()).toEqual(['one, by a', 'one, by b']);
    a.remove('from-b.txt');
    await converge(a, b);
    expect(b.names()).not.toContain('from-b.txt');
  });

  it('I9 nobody sees the secret: not in output, state, log or bucket', async () => {
    const a = world.device('desk', settings({ LOG_LEVEL: 'debug' }));
    a.write('file.txt', 'content');
    for (const args of [
      ['sync'],
      ['status'],
      ['list'],
      ['doctor'],
      ['why', 'file.txt'],
      ['verify'],
      ['sync', '--dry-run', '--log-level', 'debug'],
      ['status', '--json'],
      ['doctor', '--json'],
    ])
      await run(a, ...args);
    server.credentials.splice(0);
    for (const args of [['sync', '--log-level', 'debug'], ['doctor']]) await run(a, ...args);
    expect(printed).toContain('our-bucket');
    expect(everything(a.state)).toContain('file.txt');
    for (const place of [printed, everything(a.state), everything(a.source)]) expect(place).not.toContain(SECRET);
    expect(statSync(a.config).isFile()).toBe(true);
  });
});

describe('init', () => {
  const initIn = (device: Device, ...more: string[]) =>
    world.run(
      [
        'init',
        '--config',
        join(world.root, 'new.env'),
        '--backend',
        's3',
        '--endpoint',
        server.endpoint,
        '--region',
        server.region,
        '--bucket',
        BUCKET,
        '--prefix',
        'new',
        '--source',
        device.source,
        '--set',
        `STATE_DIR=${device.state}`,
        ...more,
      ],
      { env: KEYS },
    );

  it('by options: tries the bucket, leaves nothing in it, and what it wrote syncs', async () => {
    const a = world.device('desk', settings());
    a.write('file.txt', 'content');
    const { code, out, err } = await initIn(a, '--keep-keys', 'file');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/When two devices save one file at once: protected/);
    expect(out).not.toContain(SECRET);
    expect(storedKeys()).toEqual([]);
    expect(statSync(join(world.root, 'new.env')).mode & 0o777).toBe(0o600);
    expect(await world.run(['sync', '--config', join(world.root, 'new.env')])).toMatchObject({ code: 0 });
    expect(storedKeys()).toContain('new/file.txt');
  });

  it('creates the bucket, and leaves keys in the environment where they are', async () => {
    const a = world.device('desk', settings());
    expect(await initIn(a, '--create-bucket', '--bucket', 'fresh-bucket')).toMatchObject({ code: 0, err: '' });
    expect(server.bucket('fresh-bucket').keys()).toEqual([]);
    const text = readFileSync(join(world.root, 'new.env'), 'utf8');
    expect(text).toContain('S3_BUCKET=fresh-bucket');
    expect(text).not.toContain(SECRET);
  });

  it('C54 names a permission that is missing (4) and writes nothing', async () => {
    server.denied.add('s3:PutObject');
    const { code, out, err } = await initIn(world.device('desk', settings()));
    expect(code).toBe(4);
    expect(out + err).toContain('s3:PutObject');
    expect(readdirSync(world.root)).not.toContain('new.env');
  });
});

describe('what goes wrong is told', () => {
  it('a wrong secret (4)', async () => {
    const { code, err } = await run(world.device('desk', settings({ AWS_SECRET_ACCESS_KEY: 'wrong' })), 'sync');
    expect([code, err]).toEqual([4, expect.stringContaining('secret key')]);
  });

  it('a wrong bucket (4)', async () => {
    const { code, err } = await run(world.device('desk', settings({ S3_BUCKET: 'no-such-bucket' })), 'sync');
    expect([code, err]).toEqual([4, expect.stringContaining('there is no bucket no-such-bucket')]);
  });

  it('no credentials at all (4)', async () => {
    const { AWS_ACCESS_KEY_ID: _, AWS_SECRET_ACCESS_KEY: __, ...rest } = settings();
    const a = world.device('desk', rest);
    const result = await world.run(['sync', '--config', a.config], { env: { AWS_EC2_METADATA_DISABLED: 'true' } });
    expect([result.code, result.err]).toEqual([4, expect.stringContaining('no AWS credentials')]);
  });

  it('a server that is not there (4): status still shows what is known', async () => {
    const a = world.device('desk', settings());
    a.write('file.txt', 'content');
    await a.sync();
    server.setReachable(false);
    const { code, out } = await run(a, 'status');
    expect(code).toBe(4);
    expect(out).toContain('1 file');
    expect(await run(a, 'doctor')).toMatchObject({ code: 4 });
    server.setReachable(true);
    await a.sync();
  });

  it('C52 a connection that is reset while the first one still loads what reads answers', async () => {
    const resetting = createServer((socket) => void setTimeout(() => socket.resetAndDestroy(), 30)).listen(0, '127.0.0.1');
    await once(resetting, 'listening');
    const a = world.device('desk', settings({ S3_ENDPOINT: `http://127.0.0.1:${(resetting.address() as AddressInfo).port}` }));
    // Loading takes as long as on a machine that is busy.
    const slowly =
      'const compile = WebAssembly.compile.bind(WebAssembly); WebAssembly.compile = async (bytes) => { const made = await compile(bytes); await new Promise((done) => setTimeout(done, 300)); return made; };';
    const result = await world.run(['doctor', '--config', a.config], { env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(slowly)}` } });
    resetting.close();
    expect(result).toMatchObject({ code: 4 });
  });

  it('C54 a permission that is taken away, and given back', async () => {
    const a = world.device('desk', settings());
    a.write('file.txt', 'content');
    await a.sync();
    server.denied.add('s3:ListBucket');
    const { code, err } = await run(a, 'sync');
    expect([code, err]).toEqual([4, expect.stringContaining('s3:ListBucket')]);
    server.denied.clear();
    await a.sync();
  });
});

describe('status, doctor, verify-backend', () => {
  it('tell how races are decided', async () => {
    const a = world.device('desk', settings());
    a.write('file.txt', 'content');
    await a.sync();
    const status = await run(a, 'status');
    expect(status.out).toContain(`s3://${BUCKET}/our files/`);
    expect(status.out).toContain('protected: the store lets one of them win');
    expect(await a.json('doctor')).toMatchObject({ exitCode: 0, protection: 'atomic' });
    expect(storedKeys().filter((key) => key.includes('check-') || key.includes('probe'))).toEqual([]);
  });

  it('verify-backend passes, and leaves what was there as it was', async () => {
    const a = world.device('desk', settings());
    a.write('file.txt', 'content');
    await a.sync();
    const before = storedKeys();
    const { code, out } = await run(a, 'verify-backend', '--quick');
    expect(code, out).toBe(0);
    expect(out).toContain('Sound');
    expect(storedKeys()).toEqual(before);
  });
});
