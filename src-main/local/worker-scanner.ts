import { Worker } from 'node:worker_threads';
import { assertNever, SyncError } from '../core/errors.ts';
import type { ScanJob, Scanner, ScanSink } from './scan-job.ts';
import type { FromWorker, ToWorker } from './scan-messages.ts';

/** Scans in a thread of its own, kept between scans; one scan at a time, the others wait. Batches are handed over one by one, so the calling thread is never busy with more than one. */
export function workerScanner(options: { readonly worker?: URL } = {}): Scanner {
  return new WorkerScanner(options.worker ?? builtWorker());
}

/** The built worker lies beside the entries; code shared between entries lies one folder deeper, in `chunks/`. */
function builtWorker(): URL {
  const here = new URL('.', import.meta.url);
  return new URL(here.pathname.endsWith('/chunks/') ? '../scan-worker.js' : './scan-worker.js', here);
}

class WorkerScanner implements Scanner {
  readonly #url: URL;
  #worker: Worker | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(url: URL) {
    this.#url = url;
  }

  async scan(job: ScanJob, sink: ScanSink, signal?: AbortSignal): Promise<void> {
    const turn = this.#last.then(() => this.#run(job, sink, signal));
    this.#last = turn.catch(() => undefined);
    await turn;
  }

  async close(): Promise<void> {
    await this.#drop();
  }

  async #run(job: ScanJob, sink: ScanSink, signal: AbortSignal | undefined): Promise<void> {
    sink.check();
    this.#worker ??= new Worker(this.#url);
    const worker = this.#worker;
    worker.ref();
    try {
      await converse(worker, job, sink, signal);
      worker.unref();
    } catch (error) {
      // The thread may still be in the middle of it. It changes nothing, so it is simply ended; the next scan starts another.
      await this.#drop();
      throw error;
    }
  }

  async #drop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }
}

function converse(worker: Worker, job: ScanJob, sink: ScanSink, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void): void => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      signal?.removeEventListener('abort', onAbort);
      settle();
    };
    const fail = (error: unknown): void => finish(() => reject(error));
    const onMessage = (message: FromWorker): void => {
      take(message, sink).then((answer) => {
        if (answer === 'done') finish(resolve);
        else if (answer !== null) worker.postMessage(answer);
      }, fail);
    };
    const onError = (cause: unknown): void => fail(new SyncError('internal', 'the scan thread failed', { cause }));
    const onExit = (): void => fail(new SyncError('internal', 'the scan thread ended'));
    const onAbort = (): void => fail(new SyncError('aborted', 'interrupted'));
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    signal?.addEventListener('abort', onAbort, { once: true });
    worker.postMessage({ kind: 'scan', job } satisfies ToWorker);
  });
}

async function take(message: FromWorker, sink: ScanSink): Promise<ToWorker | 'done' | null> {
  switch (message.kind) {
    case 'seen':
      return { kind: 'answer', wanted: await sink.seen(message.batch) };
    case 'hashed':
      await sink.hashed(message.results);
      return { kind: 'answer', wanted: [] };
    case 'progress':
      sink.progress(message.bytes);
      return null;
    case 'done':
      return 'done';
    case 'failed':
      throw new SyncError(message.code, message.message, message);
    default:
      return assertNever(message);
  }
}
