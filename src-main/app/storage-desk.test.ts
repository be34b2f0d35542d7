import { describe, expect, it } from 'vitest';
import type { Platform } from '../platform/platform.ts';
import { FakeFs } from '../testing/fake-fs.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { SeededRandom } from '../testing/random.ts';
import { FolderTokens } from './folder-tokens.ts';
import { StorageDesk } from './storage-desk.ts';

function start() {
  const clock = new ManualClock();
  const disk = new FakeFs({ clock });
  const random = new SeededRandom(5);
  const platform: Platform = {
    fs: disk.view(),
    clock,
    random,
    chance: random.bytes,
    newHasher: () => ({ update: () => undefined, digest: () => '' }),
    home: { platform: 'linux', homeDir: '/home/a', hostname: 'laptop', pid: 1, env: {} },
  };
  const tokens = new FolderTokens(random, '/home/a');
  return { disk, tokens, desk: new StorageDesk(tokens, platform) };
}
const ACCESS = { provider: 'custom', endpoint: null, region: null, forcePathStyle: null, proxy: null } as const;

describe('the storage desk', () => {
  it('names typed keys by a token and their last letters, and gives them to no window', () => {
    const { desk } = start();
    const held = desk.held.hold({ accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'hunter2', sessionToken: 'session7' });
    expect(held).toEqual({ token: expect.stringMatching(/^[0-9a-f]{16}$/), ending: 'MPLE' });
    const signIn = desk.signIn({ kind: 'held', token: held.token });
    expect(signIn).toMatchObject({ kind: 'keys', keys: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE' } });
    expect(JSON.stringify(signIn)).not.toMatch(/hunter2|session7/);
    expect(signIn.kind === 'keys' && [signIn.keys.secretAccessKey.reveal(), signIn.keys.sessionToken?.reveal()]).toEqual(['hunter2', 'session7']);
  });

  it('does not show a short key whole', () => {
    expect(start().desk.held.hold({ accessKeyId: 'minio', secretAccessKey: 'x', sessionToken: null }).ending).toBe('');
  });

  it('forgets keys and files when the dialog is done', () => {
    const { desk, tokens } = start();
    const { token } = desk.held.hold({ accessKeyId: 'a', secretAccessKey: 'b', sessionToken: null });
    const { token: caFile } = tokens.give('/ca.pem');
    const place = { ...ACCESS, bucket: 'photos', prefix: '', caFile, signIn: { kind: 'held', token } } as const;
    expect(desk.plan(place)).toMatchObject({ kind: 's3', caFile: '/ca.pem' });
    desk.forgetAll();
    expect(() => desk.signIn({ kind: 'held', token })).toThrow('no longer at hand');
    expect(() => desk.plan(place)).toThrow();
  });

  it('reads a settings file, and keeps its secrets here', async () => {
    const { desk, disk } = start();
    disk.edit.write(
      '/x/.env',
      'BACKEND_TYPE=s3\nS3_BUCKET=photos\nS3_PREFIX=/laptop\nS3_ENDPOINT="https://s3.example.org"\nAWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\nAWS_SECRET_ACCESS_KEY=hunter2\n',
    );
    const imported = await desk.importFrom('/x/.env');
    expect(imported).toMatchObject({
      file: '/x/.env',
      endpoint: 'https://s3.example.org',
      region: null,
      bucket: 'photos',
      prefix: 'laptop/',
      keys: { ending: 'MPLE' },
      profile: null,
    });
    expect(JSON.stringify(imported)).not.toMatch(/hunter2|AKIA/);
    expect(desk.held.keys(imported.keys?.token ?? '').secretAccessKey.reveal()).toBe('hunter2');
  });

  it('takes a profile by its name from a settings file', async () => {
    const { desk, disk } = start();
    disk.edit.write('/x/.env', 'AWS_PROFILE=work\nS3_BUCKET=photos\n');
    expect(await desk.importFrom('/x/.env')).toMatchObject({ bucket: 'photos', keys: null, profile: 'work' });
  });

  it.each([
    ['other things', 'password=hunter2\nhunter2'],
    ['nothing', ''],
    ['half a key', 'AWS_SECRET_ACCESS_KEY=hunter2'],
    ['far too much', 'x'.repeat(300_000)],
  ])('refuses a file with %s without repeating any of it', async (_, content) => {
    const { desk, disk } = start();
    disk.edit.write('/x/.env', content);
    const failure = await desk.importFrom('/x/.env').catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'config', message: expect.stringContaining('/x/.env') });
    expect(JSON.stringify([failure, String(failure)])).not.toContain('hunter2');
  });

  it('finds the profiles of ~/.aws by name', async () => {
    const { desk, disk } = start();
    expect(await desk.profiles()).toEqual([]);
    disk.edit.write('/home/a/.aws/config', '[default]\nregion = x\n[profile work]\n[profile "with blank"]\n[sso-session corp]\n[services x]\n');
    disk.edit.write('/home/a/.aws/credentials', '[old]\naws_secret_access_key = hunter2\n[work]\n');
    expect(await desk.profiles()).toEqual(['default', 'old', 'with blank', 'work']);
  });
});
