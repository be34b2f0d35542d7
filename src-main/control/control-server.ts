import { chmodSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import type { EngineLog } from '../engine/log.ts';
import type { Chance, Clock, NewHasher } from '../platform/clock.ts';
import type { Fs } from '../platform/fs.ts';
import type { Home } from '../platform/platform.ts';
import { ControlConnection, type ControlService } from './control-connection.ts';
import { addresses, type ControlPlace, controlFile, isPrivateFolder, writePlace } from './control-place.ts';
import type { Welcome } from './control-protocol.ts';

/** Of everybody who may connect, so many at once. */
const MOST_CONNECTIONS = 16;

export interface ServerPorts {
  /** A lock that the caller holds: only so is what lies about there left by somebody who is gone. */
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

/** The owner's end: commands of the same user are heard from now on. */
export interface ControlServer {
  readonly place: ControlPlace | null;
  /** Whoever waits is let go without an answer. May be called twice. */
  close(): Promise<void>;
}

/** Never throws: where no socket can be had, commands are told that it is in use. */
export async function openServer<Ask extends { readonly id: number }>(ports: ServerPorts, service: ControlService<Ask>): Promise<ControlServer> {
  const { fs, chance, lockFile, home, newHasher, log } = ports;
  const hex = (bytes: number): string => Buffer.from(chance(bytes)).toString('hex');
  const token = hex(32);
  const since = ports.clock.now();
  const connections = new Set<ControlConnection<Ask>>();
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
      service,
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
