// Compares a first upload, a run with no change, a run after 100 edits and a download with rclone, side by side in one run, on a real Ceph gateway on loopback that this starts and ends. Ratios count, not seconds.
// usage: node bench/s3-sync.mjs [files]     (needs a build: npm run build; `node scripts/ceph.mjs install`; rclone)
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const FILES = Number(process.argv[2] ?? 2_000);
const root = path.resolve(import.meta.dirname, '..');
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'file-sync-bench-'));
const cluster = path.join(work, 'ceph');
const ceph = (command) => execFileSync(process.execPath, [path.join(root, 'scripts/ceph.mjs'), command, cluster], { encoding: 'utf8' });

const { endpoint, region, accessKeyId, secretAccessKey } = JSON.parse(ceph('up'));
const keys = { PATH: process.env.PATH, HOME: work, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_REGION: region };

function makeTree() {
  for (let i = 0; i < FILES; i++) {
    const folder = path.join(work, 'tree', `d${i % 100}`);
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, `f${i}.txt`), `${i}\n`.repeat(200 + ((i * 7919) % 3000)));
  }
}

function edit(round) {
  for (let i = 0; i < 100; i++) fs.appendFileSync(path.join(work, 'tree', `d${i % 100}`, `f${i}.txt`), `edit ${round}\n`);
}

function timed(command, args, env) {
  const began = process.hrtime.bigint();
  execFileSync(command, args, { env, cwd: work, stdio: ['ignore', 'ignore', 'inherit'] });
  return Number(process.hrtime.bigint() - began) / 1e9;
}

const device = (name) => ({
  ...keys,
  WATCH_DIR: path.join(work, name),
  STATE_DIR: path.join(work, `state of ${name}`),
  BACKEND_TYPE: 's3',
  S3_BUCKET: 'ours',
  S3_ENDPOINT: endpoint,
});
const ours = (name) => timed(process.execPath, [path.join(root, 'out/main/cli.js'), 'sync'], device(name));
const remote = (bucket) => `:s3,provider=Ceph,endpoint="${endpoint}",access_key_id=${accessKeyId},secret_access_key=${secretAccessKey}:${bucket}`;
// As quick as rclone gets: it takes the store's times for the files' own, and does not look at what it has put.
const TUNED = ['--transfers', '32', '--checkers', '32', '--fast-list', '--s3-no-head', '--update', '--use-server-modtime', '--exclude', '.file-sync/**', '--retries', '1'];
const rclone = (from, to) => timed('rclone', ['sync', from, to, ...TUNED], keys);

try {
  makeTree();
  for (const bucket of ['ours', 'rclone']) execFileSync('rclone', ['mkdir', remote(bucket)], { env: keys });
  for (const name of ['copy', 'rclone-copy']) fs.mkdirSync(path.join(work, name));
  const tree = path.join(work, 'tree');
  const rows = [];
  rows.push(['first upload', ours('tree'), rclone(tree, remote('rclone'))]);
  rows.push(['no change', ours('tree'), rclone(tree, remote('rclone'))]);
  edit(1);
  rows.push(['100 edits', ours('tree'), rclone(tree, remote('rclone'))]);
  rows.push(['download', ours('copy'), rclone(remote('rclone'), path.join(work, 'rclone-copy'))]);
  process.stdout.write(`${FILES} files, ${os.cpus().length} cores\n${'what'.padEnd(18)} file-sync   rclone    ratio\n`);
  for (const [name, a, b] of rows)
    process.stdout.write(`${name.padEnd(18)} ${`${a.toFixed(2)} s`.padStart(9)} ${`${b.toFixed(2)} s`.padStart(8)} ${(a / b).toFixed(1).padStart(8)}\n`);
} finally {
  ceph('down');
  fs.rmSync(work, { recursive: true, force: true });
}
