// A one-node Ceph cluster with its S3 gateway on loopback: a real store for tests (Linux). Never touches a process it did not start.
//   node scripts/ceph.mjs install              the Debian packages, as root; otherwise prints the command
//   node scripts/ceph.mjs up FOLDER [PORT]     a fresh cluster; prints endpoint and keys as JSON
//   node scripts/ceph.mjs stop|start FOLDER    ends it and runs it again with its data
//   node scripts/ceph.mjs crash FOLDER         kills the gateway alone; `start` brings it back
//   node scripts/ceph.mjs down FOLDER          ends it and deletes what it put there
import { execFile, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { cephConf } from './ceph-conf.mjs';
import { main, SetupError } from './setup.mjs';
import { ensureS3Server } from './system-packages.mjs';

const KEYS = { accessKeyId: 'TESTACCESSKEY0000001', secretAccessKey: 'testSecretKeyOfALocalCluster0000000001' };
const DAEMONS = ['mon', 'osd', 'rgw'];
const IP = '127.0.0.1';
const run = promisify(execFile);

/** A port found free may be another's a moment later: then once more, with others. */
const TRIES = 3;

async function up(cluster, port) {
  if (fs.existsSync(cluster.conf)) throw new SetupError(`there is a cluster in ${cluster.folder} already`);
  for (let tries = 1; ; tries++) {
    try {
      return await build(cluster, port);
    } catch (error) {
      if (tries === TRIES || port !== 0) throw error;
      for (const name of [...DAEMONS, 'run', 'log']) fs.rmSync(path.join(cluster.folder, name), { recursive: true, force: true });
    }
  }
}

async function build(cluster, port) {
  const [s3, mon2, mon1] = await freePorts(port);
  const ids = { fsid: randomUUID(), osd: randomUUID() };
  for (const name of [...DAEMONS, 'run', 'log']) fs.mkdirSync(path.join(cluster.folder, name), { recursive: true });
  fs.writeFileSync(cluster.conf, cephConf({ folder: cluster.folder, fsid: ids.fsid, ip: IP, s3, mon2, mon1 }));
  fs.writeFileSync(cluster.facts, JSON.stringify({ endpoint: `http://${IP}:${s3}`, port: s3, region: 'us-east-1', ...KEYS }));
  try {
    await create(cluster, ids, `[v2:${IP}:${mon2},v1:${IP}:${mon1}]`);
  } catch (error) {
    await stop(cluster);
    throw error;
  }
}

async function create(cluster, ids, address) {
  const conf = ['-c', cluster.conf];
  const map = path.join(cluster.folder, 'run', 'monmap');
  await run('monmaptool', ['--create', '--clobber', '--fsid', ids.fsid, '--addv', 'a', address, map]);
  await run('ceph-mon', [...conf, '-i', 'a', '--mkfs', '--monmap', map]);
  cluster.launch('mon');
  await run('ceph', [...conf, '--connect-timeout', '30', 'osd', 'new', ids.osd, '0']);
  await run('ceph-osd', [...conf, '-i', '0', '--mkfs', '--osd-uuid', ids.osd]);
  cluster.launch('osd');
  // Waits for the storage and makes the gateway's pools as well.
  await run('radosgw-admin', [...conf, 'user', 'create', '--uid=test', '--display-name=test', `--access-key=${KEYS.accessKeyId}`, `--secret-key=${KEYS.secretAccessKey}`]);
  await start(cluster);
}

async function start(cluster) {
  const facts = JSON.parse(fs.readFileSync(cluster.facts, 'utf8'));
  for (const name of DAEMONS) if (cluster.pid(name) === null) cluster.launch(name);
  const deadline = Date.now() + 60_000;
  while (!(await accepts(facts.port))) {
    if (cluster.pid('rgw') === null || Date.now() > deadline) throw new SetupError(`the gateway did not start; see ${path.join(cluster.folder, 'log')}`);
    await wait(20);
  }
  process.stdout.write(`${JSON.stringify(facts)}\n`);
}

async function stop(cluster) {
  for (const name of DAEMONS.toReversed()) await cluster.end(name);
}

async function crash(cluster) {
  const pid = cluster.pid('rgw');
  if (pid === null) throw new SetupError('the gateway does not run');
  process.kill(pid, 'SIGKILL');
  while (cluster.pid('rgw') !== null) await wait(5);
}

async function down(cluster) {
  await stop(cluster);
  for (const name of [...DAEMONS, 'run', 'log', 'ceph.conf', 'cluster.json']) fs.rmSync(path.join(cluster.folder, name), { recursive: true, force: true });
}

/** The processes of one cluster, found by the pid files in its folder. */
class Cluster {
  constructor(folder) {
    this.folder = folder;
    this.conf = path.join(folder, 'ceph.conf');
    this.facts = path.join(folder, 'cluster.json');
  }

  #pidFile(name) {
    return path.join(this.folder, 'run', `${name}.pid`);
  }

  /** Null when it does not run: a pid counts only while its command line names this cluster's settings. */
  pid(name) {
    try {
      const pid = Number(fs.readFileSync(this.#pidFile(name), 'utf8'));
      return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(this.conf) ? pid : null;
    } catch {
      return null;
    }
  }

  launch(name) {
    const command = { mon: ['ceph-mon', '-i', 'a'], osd: ['ceph-osd', '-i', '0'], rgw: ['radosgw', '-n', 'client.rgw'] }[name];
    const log = fs.openSync(path.join(this.folder, 'log', `${name}.out`), 'a');
    const shell = ['-c', 'ulimit -n 65536 2>/dev/null; exec "$@"', 'sh', ...command, '-c', this.conf, '-f'];
    const child = spawn('/bin/sh', shell, { detached: true, stdio: ['ignore', log, log] });
    fs.closeSync(log);
    fs.writeFileSync(this.#pidFile(name), String(child.pid));
    child.unref();
  }

  /** Asks it to end, which saves its data; insists after ten seconds. */
  async end(name) {
    const pid = this.pid(name);
    if (pid !== null) process.kill(pid, 'SIGTERM');
    for (let turn = 0; this.pid(name) !== null && turn < 500; turn++) await wait(20);
    const left = this.pid(name);
    if (left !== null) process.kill(left, 'SIGKILL');
    while (this.pid(name) !== null) await wait(5);
  }
}

function accepts(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, IP);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** The port asked for, or a free one for 0, and two more for the monitor. */
async function freePorts(first) {
  const servers = [first, 0, 0].map((port) => net.createServer().listen(port, IP));
  await Promise.all(servers.map((server) => new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject))));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

await main(async () => {
  const [command, folder, port = '0'] = process.argv.slice(2);
  if (command === 'install') return ensureS3Server();
  const action = { up, start, stop, crash, down }[command];
  if (action === undefined || folder === undefined) throw new SetupError('usage: node scripts/ceph.mjs install | up FOLDER [PORT] | start|stop|crash|down FOLDER');
  if (spawnSync('radosgw', ['--version']).error !== undefined) throw new SetupError('Ceph is not installed: node scripts/ceph.mjs install');
  await action(new Cluster(path.resolve(folder)), Number(port));
  return 0;
});
