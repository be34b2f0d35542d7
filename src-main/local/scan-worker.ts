import { parentPort } from 'node:worker_threads';
import { SyncError } from '../core/errors.ts';
import { nodeClock } from '../platform/node-clock.ts';
import { nodeFs } from '../platform/node-fs.ts';
import { nodeHasher } from '../platform/node-hash.ts';
import { scan } from './scan.ts';
import type { ScanSink } from './scan-job.ts';
import type { FromWorker, ToWorker } from './scan-messages.ts';

/** Entry of the scan thread. File calls block here, which is several times faster and disturbs nobody; a scan is stopped by ending the thread, since it changes nothing. */
if (parentPort !== null) serve(parentPort);

function serve(port: NonNullable<typeof parentPort>): void {
  const ports = { fs: nodeFs({ blocking: true }), clock: nodeClock, newHasher: nodeHasher };
  const post = (message: FromWorker): void => port.postMessage(message);
  /** Goes on when the other side has answered. */
  let answered: (wanted: readonly number[]) => void = () => undefined;
  const ask = (message: FromWorker): Promise<readonly number[]> =>
    new Promise((resolve) => {
      answered = resolve;
      post(message);
    });
  const sink: ScanSink = {
    seen: (batch) => ask({ kind: 'seen', batch }),
    hashed: async (results) => void (await ask({ kind: 'hashed', results })),
    progress: (bytes) => post({ kind: 'progress', bytes }),
    check: () => undefined,
  };
  port.on('message', (message: ToWorker) => {
    if (message.kind === 'answer') answered(message.wanted);
    else {
      scan(message.job, ports, sink).then(
        () => post({ kind: 'done' }),
        (error: unknown) => post(failure(error)),
      );
    }
  });
}

function failure(error: unknown): FromWorker {
  if (!(error instanceof SyncError)) return { kind: 'failed', code: 'internal', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  const { code, message, path, hint } = error;
  return { kind: 'failed', code, message, ...(path === undefined ? {} : { path }), ...(hint === undefined ? {} : { hint }) };
}
