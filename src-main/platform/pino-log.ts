import { dirname } from 'node:path';
import { pino } from 'pino';
import type { Clock } from './clock.ts';
import type { Fs } from './fs.ts';

type Level = 'debug' | 'info' | 'warn' | 'error';

/** A structured log in a file, one JSON line each. */
export interface FileLog {
  line(level: Level, message: string, fields: Readonly<Record<string, unknown>>): void;
  /** Writes what waits. */
  close(): Promise<void>;
}

export interface FileLogOptions {
  readonly file: string;
  readonly level: Level | 'silent';
  readonly fs: Fs;
  readonly clock: Clock;
}

/** A log past this size becomes `<file>.1` when the next one is opened; so many old ones are kept. */
const ROTATE_BYTES = 10 * 1024 * 1024;
const KEPT = 3;
/** What waits for a slow or full disk; beyond it lines are dropped rather than memory filled. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/** Opens the log for appending; its folder must exist. A log that cannot be written never stops the work it is about. */
export async function openFileLog({ file, level, fs, clock }: FileLogOptions): Promise<FileLog> {
  await rotate(fs, file);
  const destination = pino.destination({ dest: file, append: true, mode: 0o600, sync: false, maxLength: MAX_WAITING_BYTES });
  destination.on('error', () => undefined);
  const logger = pino(
    { level, base: { pid: process.pid }, timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`, formatters: { level: (label) => ({ level: label }) } },
    destination,
  );
  return {
    line: (at, message, fields) => logger[at](plain(fields), message),
    close: () =>
      new Promise((resolve) => {
        destination.once('close', () => resolve());
        destination.once('error', () => resolve());
        destination.end();
      }),
  };
}

/** JSON has no whole numbers beyond 2^53. */
function plain(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, typeof value === 'bigint' ? String(value) : value]));
}

async function rotate(fs: Fs, file: string): Promise<void> {
  const stat = await fs.lstat(file);
  if (stat === null || stat.size <= ROTATE_BYTES) return;
  for (let n = KEPT - 1; n >= 1; n--) {
    if ((await fs.lstat(`${file}.${n}`)) !== null) await fs.rename(`${file}.${n}`, `${file}.${n + 1}`);
  }
  await fs.rename(file, `${file}.1`);
  await fs.syncFolder(dirname(file));
}
