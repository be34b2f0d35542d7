import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { isRoot } from './world.ts';

/** Only root can mount, and not in every container. */
export const canMount = ((): boolean => {
  if (!isRoot || process.platform !== 'linux') return false;
  const at = mkdtempSync(join(tmpdir(), 'file-sync-mount-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', at]).status === 0;
  if (mounted) spawnSync('umount', [at]);
  rmSync(at, { recursive: true });
  return mounted;
})();

/** Small disks of a test's own, taken away again at its end. */
export class Mounts {
  readonly #at: string[] = [];

  /** A disk in memory of a limited size, `4m` say. */
  memory(at: string, size: string): void {
    mkdirSync(at, { recursive: true });
    this.#mount(at, '-t', 'tmpfs', '-o', `size=${size},mode=755`, 'tmpfs', at);
  }

  has(at: string): boolean {
    return this.#at.includes(at);
  }

  resize(at: string, size: string): void {
    expect(spawnSync('mount', ['-o', `remount,size=${size}`, at]).status).toBe(0);
  }

  /** The folder `from` at a second place, as a drive that is plugged in there. */
  plugIn(from: string, at: string): void {
    this.#mount(at, '--bind', from, at);
  }

  /** Also while it is in use, as when a drive is pulled out. */
  pullOut(at: string): void {
    expect(spawnSync('umount', ['-l', at]).status).toBe(0);
    this.#at.splice(this.#at.lastIndexOf(at), 1);
  }

  end(): void {
    for (const at of this.#at.splice(0).reverse()) spawnSync('umount', ['-l', at]);
  }

  #mount(at: string, ...args: readonly string[]): void {
    expect(spawnSync('mount', args).status, `mount ${args.join(' ')}`).toBe(0);
    this.#at.push(at);
  }
}
