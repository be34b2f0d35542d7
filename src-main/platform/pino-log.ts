import type { Clock } from './clock.ts';
import type { Fs } from './fs.ts';
import { RotatingFile } from './rotating-file.ts';

type Level = 'debug' | 'info' | 'warn' | 'error';

/** A structured log in a file, one line each. */
export interface FileLog {
  line(level: Level, message: string, fields: Readonly<Record<string, unknown>>): void;
  /** Writes what waits. */
  close(): Promise<void>;
}

/** `json`: one document a line, for programs. `text`: one line for people. */
export type LogFormat = 'json' | 'text';

export interface FileLogOptions {
  readonly file: string;
  readonly level: Level | 'silent';
  readonly format?: LogFormat;
  readonly fs: Fs;
  readonly clock: Clock;
}

const LIMITS = { maxBytes: 10 * 1024 * 1024, maxAgeMs: 7 * 86_400_000, kept: 3, maxWaitingBytes: 4 * 1024 * 1024 };
const LEVELS: readonly Level[] = ['debug', 'info', 'warn', 'error'];

/** Opens the log for appending; its folder must exist. A log that cannot be written never stops the work it is about. */
export async function openFileLog({ file, level, format = 'json', fs, clock }: FileLogOptions): Promise<FileLog> {
  const out = new RotatingFile({ file, fs, clock, ...LIMITS });
  // What looks at a folder only, or answers `--help`, does not load it.
  const { pino } = await import('pino');
  const logger = pino(
    { level, base: { pid: process.pid }, timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`, formatters: { level: (label) => ({ level: label }) } },
    { write: (text: string) => out.write(text) },
  );
  const isOn = (at: Level): boolean => level !== 'silent' && LEVELS.indexOf(at) >= LEVELS.indexOf(level);
  return {
    line: (at, message, fields) => {
      if (format === 'json') logger[at](plain(fields), message);
      else if (isOn(at)) out.write(textLine(new Date(clock.now()).toISOString(), at, message, fields));
    },
    close: () => out.close(),
  };
}

/** `2026-11-23T00:00:00.000Z info  plan path=docs/a.txt action=upload reason="new here" cycle=c1` */
function textLine(time: string, level: Level, message: string, fields: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(plain(fields))
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${name}=${wordOf(value)}`);
  return `${[time, level.padEnd(5), oneLine(message), ...parts].join(' ')}\n`;
}

function wordOf(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return /^[^\s"=\p{Cc}]+$/u.test(text) ? text : JSON.stringify(text);
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, ' ');
}

/** JSON has no whole numbers beyond 2^53. */
function plain(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, typeof value === 'bigint' ? String(value) : value]));
}
