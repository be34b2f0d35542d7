import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { transformWithOxc } from 'vite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { S3Server, TEST_CREDENTIAL } from '../../src-main/testing/s3-server/s3-server.ts';
import { started } from './started.ts';
import { eventually } from './world.ts';

/** The examples of docs/examples, run by plain Node as a program that installed the library. */
const ROOT = resolve(import.meta.dirname, '../..');

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'file-sync-examples-')));
  mkdirSync(join(root, 'node_modules'));
  symlinkSync(ROOT, join(root, 'node_modules/file-sync'));
  for (const name of ['a', 'b', 'backup']) mkdirSync(join(root, name));
  writeFileSync(join(root, 'a/first.txt'), 'first');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function start(example: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const source = join(ROOT, 'docs/examples', `${example}.ts`);
  const script = join(root, `${basename(source, '.ts')}.mjs`);
  writeFileSync(script, (await transformWithOxc(readFileSync(source, 'utf8'), source)).code);
  return started([script, ...args], { cwd: root, env: { HOME: root, ...env } });
}

describe('the example', () => {
  it('sync-folders', async () => {
    const { ended, out } = await start('sync-folders', ['a', 'backup']);
    expect(await ended, out()).toBe(0);
    expect(out()).toBe('upload first.txt\n1 done, 0 failed\n');
    expect(readFileSync(join(root, 'backup/first.txt'), 'utf8')).toBe('first');
    const wrong = await start('sync-folders', ['nowhere', 'backup']);
    expect(await wrong.ended).toBe(2);
    expect(wrong.out()).toContain('there is no folder');
  });

  it('sync-bucket', async () => {
    const server = await S3Server.start({ buckets: ['my-bucket'], credentials: [TEST_CREDENTIAL] });
    try {
      const keys = { AWS_ACCESS_KEY_ID: TEST_CREDENTIAL.accessKeyId, AWS_SECRET_ACCESS_KEY: TEST_CREDENTIAL.secretAccessKey };
      const { child, ended, out } = await start('sync-bucket', ['a', 'my-bucket', server.region, server.endpoint], keys);
      await eventually('the first sync', () => out().includes('ok: Up to date'));
      expect(server.bucket('my-bucket').keys()).toContain('documents/first.txt');
      child.kill('SIGINT');
      expect(await ended, out()).toBe(0);
    } finally {
      await server.close();
    }
  });

  it('encrypt-file', async () => {
    const { ended, out } = await start('encrypt-file', ['a/first.txt'], { ENCRYPTION_KEY: 'ab'.repeat(32) });
    expect(await ended, out()).toBe(0);
    expect(readFileSync(join(root, 'a/first.txt.again'), 'utf8')).toBe('first');
    expect(existsSync(join(root, 'a/first.txt.enc'))).toBe(true);
  });

  it('own-backend', async () => {
    const { ended, out } = await start('own-backend', ['a', 'b']);
    expect(await ended, out()).toBe(0);
    expect(out()).toBe('a: 1 done\nb: 1 done\n');
    expect(readFileSync(join(root, 'b/first.txt'), 'utf8')).toBe('first');
  });
});
