import type { Clock } from '../platform/clock.ts';
import { withoutSecrets } from './without-secrets.ts';

export interface FaultPorts {
  readonly clock: Clock;
  readonly log: (message: string, fields: Readonly<Record<string, unknown>>) => void;
  /** Something to tell the user, in one line. */
  readonly onFault: (text: string) => void;
}

/** Where a mistake of our own showed. */
export type FaultPlace = 'main' | 'engine' | 'window';

/** One and the same mistake is written so often at most. */
const AGAIN_AFTER_MS = 60_000;
/** Different ones are remembered so many at most. */
const REMEMBERED = 200;
const LONGEST = 300;

/** Takes the mistakes nobody caught: each is in the log and on a card, and the app goes on. A mistake that repeats fills neither. */
export class FaultDesk {
  readonly #ports: FaultPorts;
  readonly #seen = new Map<string, { at: number; more: number }>();

  constructor(ports: FaultPorts) {
    this.#ports = ports;
  }

  /** `folder`: the id of the pair in whose work it happened. */
  record(place: FaultPlace, error: unknown, folder: string | null = null): void {
    const { clock, log, onFault } = this.#ports;
    const text = oneLine(error);
    const key = `${place} ${text}`;
    const before = this.#seen.get(key);
    const now = clock.now();
    if (before !== undefined && now >= before.at && now - before.at < AGAIN_AFTER_MS) {
      before.more++;
      return;
    }
    if (this.#seen.size >= REMEMBERED) this.#seen.clear();
    this.#seen.set(key, { at: now, more: 0 });
    const stack = error instanceof Error && error.stack !== undefined ? withoutSecrets(error.stack) : null;
    log('unexpected', { place, ...(folder === null ? {} : { folder }), error: text, stack, repeated: before?.more ?? 0 });
    onFault(text);
  }
}

/** The message, cut to what a card holds, without what looks like a secret. */
export function oneLine(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  const plain = withoutSecrets(text)
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim();
  return plain.length <= LONGEST ? plain : `${plain.slice(0, LONGEST - 1)}…`;
}

/** A pipe that its reader closed: the terminal is gone, and nothing is wrong. */
export function isClosedPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE' && 'syscall' in error && error.syscall === 'write';
}
