import type { Clock } from '../platform/clock.ts';
import type { Fs } from '../platform/fs.ts';

/** With less than this free a disk counts as full, unless the user says otherwise: logs, the state and every other program need some. */
export const LITTLE_BYTES = 256_000_000;
/** Only with so much more is there room again, so that it does not go back and forth. */
const ENOUGH = 2;
const LOOK_EVERY_MS = 30_000;

export interface DiskGuardPorts {
  readonly fs: Pick<Fs, 'freeBytes'>;
  readonly clock: Clock;
  /** Each lies on a disk that must not fill up. */
  readonly folders: readonly string[];
  /** Left out: {@link LITTLE_BYTES}. */
  readonly little?: number;
  readonly onChange: (low: boolean) => void;
}

/** Looks every half minute whether the disks a folder is written to still have room (C55). A disk that cannot be asked is no reason to stop. */
export async function guardDisk({ fs, clock, folders, little = LITTLE_BYTES, onChange }: DiskGuardPorts, signal: AbortSignal): Promise<void> {
  let low: boolean = false;
  while (!signal.aborted) {
    const free = await Promise.all(folders.map((folder) => fs.freeBytes(folder).catch(() => null)));
    if (signal.aborted) return;
    const least = Math.min(...free.map((bytes) => bytes ?? Number.POSITIVE_INFINITY));
    const next: boolean = least < (low ? ENOUGH * little : little);
    if (next !== low) onChange(next);
    low = next;
    await clock.sleep(LOOK_EVERY_MS, signal).catch(() => undefined);
  }
}
