import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { S3Server, TEST_CREDENTIAL } from '../../src-main/testing/s3-server/s3-server.ts';

/** Every box marked `sh` in the docs is run, page by page and line by line, as a user who starts from nothing would. A line that ends otherwise than in sync says so: `# exit code 3`. */
const ROOT = resolve(import.meta.dirname, '../..');
const CLI = join(ROOT, 'out/main/cli.js');

const pages = ['README.md', ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => join('docs', name))]
  .filter((name) => name.endsWith('.md'))
  .map((name) => ({ name, lines: shellLines(readFileSync(join(ROOT, name), 'utf8')) }))
  .filter(({ lines }) => lines.length > 0);

function shellLines(text: string): readonly string[] {
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) => block.split('\n')).filter((line) => line.trim() !== '' && !line.startsWith('#'));
}

/** What has happened before a page that does not begin at the beginning. */
const BEFORE: Readonly<Record<string, readonly string[]>> = {
  'docs/encryption.md': ['file-sync sync', 'export ENCRYPTION_KEY="$(openssl rand -hex 32)"'],
  'docs/troubleshooting.md': ['file-sync sync'],
};
const BEGINS_SET_UP = ['docs/configuration.md', 'docs/metrics.md', ...Object.keys(BEFORE)];

let root: string;
let server: S3Server;
beforeEach(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'file-sync-docs-')));
  server = await S3Server.start({ buckets: ['my-bucket'], credentials: [TEST_CREDENTIAL] });
});
afterEach(async () => {
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

const put = (name: string, text: string): void => {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
};

/** A home with some files and other tools' settings in it; `/mnt` is below it. */
function home(): void {
  for (const folder of ['Documents', 'Pictures', 'data']) for (const name of ['first.txt', 'more/second.txt']) put(`home/${folder}/${name}`, `${name} of ${folder}`);
  for (const folder of ['work', 'mnt/nas', 'mnt/usb', 'bin']) mkdirSync(join(root, folder), { recursive: true });
  put('old-project/.env', 'WATCH_DIR=docs\nBACKUP_DIR=/mnt/old\nDATABASE_URL=x\n');
  put('home/.config/rclone/rclone.conf', '[nas-bucket]\ntype = s3\nprovider = Minio\naccess_key_id = AKID\nsecret_access_key = secret\nendpoint = http://127.0.0.1:9000\n');
  put('home/.aws/config', `[profile work]\nregion = ${server.region}\n`);
  put('home/.aws/credentials', `[work]\naws_access_key_id = ${TEST_CREDENTIAL.accessKeyId}\naws_secret_access_key = ${TEST_CREDENTIAL.secretAccessKey}\n`);
  for (const [name, text] of [
    ['file-sync', `exec "${process.execPath}" "${CLI}" "$@"`],
    ['npx', 'shift; exec file-sync "$@"'],
  ] as const) {
    put(`bin/${name}`, `#!/bin/sh\n${text}\n`);
    chmodSync(join(root, 'bin', name), 0o755);
  }
}

/** What a reader fills in. */
function filledIn(line: string): string {
  return (
    line
      .replaceAll('/mnt/', `${root}/mnt/`)
      .replace('AWS_ACCESS_KEY_ID=... AWS_SECRET_ACCESS_KEY=...', `AWS_ACCESS_KEY_ID=${TEST_CREDENTIAL.accessKeyId} AWS_SECRET_ACCESS_KEY=${TEST_CREDENTIAL.secretAccessKey}`)
      .replace('--provider b2 --region us-west-004 ', '')
      .replace('--bucket my-bucket', `--endpoint ${server.endpoint} --path-style --bucket my-bucket`)
      .replace('--keep-keys keychain', '--keep-keys file')
      .replace('--metrics-port 9464', '--metrics-port 0')
      .replace('why PATH', 'why first.txt')
      // Who sits at a terminal is asked.
      .replace(/^(file-sync keys switch(?: --\S+)*?)(?= *(?:#|$))/, (line) => (line.includes('--dry-run') ? line : `${line} --yes`))
  );
}

/** One shell for the whole page, so that what a line exports holds for the next ones. `watch` is ended as soon as it says that it is up to date. */
function script(lines: readonly string[]): string {
  const body = lines.map(filledIn).map((line) => {
    const wanted = /# exit code (\d+)/.exec(line)?.[1] ?? '0';
    const command = line.replace(/\s+#\s.*$/, '');
    const isWatch = /^(npx )?file-sync (--profile \S+ )?(watch|start)\b/.test(command);
    return `run ${isWatch ? 130 : wanted} ${quoted(command)} ${isWatch ? 'watching' : 'plainly'}`;
  });
  return `
plainly() { eval "$1"; }
watching() {
  eval "exec_watch() { $1; }"
  ( trap - INT; eval "exec $1" ) > "$TMPDIR/watch.log" 2>&1 &
  pid=$!
  for i in $(seq 400); do grep -qE 'Up to date|next sync at|quiet hours' "$TMPDIR/watch.log" && break; sleep 0.1; done
  grep -qE 'Up to date|next sync at|quiet hours' "$TMPDIR/watch.log" || cat "$TMPDIR/watch.log"
  kill -TERM $pid; wait $pid
}
run() {
  echo "\\$ $2"
  $3 "$2"
  code=$?
  [ "$code" -eq "$1" ] && return 0
  echo "exit code $code instead of $1"
  exit 99
}
${body.join('\n')}
echo "the page was run"
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function bash(text: string, env: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((done, failed) => {
    const child = spawn('bash', ['-c', text], {
      cwd: join(root, 'work'),
      env: { PATH: `${join(root, 'bin')}:${process.env['PATH'] ?? ''}`, HOME: join(root, 'home'), USER: 'me', TMPDIR: root, TZ: 'UTC', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        out += chunk;
      });
    child.once('error', failed);
    child.once('close', () => done(out));
  });
}

describe('the commands in', () => {
  it.each(pages)('$name do what the page says', async ({ name, lines }) => {
    home();
    if (BEGINS_SET_UP.includes(name)) put('work/.env', `WATCH_DIR=${root}/home/Documents\nBACKUP_DIR=${root}/mnt/nas\n`);
    const keys = name.endsWith('bucket.md') ? { AWS_ACCESS_KEY_ID: TEST_CREDENTIAL.accessKeyId, AWS_SECRET_ACCESS_KEY: TEST_CREDENTIAL.secretAccessKey } : {};
    const out = await bash(script([...(BEFORE[name] ?? []), ...lines]), keys);
    expect(out).toMatch(/the page was run\n$/);
  });
});
