import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { dirname } from 'node:path';
import type { Conflict } from '../core/conflict.ts';
import { SyncError } from '../core/errors.ts';
import type { CycleReport } from '../core/events.ts';
import type { DrillReport } from '../engine/drill.ts';
import { Emitter } from '../engine/emitter.ts';
import type { RestoredReport } from '../engine/sync-manager.ts';
import type { VerifyReport } from '../engine/verify-report.ts';
import type { Clock } from '../platform/clock.ts';
import type { AppDesk } from './app-control.ts';
import { type ControlPlace, isOurs } from './control-place.ts';
import { ANSWER, asError, GREETING, HANDSHAKE_MS, isProof, LONGEST_ANSWER, PROTOCOL, proofOf, WELCOME, type Welcome } from './control-protocol.ts';
import { LineStream } from './line-stream.ts';
import type { DeskEvents, PairDesk, PairLook, PastRun } from './pair-desk.ts';
import { type Place, withLists } from './pieces.ts';
import type { RestoreDone } from './restore-request.ts';

/** The owner of a folder, spoken to. */
export interface Owner {
  readonly desk: PairDesk;
  readonly who: Omit<Welcome, 'proof'>;
  /** It went away, or is going, before it had answered. */
  readonly isLost: boolean;
  close(): void;
}

/** The running desktop app, spoken to. */
export interface AppEnd extends AppDesk {
  close(): void;
}

export interface ConnectPorts {
  readonly clock: Pick<Clock, 'sleep'>;
  readonly isWindows: boolean;
}

/** Null where nobody listens, or nobody who proves to be this user's own. Throws `locked` where it is of another version. */
export async function connectOwner(place: ControlPlace, ports: ConnectPorts): Promise<Owner | null> {
  const found = await connectTo(place, ports);
  return found === null ? null : found.client.owner(found.who);
}

/** As {@link connectOwner}, for the place where the app listens. */
export async function connectApp(place: ControlPlace, ports: ConnectPorts): Promise<AppEnd | null> {
  const client = (await connectTo(place, ports))?.client;
  return client === undefined ? null : { set: (folder, name, value) => client.ask({ ask: 'set', folder, name, value }), close: () => client.close() };
}

async function connectTo(place: ControlPlace, { clock, isWindows }: ConnectPorts): Promise<{ readonly client: ControlClient; readonly who: Omit<Welcome, 'proof'> } | null> {
  // A socket that somebody else made, or could have replaced, is not spoken to.
  if (!isWindows && !(isOurs(place.address, 0) && isOurs(dirname(place.address), 0o077))) return null;
  const socket = await open(place.address);
  if (socket === null) return null;
  const client = new ControlClient(socket, place.token);
  const late = new AbortController();
  try {
    await Promise.race([client.known, clock.sleep(HANDSHAKE_MS, late.signal).catch(() => new Promise(() => undefined))]);
  } finally {
    late.abort();
  }
  if (client.who !== null) return { client, who: client.who };
  const { isOther } = client;
  client.close();
  if (isOther) throw new SyncError('locked', 'a File Sync of another version is running here', { hint: 'Restart that one, or update this command, so that both are the same.' });
  return null;
}

function open(address: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(null));
  });
}

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: SyncError) => void;
  readonly pieces: { readonly at: Place; readonly items: readonly unknown[] }[];
}

class ControlClient {
  readonly #lines: LineStream;
  readonly #token: string;
  readonly #nonce = randomBytes(16).toString('hex');
  readonly #events = new Emitter<DeskEvents>();
  readonly #waiting = new Map<number, Waiting>();
  #greeting: string | null = null;
  #nextId = 1;
  #isOver = false;
  #isLost = false;
  #settle: () => void = () => undefined;
  /** Who it is, once it has proved it. */
  who: Omit<Welcome, 'proof'> | null = null;
  isOther = false;
  /** Resolves when it is known who, or that nobody, is there. */
  readonly known = new Promise<void>((resolve) => {
    this.#settle = resolve;
  });

  constructor(socket: Socket, token: string) {
    this.#token = token;
    this.#lines = new LineStream(socket, { longest: LONGEST_ANSWER, onLine: (value) => this.#hear(value), onEnd: () => this.#end() });
  }

