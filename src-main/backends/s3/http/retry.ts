import { SyncError, throwIfAborted } from '../../../core/errors.ts';
import type { Clock, Random } from '../../../platform/clock.ts';
import { type Call, type Fault, headerOf, type Outcome, type Reply } from './call.ts';
import { faultError } from './map-error.ts';
import type { Wire } from './wire.ts';

const TRIES = 6;
const BASE_MS = 100;
const MOST_MS = 5_000;
/** A store that wants a longer pause gets it from whoever called: holding the call open would only hide it. */
const LONGEST_PAUSE_MS = 30_000;

const BUSY_STATUS = [408, 429, 500, 502, 503, 504];
const BUSY_CODES = ['InternalError', 'OperationTimedOut', 'RequestTimeout', 'ServiceUnavailable', 'SlowDown', 'TooManyRequests'];
/** Answers that say for certain that nothing was stored. */
const UNDONE_CODES = ['BadDigest', 'IncompleteBody', 'RequestTimeout', 'SlowDown', 'TooManyRequests', 'XAmzContentSHA256Mismatch'];

export interface RetryPorts {
  readonly clock: Clock;
  readonly random: Random;
}

export type WriteReply = Reply | { readonly kind: 'unanswered'; readonly error: SyncError };

/** Tries again what may be tried again (an allow-list), waiting longer each time. */
export class Retries {
  readonly #wire: Wire;
  readonly #ports: RetryPorts;

  constructor(wire: Wire, ports: RetryPorts) {
    this.#wire = wire;
    this.#ports = ports;
  }

  /** For what may happen twice. @throws SyncError `unreachable` or `throttled` when no answer could be had */
  async read(call: Call): Promise<Reply> {
    for (let tries = 1; ; tries++) {
      const outcome = await this.#wire.exchange(call);
      if (outcome.kind !== 'lost' && !isBusy(outcome) && !isUndone(outcome)) return outcome;
      if (tries === TRIES || (outcome.kind === 'lost' && outcome.isLasting)) throw this.#errorOf(outcome, call);
      await this.#pause(outcome, call, tries);
    }
  }

  /** For what must not happen twice: tried again only while it certainly did not happen. @throws SyncError `unreachable` or `throttled` when it certainly did not happen in the end */
  async write(call: Call): Promise<WriteReply> {
    for (let tries = 1; ; tries++) {
      const outcome = await this.#wire.exchange(call);
      if (outcome.kind !== 'lost' && ((!isBusy(outcome) && !isUndone(outcome)) || isLostRace(outcome, call))) return outcome;
      if (!isUndone(outcome)) return { kind: 'unanswered', error: this.#errorOf(outcome, call) };
      if (tries === TRIES || (outcome.kind === 'lost' && outcome.isLasting)) throw this.#errorOf(outcome, call);
      await this.#pause(outcome, call, tries);
    }
  }

  #errorOf(outcome: Outcome, call: Call): SyncError {
    if (outcome.kind === 'lost') return outcome.error;
    return outcome.kind === 'fault' ? faultError(outcome, call, this.#wire.place) : new SyncError('internal', 'a success is no error');
  }

  async #pause(outcome: Outcome, call: Call, tries: number): Promise<void> {
    const wantedMs = outcome.kind === 'fault' ? retryAfterMs(outcome, this.#ports.clock) : 0;
    if (wantedMs > LONGEST_PAUSE_MS) throw this.#errorOf(outcome, call);
    await this.pause(tries, call.signal, wantedMs);
  }

  /** Longer each time, and never the same for two devices. */
  async pause(tries: number, signal: AbortSignal | undefined, atLeastMs = 0): Promise<void> {
    throwIfAborted(signal);
    await this.#ports.clock.sleep(atLeastMs + this.#ports.random.fraction() * Math.min(MOST_MS, BASE_MS * 2 ** (tries - 1)), signal);
  }
}

/** How a Ceph gateway answers a write with If-Match that another one overtook: its ECANCELED has no S3 error of its own. Nothing was stored then. */
function isLostRace(reply: Reply, { headers }: Call): boolean {
  return reply.kind === 'fault' && reply.status === 500 && reply.code === 'UnknownError' && headers?.['if-match'] !== undefined;
}

function isBusy(reply: Reply): boolean {
  return reply.kind === 'fault' && (BUSY_STATUS.includes(reply.status) || BUSY_CODES.includes(reply.code));
}

/** Within a 200 even "slow down" says nothing about what was done before. */
function isUndone(outcome: Outcome): boolean {
  if (outcome.kind === 'lost') return outcome.effect === 'certainly-none';
  if (outcome.kind === 'ok') return false;
  return outcome.status >= 400 && (outcome.status === 429 || UNDONE_CODES.includes(outcome.code));
}

function retryAfterMs({ headers }: Fault, clock: Clock): number {
  const text = headerOf(headers, 'retry-after');
  if (text === undefined) return 0;
  const ms = /^\d+$/.test(text.trim()) ? Number(text) * 1000 : Date.parse(text) - clock.now();
  return Number.isNaN(ms) ? 0 : Math.max(0, ms);
}
