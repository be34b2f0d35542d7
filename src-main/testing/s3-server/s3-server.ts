import { createHash } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Bucket } from './bucket.ts';
import type { World } from './call.ts';
import { ContentStore } from './content.ts';
import { Exchange, type Serving } from './exchange.ts';
import { FaultScript } from './faults.ts';
import { type Profile, type Quirks, quirksOf } from './quirks.ts';
import type { Credential } from './sigv4.ts';
import { Traffic } from './traffic.ts';

export interface S3ServerOptions {
  /** The store it behaves like; `aws` unless given. */
  readonly profile?: Profile;
  /** Differences from the profile. */
  readonly quirks?: Partial<Quirks>;
  /** Buckets that are there from the start. */
  readonly buckets?: readonly string[];
  readonly credentials?: readonly Credential[];
  readonly region?: string;
  /** The server's clock, ms since the epoch. */
  readonly nowMs?: () => number;
  /** Bodies longer than this lie in files. */
  readonly spillBytes?: number;
  readonly port?: number;
}

export const TEST_CREDENTIAL: Credential = { accessKeyId: 'TESTACCESSKEY0000001', secretAccessKey: 'test-secret-of-no-account' };

const MIB = 1024 * 1024;

/** An S3 server within the test's own process, on loopback. */
export class S3Server {
  readonly faults = new FaultScript();
  readonly traffic = new Traffic();
  /** May be changed at any time: keys are added, expire, are taken away. */
  readonly credentials: Credential[];
  /** Actions that nobody may do, by IAM name; may be changed at any time. */
  readonly denied = new Set<string>();
  readonly region: string;
  readonly #world: World;
  readonly #store: ContentStore;
  readonly #sockets = new Set<Socket>();
  readonly #waits = new Set<() => void>();
  readonly #server: http.Server;
  /** Errors of the server itself; the test must not pass with one. */
  readonly #failures: unknown[] = [];
  #isReachable = true;

  private constructor(options: S3ServerOptions) {
    this.region = options.region ?? 'us-east-1';
    this.credentials = [...(options.credentials ?? [TEST_CREDENTIAL])];
    this.#store = new ContentStore(options.spillBytes ?? 4 * MIB);
    let ids = 0;
    this.#world = {
      buckets: new Map(),
      quirks: quirksOf(options.profile ?? 'aws', options.quirks),
      region: this.region,
      denied: this.denied,
      nowMs: options.nowMs ?? Date.now,
      freshId: () => createHash('md5').update(`id ${ids++}`).digest('hex'),
    };
    for (const name of options.buckets ?? []) this.#world.buckets.set(name, new Bucket(name, this.#world.nowMs(), this.#world.quirks));
    this.#server = this.#listenerFor({
      world: this.#world,
      store: this.#store,
      faults: this.faults,
      traffic: this.traffic,
      credentials: this.credentials,
      wait: (ms) => this.#wait(ms),
    });
  }

  static async start(options: S3ServerOptions = {}): Promise<S3Server> {
    const server = new S3Server(options);
    await new Promise<void>((resolve, reject) => {
      server.#server.once('error', reject);
      server.#server.listen(options.port ?? 0, '127.0.0.1', resolve);
    });
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What a bucket holds, past the protocol; for looking and for damaging. */
  bucket(name: string): Bucket {
    const bucket = this.#world.buckets.get(name);
    if (bucket === undefined) throw new Error(`no bucket ${name}`);
    return bucket;
  }

  /** While false, connections are reset as soon as they are made: the network is gone. */
  setReachable(isReachable: boolean): void {
    this.#isReachable = isReachable;
    if (!isReachable) for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Ends every connection, also the ones that hang. @throws what went wrong within the server */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const wake of this.#waits) wake();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    await this.#store.close();
    if (this.#failures.length > 0) throw this.#failures[0];
  }

  #listenerFor(serving: Serving): http.Server {
    const server = http.createServer({ keepAliveTimeout: 0, requestTimeout: 0 }, (message, response) => {
      new Exchange(serving, message, response).run().catch((error: unknown) => {
        if (!message.socket.destroyed && !isBrokenConnection(error)) this.#failures.push(error);
        message.socket.destroy();
      });
    });
    return server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      if (!this.#isReachable) socket.resetAndDestroy();
    });
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waits.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.#waits.add(wake);
    });
  }
}

/** The client went away in the middle: nothing is wrong with the server. */
function isBrokenConnection(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'ECONNABORTED'].includes(String(error.code));
}
