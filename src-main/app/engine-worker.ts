import { parentPort } from 'node:worker_threads';
import { composePair } from '../compose.ts';
import { nodePlatform } from '../platform/node-platform.ts';
import { EngineHost } from './engine-host.ts';
import type { ToWorker } from './engine-protocol.ts';

/** Entry of the engine thread: every pair's engine runs here, so that no scan, hash or database call can hold up the windows. */
const port = parentPort;
if (port !== null) {
  const host = new EngineHost({ compose: composePair, platform: nodePlatform(), send: (message) => port.postMessage(message) });
  port.on('message', (message: ToWorker) => void host.receive(message));
}
