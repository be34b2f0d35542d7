import { chmodSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { assertNever, SyncError } from '../core/errors.ts';
import type { EngineLog } from '../engine/log.ts';
import type { SyncOptions } from '../engine/sync-manager.ts';
import type { Chance, Clock, NewHasher } from '../platform/clock.ts';
import type { Fs } from '../platform/fs.ts';
import type { Home } from '../platform/platform.ts';
import { ControlConnection } from './control-connection.ts';
import { addresses, type ControlPlace, controlFile, isPrivateFolder, writePlace } from './control-place.ts';
import type { Ask, Welcome } from './control-protocol.ts';
import type { PairDesk } from './pair-desk.ts';

/** Of everybody who may connect, so many at once. */
const MOST_CONNECTIONS = 16;

export interface ServerPorts {
  /** The pair's lock, which the caller holds: only so is what lies about there left by somebody who is gone. */
  readonly lockFile: string;
  readonly fs: Fs;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly newHasher: NewHasher;
  readonly home: Pick<Home, 'platform' | 'env' | 'pid' | 'hostname'>;
  readonly kind: Welcome['kind'];
  readonly source: string;
  readonly log: EngineLog;
}

/** The owner's end: commands of the same user are heard from now on, and answered once there is a desk. */
export interface ControlServer {
  readonly place: ControlPlace | null;
  attach(desk: PairDesk): void;
  /** Whoever waits is let go without an answer. May be called twice. */
  close(): Promise<void>;
}

/** Never throws: where no socket can be had, commands for this folder are told that it is in use. */
export async function openControl(ports: ServerPorts): Promise<ControlServer> {
  const { fs, chance, lockFile, home, newHasher, log } = ports;
  const hex = (bytes: number): string => Buffer.from(chance(bytes)).toString('hex');
  const token = hex(32);
  const since = ports.clock.now();
  let offer: (desk: PairDesk) => void = () => undefined;
  const desk = new Promise<PairDesk>((resolve) => {
    offer = resolve;
  });
  const connections = new Set<ControlConnection>();
  const onConnection = (socket: Socket): void => {
    if (connections.size >= MOST_CONNECTIONS) {
      socket.destroy();
      return;
    }
    const connection = new ControlConnection(socket, {
      token,
      nonce: hex(16),
      clock: ports.clock,
      welcome: { source: ports.source, kind: ports.kind, pid: home.pid, host: home.hostname, since },
      answer: async (ask, signal) => answer(await desk, ask, signal),
      events: async () => desk,
      onEnd: () => connections.delete(connection),
    });
    connections.add(connection);
  };
  const listening = await listenSomewhere(addresses(lockFile, home, newHasher, hex(8)), onConnection, { fs, home, log });
  const file = controlFile(lockFile);
  if (listening !== null)
    await writePlace(fs, file, { address: listening.address, token }).catch((error: unknown) => log.line('warn', 'commands cannot reach this process', { error: String(error) }));
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    if (listening === null) return;
    const { server, address } = listening;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const connection of connections) connection.destroy();
    await fs.unlink(file).catch(() => undefined);
    await closed;
    if (home.platform !== 'win32') await fs.unlink(address).catch(() => undefined);
  };
  return {
    place: listening === null ? null : { address: listening.address, token },
    attach: offer,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

async function listenSomewhere(
  candidates: readonly string[],
  onConnection: (socket: Socket) => void,
  { fs, home, log }: Pick<ServerPorts, 'fs' | 'home' | 'log'>,
): Promise<{ readonly server: Server; readonly address: string } | null> {
  for (const address of candidates) {
    try {
      if (home.platform !== 'win32') {
        if (!isPrivateFolder(dirname(address))) continue;
        // Left by an owner that was killed: the lock says that nobody has it.
        if ((await fs.lstat(address)) !== null) await fs.unlink(address);
      }
      const server = await listen(address, onConnection);
      if (home.platform !== 'win32') chmodSync(address, 0o600);
      return { server, address };
    } catch (error) {
      log.line('debug', 'no socket can be had here', { address, error: String(error) });
    }
  }
  log.line('warn', 'commands cannot reach this process: there is no place for a socket', {});
  return null;
}

function listen(address: string, onConnection: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(onConnection);
    server.once('error', reject);
    server.listen(address, () => {
      server.off('error', reject);
      // What happens to one that listens already ends no engine.
      server.on('error', () => undefined);
      server.unref();
      resolve(server);
    });
  });
}

async function answer(desk: PairDesk, ask: Ask, signal: AbortSignal): Promise<unknown> {
  switch (ask.ask) {
    case 'sync':
      return desk.sync(syncOptions(ask, signal));
    case 'look':
      return desk.look();
    case 'conflicts':
      return desk.conflicts();
    case 'resolve':
      await desk.resolve(ask.path, ask.choice);
      return null;
    case 'restore':
      return desk.restore({ what: ask.what, dryRun: ask.dryRun, releaseHeld: ask.releaseHeld }, { signal });
    case 'store-now':
      return desk.storeNow();
    case 'pause':
      if (ask.until !== null && !Number.isFinite(ask.until)) throw new SyncError('usage', 'a pause ends at a time or not at all');
      await desk.pause(ask.until);
      return null;
    case 'resume':
      await desk.resume();
      return null;
    default:
      return assertNever(ask);
  }
}

function syncOptions({ full, force, dryRun, releaseHeld, path }: Extract<Ask, { readonly ask: 'sync' }>, signal: AbortSignal): SyncOptions {
  return { full, force, dryRun, releaseHeld, signal, ...(path === null ? {} : { path }) };
}
