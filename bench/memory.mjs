// How much memory the real command line takes for one large file, up to a bucket and down again. The bucket (sink-s3.mjs) keeps nothing, and the file that is sent has no blocks on the disk; what is fetched has.
// usage: node bench/memory.mjs [GiB, default 10]     (Linux; needs a build: npm run build)
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const GIB = Number(process.argv[2] ?? 10);
const MOST_MIB = 200;
const root = path.resolve(import.meta.dirname, '..');
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'file-sync-memory-'));

const sink = spawn(process.execPath, [path.join(root, 'bench/sink-s3.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] });
const endpoint = String((await once(sink.stdout, 'data'))[0]).trim();

/** One sync of a device: seconds, and the most memory it ever held. */
async function sync(name) {
  const env = {
    PATH: process.env.PATH,
    HOME: work,
    WATCH_DIR: path.join(work, name),
    STATE_DIR: path.join(work, `state of ${name}`),
    BACKEND_TYPE: 's3',
    S3_BUCKET: 'sink',
    S3_ENDPOINT: endpoint,
    AWS_ACCESS_KEY_ID: 'nobody',
    AWS_SECRET_ACCESS_KEY: 'nothing',
    AWS_REGION: 'us-east-1',
  };
  const began = performance.now();
  const child = spawn(process.execPath, [path.join(root, 'out/main/cli.js'), 'sync'], { env, cwd: work, stdio: ['ignore', 'inherit', 'inherit'] });
  let peakKib = 0;
  const look = setInterval(() => {
    try {
      peakKib = Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? peakKib);
    } catch {
      // It has just ended.
    }
  }, 100);
  const [code] = await once(child, 'exit');
  clearInterval(look);
  if (code !== 0) throw new Error(`sync of ${name} ended with ${code}`);
  return { seconds: (performance.now() - began) / 1000, mib: peakKib / 1024 };
}

try {
  for (const name of ['up', 'down']) fs.mkdirSync(path.join(work, name));
  const file = path.join(work, 'up', 'big');
  fs.writeFileSync(file, '');
  fs.truncateSync(file, GIB * 1024 ** 3);
  const rows = [];
  for (const name of ['up', 'down']) rows.push([name, await sync(name)]);
  if (fs.statSync(path.join(work, 'down', 'big')).size !== GIB * 1024 ** 3) throw new Error('the file did not come back whole');
  for (const [name, { seconds, mib }] of rows) process.stdout.write(`${GIB} GiB ${name.padEnd(5)} ${seconds.toFixed(0)} s   ${mib.toFixed(0)} MiB of memory at most\n`);
  process.exitCode = rows.every(([, { mib }]) => mib < MOST_MIB) ? 0 : 1;
} finally {
  sink.kill();
  fs.rmSync(work, { recursive: true, force: true });
}