  owner(who: Omit<Welcome, 'proof'>): Owner {
    const client = this;
    return {
      who,
      get isLost() {
        return client.#isLost;
      },
      close: () => this.close(),
      desk: {
        source: who.source,
        sync: ({ signal, full = false, force = false, dryRun = false, releaseHeld = false, path = null }) =>
          this.ask<CycleReport>({ ask: 'sync', full, force, dryRun, releaseHeld, path }, signal),
        look: () => this.ask<PairLook>({ ask: 'look' }),
        conflicts: () => this.ask<readonly Conflict[]>({ ask: 'conflicts' }),
        resolve: (path, choice) => this.ask({ ask: 'resolve', path, choice }),
        restore: (request, { signal }) => this.ask<RestoreDone>({ ask: 'restore', ...request }, signal),
        runs: () => this.ask<readonly PastRun[]>({ ask: 'runs' }),
        verify: ({ content, signal }) => this.ask<VerifyReport>({ ask: 'verify', content }, signal),
        drill: ({ sample, signal }) => this.ask<DrillReport>({ ask: 'drill', sample }, signal),
        acceptRestored: ({ dryRun, signal }) => this.ask<RestoredReport>({ ask: 'accept-restored', dryRun }, signal),
        storeNow: () => this.ask<number>({ ask: 'store-now' }),
        pause: (until) => this.ask({ ask: 'pause', until }),
        resume: () => this.ask({ ask: 'resume' }),
        on: (event, listener) => this.#events.on(event, listener),
      },
    };
  }

  close(): void {
    this.#isOver = true;
    this.#lines.destroy();
  }

  ask<T>(ask: object, signal?: AbortSignal): Promise<T> {
    const id = this.#nextId++;
    const cancel = (): void => this.#lines.send({ cancel: id });
    const answered = new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: never) => void, reject, pieces: [] });
      if (this.#isOver) this.#end();
      this.#lines.send({ id, ...ask });
      if (signal?.aborted) cancel();
      signal?.addEventListener('abort', cancel, { once: true });
    });
    return answered.finally(() => signal?.removeEventListener('abort', cancel));
  }

  #hear(value: unknown): void {
    if (this.who === null) return this.#meet(value);
    const read = ANSWER.safeParse(value);
    if (!read.success || !('id' in read.data)) return this.#lines.destroy();
    const answer = read.data;
    const waiting = this.#waiting.get(answer.id);
    if ('event' in answer) this.#events.emit(answer.event, answer.value as never);
    else if ('items' in answer) waiting?.pieces.push(answer);
    else {
      this.#waiting.delete(answer.id);
      if ('error' in answer) {
        // Its own end, not ours, cut the work short.
        if (answer.error.code === 'aborted') this.#isLost = true;
        waiting?.reject(asError(answer.error));
      } else waiting?.resolve(withLists(answer.result, waiting.pieces) as never);
    }
  }

  #meet(value: unknown): void {
    if (this.#greeting === null) {
      const greeting = GREETING.safeParse(value);
      this.isOther = greeting.success && greeting.data.fileSync !== PROTOCOL;
      if (!greeting.success || this.isOther) return this.#settle();
      this.#greeting = greeting.data.nonce;
      return this.#lines.send({ protocol: PROTOCOL, nonce: this.#nonce, proof: proofOf(this.#token, 'command', this.#nonce, this.#greeting) });
    }
    const welcome = WELCOME.safeParse(value);
    if (welcome.success && isProof(welcome.data.proof, proofOf(this.#token, 'owner', this.#greeting, this.#nonce))) {
      const { proof: _, ...who } = welcome.data;
      this.who = who;
    }
    this.#settle();
  }

  #end(): void {
    if (!this.#isOver) this.#isLost = true;
    this.#isOver = true;
    this.#settle();
    for (const { reject } of this.#waiting.values())
      reject(new SyncError('busy', 'the File Sync that owned this folder ended before it had answered', { hint: 'Run the command again.' }));
    this.#waiting.clear();
  }
}
