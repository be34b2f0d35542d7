import type { EngineHealth } from '../../src-preload/contract/model.ts';
import type { Pause } from '../compose/pair-rest.ts';
import { SyncError } from '../core/errors.ts';
import type { Clock } from '../platform/clock.ts';
import { asError, type CallName, type EngineCalls, type EngineNews, type FromWorker, type ToWorker } from './engine-protocol.ts';

/** What the client needs of a worker thread. */
export interface EngineThread {
  postMessage(message: ToWorker): void;
  on(event: 'message', listener: (message: FromWorker) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
  terminate(): Promise<unknown>;
}

export interface ClientPorts {
  readonly spawn: () => EngineThread;
  readonly clock: Clock;
  readonly onNews: (news: EngineNews) => void;
  /** A mistake that nobody caught, in the work of that pair where it is known. */
  readonly onFault: (error: Error, pair: string | null) => void;
  readonly onPaused: (pair: string, pause: Pause) => void;
  readonly onHealth: (health: EngineHealth) => void;
  /** A new thread is up and knows no pair yet. */
  readonly onStart: () => void;
}

/** A thread that ends so often within the time is not started again by itself. */
const MOST_CRASHES = 5;
const WITHIN_MS = 300_000;
const FIRST_WAIT_MS = 500;

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: SyncError) => void;
}

/** The main thread's end of the engine thread: calls become promises; a thread that dies is replaced, and that is said. */
export class EngineClient {
  readonly #ports: ClientPorts;
  readonly #waiting = new Map<number, Waiting>();
  #thread: EngineThread | null = null;
  #nextId = 1;
  #crashes: number[] = [];
  #stopping = false;

  constructor(ports: ClientPorts) {
    this.#ports = ports;
  }

  start(): void {
    if (this.#thread !== null || this.#stopping) return;
    const thread = this.#ports.spawn();
    let reason = '';
    thread.on('message', (message) => this.#receive(message));
    thread.on('error', (error) => {
      reason = error.message;
    });
    thread.on('exit', (code) => this.#ended(thread, reason || `exit code ${code}`));
    this.#thread = thread;
    this.#ports.onStart();
  }

  /** The user asks for another try after `stopped`. */
  restart(): void {
    this.#crashes = [];
    if (this.#thread !== null) return;
    this.#ports.onHealth({ kind: 'running' });
    this.start();
  }

  call<C extends CallName>(call: C, input: EngineCalls[C]['input']): Promise<EngineCalls[C]['answer']> {
    const thread = this.#thread;
    if (thread === null) return Promise.reject(notRunning());
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: never) => void, reject });
      thread.postMessage({ id, call, input } as ToWorker);
    });
  }

  /** Lets every engine finish the step in flight, for so long at most; then ends the thread. */
  async stop(withinMs: number): Promise<void> {
    this.#stopping = true;
    const thread = this.#thread;
    if (thread === null) return;
    const late = new AbortController();
    await Promise.race([this.call('stop', null).catch(() => undefined), this.#ports.clock.sleep(withinMs, late.signal).catch(() => undefined)]);
    late.abort();
    await thread.terminate();
  }

  #receive(message: FromWorker): void {
    if (message.kind === 'news') {
      this.#ports.onNews(message.news);
      return;
    }
    if (message.kind === 'fault') {
      this.#ports.onFault(Object.assign(new Error(message.message), { stack: message.stack }), message.pair);
      return;
    }
    if (message.kind === 'paused') {
      this.#ports.onPaused(message.pair, message.pause);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.kind === 'answer') waiting?.resolve(message.value as never);
    else waiting?.reject(asError(message.error));
  }

  #ended(thread: EngineThread, reason: string): void {
    if (this.#thread !== thread) return;
    this.#thread = null;
    for (const { reject } of this.#waiting.values()) reject(notRunning());
    this.#waiting.clear();
    if (!this.#stopping) void this.#startAgain(reason);
  }

  async #startAgain(reason: string): Promise<void> {
    const { clock, onHealth } = this.#ports;
    const now = clock.now();
    this.#crashes = [...this.#crashes.filter((at) => now - at < WITHIN_MS), now];
    if (this.#crashes.length > MOST_CRASHES) {
      onHealth({ kind: 'stopped', message: reason });
      return;
    }
    onHealth({ kind: 'restarting', message: reason });
    await clock.sleep(FIRST_WAIT_MS * 2 ** (this.#crashes.length - 1)).catch(() => undefined);
    if (this.#thread !== null || this.#stopping) return;
    this.start();
    onHealth({ kind: 'restarted', at: clock.now(), message: reason });
  }
}

function notRunning(): SyncError {
  return new SyncError('busy', 'the sync engine is being started again', { hint: 'Try again in a moment.' });
}
