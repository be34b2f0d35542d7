import { parentPort } from 'node:worker_threads';
import { storeTools } from '../compose/store.ts';
import { composePair } from '../compose.ts';
import { memoryKeychain } from '../keychain/memory-keychain.ts';
import { nodePlatform } from '../platform/node-platform.ts';
import { EngineHost } from './engine-host.ts';
import type { ToWorker } from './engine-protocol.ts';
import { storageTools } from './storage-tools.ts';
import { vaultTools } from './vault-tools.ts';

/** Entry of the engine thread: every pair's engine runs here, so that no scan, hash or database call can hold up the windows. */
const port = parentPort;
if (port !== null) {
  const platform = nodePlatform();
  // Keys come from the main thread; this one asks no keychain.
  const stores = storeTools(platform, memoryKeychain());
  const host = new EngineHost({
    compose: composePair,
    platform,
    storage: storageTools(stores, platform),
    vaults: vaultTools(stores, platform),
    send: (message) => port.postMessage(message),
    end: () => process.exit(1),
  });
  // What goes wrong in the work of one folder says nothing about the others, nor does a promise that nobody waited for. Anything else ends the thread, which is replaced.
  process.on('unhandledRejection', (error) => host.fault(error));
  process.on('uncaughtException', (error) => {
    if (!host.fault(error)) throw error;
  });
  port.on('message', (message: ToWorker) => void host.receive(message));
}
