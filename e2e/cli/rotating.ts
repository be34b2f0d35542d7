import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Device, type Running, treeOf } from './world.ts';

const MARK_BYTES = 25;

/** The epoch in the clear header of a container; null for what is none. */
export function epochIn(body: Uint8Array): number | null {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return bytes.subarray(0, 4).toString() === 'FSC1' ? bytes.readUInt32BE(8) : null;
}

/** Epochs in the clear headers of everything a backup folder holds. */
export function epochsIn(backup: string): readonly number[] {
  const epochs = [...treeOf(backup, true).values()].flatMap((body) => (Buffer.isBuffer(body) ? (epochIn(body) ?? []) : []));
  return [...new Set(epochs)].sort();
}

/** Kills a re-encryption once its journal holds so many more marks. */
export function killAfter(device: Device, running: Running, marks: number): void {
  const size = (): number =>
    (existsSync(device.state) ? readdirSync(device.state) : []).filter((name) => name.endsWith('.journal')).reduce((sum, name) => sum + statSync(join(device.state, name)).size, 0);
  const from = size();
  const look = setInterval(() => {
    if (running.child.exitCode !== null) return;
    if (size() - from >= marks * MARK_BYTES) running.child.kill('SIGKILL');
  }, 5);
  void running.ended.finally(() => clearInterval(look));
}
