import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const SCRIPT = path.resolve(import.meta.dirname, '../../scripts/ceph.mjs');
const run = promisify(execFile);

/** Where a cluster answers, and the keys it knows. */
export interface CephAddress {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface Ceph extends CephAddress {
  /** Kills the gateway: connections break, no data is lost. `start` brings it back. */
  crash(): Promise<void>;
  /** Ends everything in order; `start` brings it back with its data. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Ends everything and deletes it. */
  end(): Promise<void>;
}

/** Tests that want a real store are skipped without it; `node scripts/ceph.mjs install` brings it. */
export function isCephInstalled(): boolean {
  return process.platform === 'linux' && spawnSync('radosgw', ['--version']).error === undefined;
}

/** A fresh Ceph cluster of one node on free ports of loopback, about a second later. */
export async function startCeph(): Promise<Ceph> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'ceph-'));
  const command = async (name: string): Promise<string> => (await run(process.execPath, [SCRIPT, name, folder])).stdout;
  const address = JSON.parse(await command('up')) as CephAddress;
  return {
    ...address,
    crash: async () => void (await command('crash')),
    stop: async () => void (await command('stop')),
    start: async () => void (await command('start')),
    end: async () => {
      await command('down');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
