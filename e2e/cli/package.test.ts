import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { transformWithOxc } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { S3Server, TEST_CREDENTIAL } from '../../src-main/testing/s3-server/s3-server.ts';
import { started } from './started.ts';

/** What `npm pack` makes, in a project that has nothing else: the boxes of README.md as programs of TypeScript, compiled at its strictest and run on a folder and on a bucket. */
const ROOT = resolve(import.meta.dirname, '../..');
const boxes = [...readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);
const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { readonly dependencies: Readonly<Record<string, string>> };

let root: string;
let server: S3Server;
beforeAll(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'file-sync-package-')));
  server = await S3Server.start({ buckets: ['my-bucket'], credentials: [TEST_CREDENTIAL], region: 'eu-central-1' });
  const installed = join(root, 'node_modules/file-sync');
  mkdirSync(installed, { recursive: true });
  execFileSync('npm', ['pack', '--silent', '--pack-destination', root], { cwd: ROOT, stdio: 'ignore' });
  const [archive = ''] = readdirSync(root).filter((name) => name.endsWith('.tgz'));
  execFileSync('tar', ['xzf', join(root, archive), '-C', installed, '--strip-components=1']);
  // What is declared is there, as npm would have put it, and nothing else.
  for (const name of [...Object.keys(dependencies), '@types/node']) {
    mkdirSync(dirname(join(root, 'node_modules', name)), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), join(root, 'node_modules', name));
  }
  writeFileSync(join(root, 'package.json'), '{ "name": "empty", "private": true, "type": "module" }');
  for (const [n, text] of boxes.entries()) writeFileSync(join(root, `box-${n}.ts`), text);
}, 180_000);
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

/** The box with what a reader fills in, run by plain Node; its exit code and what it said. */
async function run(n: number) {
  const folder = join(root, `run-${n}`);
  for (const name of ['Documents', 'nas']) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'Documents/first.txt'), 'first');
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  const text = (boxes[n] ?? '')
    .replaceAll('/home/me/Documents', join(folder, 'Documents'))
    .replaceAll('/mnt/nas/documents', join(folder, 'nas'))
    .replace("region: 'eu-central-1'", `region: 'eu-central-1', endpoint: '${server.endpoint}', forcePathStyle: true`);
  const script = join(folder, 'box.mjs');
  writeFileSync(script, (await transformWithOxc(text, 'box.ts')).code);
  const env = { HOME: folder, ENCRYPTION_KEY: 'ab'.repeat(32), AWS_ACCESS_KEY_ID: TEST_CREDENTIAL.accessKeyId, AWS_SECRET_ACCESS_KEY: TEST_CREDENTIAL.secretAccessKey };
  const { ended, out } = started([script], { cwd: folder, env });
  expect(await ended, out()).toBe(0);
  return folder;
}

describe('the package in an empty project', () => {
  it('has types that hold in the strictest program, without looking away from those of libraries', () => {
    const options = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--module', 'nodenext', '--target', 'es2022', '--types', 'node'];
    const files = boxes.map((_, n) => `box-${n}.ts`);
    expect(execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), ...options, ...files], { cwd: root, encoding: 'utf8' })).toBe('');
  });

  it('syncs a folder with a folder', async () => {
    const folder = await run(boxes.findIndex((text) => text.includes('LocalBackend')));
    expect(readFileSync(join(folder, 'nas/first.txt'), 'utf8')).toBe('first');
  });

  it('syncs a folder with a bucket', async () => {
    await run(boxes.findIndex((text) => text.includes('S3Backend')));
    expect(server.bucket('my-bucket').current('documents/first.txt')?.content.size).toBe(5);
  });

  it('encrypts a file and reads it again', async () => {
    const folder = await run(boxes.findIndex((text) => text.includes('FileEncryptor')));
    expect(readFileSync(join(folder, 'again.txt'), 'utf8')).toBe('secret');
  });

  it('has the command, and the pages that its messages name', async () => {
    const { ended, out } = started([join(root, 'node_modules/file-sync/out/main/cli.js'), '--version'], { cwd: root, env: { HOME: root } });
    expect(await ended).toBe(0);
    expect(out()).toMatch(/^\d+\.\d+\.\d+\n$/);
    for (const page of ['docs/configuration.md', 'docs/s3.md', 'docs/man/file-sync.1', '.env.example', 'README.md', 'LICENSE'])
      expect(existsSync(join(root, 'node_modules/file-sync', page)), page).toBe(true);
  });
});
