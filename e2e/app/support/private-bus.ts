import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';

export interface PrivateBus {
  readonly address: string;
  stop(): void;
}

/** A message bus of its own on which only what a test starts exists. */
export async function startPrivateBus(): Promise<PrivateBus> {
  const config = path.join(import.meta.dirname, 'private-bus.conf');
  const daemon: ChildProcess = spawn('dbus-daemon', [`--config-file=${config}`, '--nofork', '--print-address=1'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const address = await new Promise<string>((resolve, reject) => {
    daemon.stdout?.once('data', (data: Buffer) => resolve(data.toString().trim()));
    daemon.once('error', reject);
  });
  return { address, stop: () => daemon.kill() };
}
