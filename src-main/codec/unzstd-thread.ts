import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { SyncError } from '../core/errors.ts';
import { damaged } from './damage.ts';

/** Threads at most: each keeps a core busy while it unpacks. */
const THREADS = 2;

/**
 * What a thread runs: `fzstd`, named by where it lies, unpacks into a buffer of the exact size, which it cannot outgrow. As text, so that it needs no file of its own in a bundle, an archive or a package.
 */
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads');
const { decompress } = require(workerData);
parentPort.on('message', ({ id, data, size }) => {
  try {
    const bytes = decompress(data, new Uint8Array(size));
    const whole = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
    parentPort.postMessage({ id, bytes: whole }, [whole.buffer]);
  } catch (error) {
    parentPort.postMessage({ id, because: String(error && error.message || error) });
  }
});`;

type Answer = { readonly id: number; readonly bytes: Uint8Array } | { readonly id: number; readonly because: string };

interface Waiting {
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: SyncError) => void;
}

/** One thread with what it was asked and has not answered. It keeps no process from ending but while it owes an answer. */
class Thread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  isOver = false;

  constructor(library: string, code: string) {
    this.#worker = new Worker(code, { eval: true, workerData: library, stdin: false });
    this.#worker.on('message', (answer: Answer) => this.#take(answer));
    this.#worker.on('error', (cause) => this.#end(cause));
    this.#worker.on('exit', (code) => this.#end(new Error(`exit code ${code}`)));
    this.#worker.unref();
  }

  get owed(): number {
    return this.#waiting.size;
  }

  ask(data: Uint8Array, size: number): Promise<Uint8Array> {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.ref();
      // A copy of its own: what it is a view of stays here.
      const own = Uint8Array.from(data);
      this.#worker.postMessage({ id, data: own, size }, [own.buffer]);
    });
  }

  #take(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if ('bytes' in answer) waiting?.resolve(answer.bytes);
    else waiting?.reject(damaged('malformed', 'compressed data cannot be unpacked', { cause: new Error(answer.because) }));
  }

  #end(cause: unknown): void {
    this.isOver = true;
    for (const { reject } of this.#waiting.values()) reject(new SyncError('internal', 'the thread that unpacks compressed data ended', { cause, hint: 'It is tried again.' }));
    this.#waiting.clear();
  }
}

/** Unpacks zstd frames in threads of its own; the one with the least to do gets the next. One that failed is replaced. */
export class UnzstdThreads {
  readonly #code: string;
  #threads: Thread[] = [];

  constructor(code = THREAD) {
    this.#code = code;
  }

  /** At most `size` bytes; `malformed` for what cannot be unpacked, `internal` when the thread is lost. */
  unpack(data: Uint8Array, size: number): Promise<Uint8Array> {
    this.#threads = this.#threads.filter(({ isOver }) => !isOver);
    const idle = this.#threads.find(({ owed }) => owed === 0);
    const thread = idle ?? (this.#threads.length < THREADS ? this.#start() : this.#threads.reduce((least, next) => (next.owed < least.owed ? next : least)));
    return thread.ask(data, size);
  }

  #start(): Thread {
    const thread = new Thread(createRequire(import.meta.url).resolve('fzstd'), this.#code);
    this.#threads.push(thread);
    return thread;
  }
}
