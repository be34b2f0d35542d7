import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { connectOwner, type Owner } from '../control/control-client.ts';
import type { ControlPlace } from '../control/control-place.ts';
import { proofOf } from '../control/control-protocol.ts';
import type { ServerPorts } from '../control/control-server.ts';
import { openControl } from '../control/pair-control.ts';
import type { DeskEvents, PairDesk } from '../control/pair-desk.ts';
import type { Action } from '../core/action.ts';
import type { Hash, Stamp } from '../core/entry.ts';
import type { CycleReport } from '../core/events.ts';
import { relPath } from '../core/rel-path.ts';
import { Emitter } from '../engine/emitter.ts';
import { silentLog } from '../engine/log.ts';
import { nodeClock } from '../platform/node-clock.ts';
import { nodeFs } from '../platform/node-fs.ts';
import { nodeHasher } from '../platform/node-hash.ts';
import { nodeChance } from '../platform/node-random.ts';
import { calmStatus } from './fake-engine.ts';

export const fs = nodeFs();

export const REPORT: CycleReport = { cycle: 'c1', done: 0, stale: 0, failures: [], problems: [], conflicts: [], held: [], bytesUp: 0, bytesDown: 0, planned: [] };
export const action: Action = {
  kind: 'upload',
  path: relPath('a.txt'),
  reason: 'new here',
  entry: { kind: 'file', size: 3, hash: 'h' as Hash, mtimeNs: 1_700_000_000_123_456_789n, mode: null },
  stamp: 'stamp' as unknown as Stamp,
  replaces: null,
};

/** A desk that notes what it is asked. */
export function desk(change: Partial<PairDesk> = {}) {
  const asked: unknown[] = [];
  const events = new Emitter<DeskEvents>();
  const note =
    <T>(name: string, answer: T) =>
    async (...args: unknown[]): Promise<T> => {
      asked.push([name, ...args.filter((arg) => !(arg instanceof Object && 'signal' in arg))]);
      return answer;
    };
  const own: PairDesk = {
    source: '/docs',
    sync: note('sync', REPORT),
    look: note('look', { status: calmStatus(), protection: 'atomic', codec: null, schedule: null }),
    conflicts: note('conflicts', []),
    resolve: note('resolve', undefined),
    restore: note('restore', { planned: [], done: [], left: [], held: null, report: null, again: [] }),
    runs: note('runs', [{ id: 'r1', atMs: 5, changes: 2 }]),
    verify: note('verify', { content: true, checked: { base: 1, local: 1, remote: 1 }, findings: [], pending: [], conflicts: [], held: [] }),
    drill: note('drill', { files: 1, bytes: 2, passed: 0, failed: [] }),
    acceptRestored: note('accept restored', { older: [], missing: [], differing: [], report: null }),
    storeNow: note('now', 42),
    pause: note('pause', undefined),
    resume: note('resume', undefined),
    on: (event, listener) => events.on(event, listener),
    ...change,
  };
  return { desk: own, asked, events };
}

/** The world as a control server of a test has it; whose it is and where it listens is left to the test. */
export const PORTS: Omit<ServerPorts, 'lockFile' | 'kind' | 'source'> = {
  fs,
  clock: nodeClock,
  chance: nodeChance,
  newHasher: nodeHasher,
  home: { platform: 'linux', env: {}, pid: 7, hostname: 'laptop' },
  log: silentLog,
};

/** A folder for sockets, and ends of them that are closed after each test. */
export class ControlBench {
  folder = '';
  readonly #open: { close(): unknown }[] = [];

  /** Where the owner of a pair keeps its lock. */
  lockFile(name = 'pair'): string {
    return join(this.folder, `${name}.lock`);
  }

  closes<T extends { close(): unknown }>(one: T): T {
    this.#open.push(one);
    return one;
  }

  /** An owner that has its folder. */
  async serve(change: Partial<PairDesk> = {}, ports: Partial<ServerPorts> = {}) {
    const noted = desk(change);
    const server = this.closes(await openControl({ ...PORTS, lockFile: this.lockFile(), kind: 'cli', source: '/docs', ...ports }));
    server.attach(noted.desk);
    return { ...noted, server, place: server.place as ControlPlace };
  }

  async meet(place: ControlPlace): Promise<Owner> {
    const owner = await connectOwner(place, { clock: nodeClock, isWindows: false });
    if (owner === null) throw new Error('nobody is there');
    return this.closes(owner);
  }

  async end(): Promise<void> {
    for (const one of this.#open.splice(0)) await one.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A bench for each test of a file. */
export function controlPerTest(): ControlBench {
  const bench = new ControlBench();
  beforeEach(() => {
    bench.folder = mkdtempSync(join(tmpdir(), 'fs-control-'));
  });
  afterEach(() => bench.end());
  return bench;
}

/** Says bytes of its own once it is greeted; resolves to all it heard when the other end hangs up. */
export function raw(address: string, bytes: string | ((greeting: string) => string)): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(address);
    let heard = '';
    socket.on('data', (chunk) => {
      if (heard === '') socket.write(typeof bytes === 'string' ? bytes : bytes(String(chunk)));
      heard += chunk;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(heard));
  });
}

/** Introduces itself rightly, and then says bytes of its own. */
export function known({ address, token }: ControlPlace, bytes: string): Promise<string> {
  const mine = 'b'.repeat(32);
  return raw(address, (greeting) => {
    const { nonce } = JSON.parse(greeting) as { nonce: string };
    return `${JSON.stringify({ protocol: 2, nonce: mine, proof: proofOf(token, 'command', mine, nonce) })}\n${bytes}`;
  });
}
