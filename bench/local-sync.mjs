// Compares a first sync, a run with no change and a run after 100 edits with rsync and cp on the same tree, in one run. Ratios count, not seconds.
// usage: node bench/local-sync.mjs [files]     (needs a build: npm run build)
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const FILES = Number(process.argv[2] ?? 20_000);
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'file-sync-bench-'));
const cli = path.resolve(import.meta.dirname, '..', 'out/main/cli.js');
const env = { ...process.env, STATE_DIR: path.join(work, 'state'), WATCH_DIR: path.join(work, 'tree'), BACKEND_TYPE: 'local', BACKUP_DIR: path.join(work, 'ours') };

function makeTree() {
  for (let i = 0; i < FILES; i++) {
    const folder = path.join(work, 'tree', `d${i % 100}`, `e${i % 7}`);
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, `f${i}.txt`), `${i}\n`.repeat(50 + ((i * 7919) % 2000)));
  }
  for (const name of ['ours', 'rsync']) fs.mkdirSync(path.join(work, name));
}

function edit() {
  for (let i = 0; i < 100; i++) fs.appendFileSync(path.join(work, 'tree', `d${i}`, `e${i % 7}`, `f${i}.txt`), `edit ${Date.now()}\n`);
}

function timed(command, args) {
  const began = process.hrtime.bigint();
  execFileSync(command, args, { env, cwd: work, stdio: ['ignore', 'ignore', 'inherit'] });
  return Number(process.hrtime.bigint() - began) / 1e9;
}

const ours = () => timed(process.execPath, [cli, 'sync']);
const rsync = () => timed('rsync', ['-a', '--delete', '--exclude=.file-sync', `${work}/tree/`, `${work}/rsync/`]);

try {
  makeTree();
  const rows = [];
  rows.push(['cp -a, for scale', null, timed('cp', ['-a', `${work}/tree`, `${work}/copy`])]);
  rows.push(['first sync', ours(), rsync()]);
  rows.push(['no change', ours(), rsync()]);
  edit();
  rows.push(['100 edits', ours(), rsync()]);
  process.stdout.write(`${FILES} files, ${os.cpus().length} cores\n${'what'.padEnd(18)} file-sync    rsync    ratio\n`);
  for (const [name, a, b] of rows)
    process.stdout.write(
      `${name.padEnd(18)} ${a === null ? '        -' : `${a.toFixed(2)} s`.padStart(9)} ${`${b.toFixed(2)} s`.padStart(8)} ${a === null ? '' : (a / b).toFixed(1).padStart(8)}\n`,
    );
} finally {
  fs.rmSync(work, { recursive: true, force: true });
}
