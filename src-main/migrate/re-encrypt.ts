import type { Backend, CallOptions, ListOptions, ObjectInfo } from '../backends/backend.ts';
import type { Resealed } from '../backends/wrap/resealing.ts';
import type { ProblemReason, Version } from '../core/entry.ts';
import type { ErrorCode, ErrorReason } from '../core/errors.ts';
import { PLACE_ERRORS, SyncError, throwIfAborted } from '../core/errors.ts';
import type { NewHasher } from '../platform/clock.ts';
import { inParallel } from '../remote/in-parallel.ts';
import type { Journal } from './journal.ts';

/** Objects at work at once, and how many are listed ahead of them. */
const AT_ONCE = 8;
const WINDOW = 512;
/** The whole is listed again until nothing was left to do; so often, since others may go on writing under an old key. */
const MAX_PASSES = 8;
/** 96 bits name a version of an object among any number of them. */
const MARK_DIGITS = 24;

/** A sealed backend, as far as it is needed. */
export interface Resealable extends Pick<Backend, 'list'> {
  reseal(at: { readonly key: string; readonly version: Version }, options?: CallOptions): Promise<Resealed>;
}

export interface ReEncryptPorts {
  readonly backend: Resealable;
  readonly journal: Journal;
  readonly newHasher: NewHasher;
}

export interface ReEncryptOptions extends CallOptions {
  readonly onProgress?: (progress: ReEncryptProgress) => void;
}

export interface ReEncryptProgress {
  /** Objects that were looked at, or known from the journal, in the first pass. */
  readonly seen: number;
  readonly resealed: number;
  /** Of what was written anew, as stored. */
  readonly bytes: number;
}

/** An object that was left as it is. */
export interface Refused {
  readonly key: string;
  readonly code: ErrorCode;
  readonly reason: ErrorReason | null;
  readonly message: string;
}

export interface ReEncryptReport extends ReEncryptProgress {
  /** A whole listing found nothing under an old key and nothing that could not be told. */
  readonly complete: boolean;
  readonly refused: readonly Refused[];
}

/**
 * Brings every object and every kept version of an encrypted vault under the epoch of new writes, one by one, each under the condition that it still is what was read: what another device writes meanwhile stays. Going on after
 * it was cut off takes nothing but starting again. An object that does not open stays where it is and is named.
 */
export async function reEncrypt(ports: ReEncryptPorts, { signal, onProgress }: ReEncryptOptions = {}): Promise<ReEncryptReport> {
  const work = new ReEncryption(ports, signal, onProgress);
  let isProven = false;
  for (let pass = 0; pass < MAX_PASSES && !isProven; pass++) isProven = await work.pass(pass === 0);
  await ports.journal.flush();
  return work.report(isProven);
}

class ReEncryption {
  readonly #ports: ReEncryptPorts;
  readonly #signal: AbortSignal | undefined;
  readonly #onProgress: ReEncryptOptions['onProgress'];
  #refused: Refused[] = [];
  #seen = 0;
  #resealed = 0;
  #bytes = 0;
  /** Of this pass. */
  #moved = 0;
  #isFirst = true;

  constructor(ports: ReEncryptPorts, signal: AbortSignal | undefined, onProgress: ReEncryptOptions['onProgress']) {
    this.#ports = ports;
    this.#signal = signal;
    this.#onProgress = onProgress;
  }

  /** One whole listing; true when nothing had to be done and nothing moved. */
  async pass(isFirst: boolean): Promise<boolean> {
    const call = this.#signal === undefined ? {} : { signal: this.#signal };
    this.#refused = [];
    this.#moved = 0;
    this.#isFirst = isFirst;
    const listing: ListOptions = { ...call, unlisted: (name, reason) => this.#unlisted(name, reason) };
    let window: ObjectInfo[] = [];
    const work = async (): Promise<void> => {
      await inParallel(window, AT_ONCE, (info) => this.#one(info, call));
      window = [];
    };
    for await (const info of this.#ports.backend.list('', listing)) {
      window.push(info);
      if (window.length === WINDOW) await work();
    }
    await work();
    return this.#moved === 0;
  }

  report(isProven: boolean): ReEncryptReport {
    return { ...this.#progress(), complete: isProven && this.#refused.every(isForeign), refused: this.#refused };
  }

  async #one(info: ObjectInfo, call: CallOptions): Promise<void> {
    throwIfAborted(this.#signal);
    const { journal } = this.#ports;
    if (!journal.has(this.#mark(info))) {
      const done = await this.#reseal(info, call);
      if (done !== null) await journal.add(this.#mark({ key: info.key, version: done }));
    }
    if (this.#isFirst) this.#seen++;
    this.#onProgress?.(this.#progress());
  }

  /** The version that is under the current epoch; null where that is not known. */
  async #reseal(info: ObjectInfo, call: CallOptions): Promise<Version | null> {
    try {
      const result = await this.#ports.backend.reseal(info, call);
      if (result.kind === 'current') return info.version;
      this.#moved++;
      if (result.kind === 'stale') return null;
      this.#resealed++;
      this.#bytes += result.bytes;
      return result.version;
    } catch (error) {
      if (!(error instanceof SyncError) || PLACE_ERRORS.includes(error.code) || error.code === 'throttled' || error.code === 'internal') throw error;
      // Somebody is at work on it; the next pass looks again.
      if (error.code === 'busy') this.#moved++;
      else this.#refused.push({ key: info.key, code: error.code, reason: error.reason ?? null, message: error.message });
      return null;
    }
  }

  #unlisted(name: string, reason: ProblemReason): void {
    if (reason === 'changing') this.#moved++;
    else if (!OF_NO_VAULT.includes(reason)) this.#refused.push({ key: name, code: 'corrupt', reason: null, message: `it cannot be listed (${reason})` });
  }

  #mark({ key, version }: Pick<ObjectInfo, 'key' | 'version'>): string {
    const hasher = this.#ports.newHasher();
    hasher.update(Buffer.from(`${version}\0${key}`));
    return hasher.digest().slice(0, MARK_DIGITS);
  }

  #progress(): ReEncryptProgress {
    return { seen: this.#seen, resealed: this.#resealed, bytes: this.#bytes };
  }
}

/** What another program put there: under no key of this vault. */
const OF_NO_VAULT: readonly ProblemReason[] = ['foreign-name', 'special-file', 'invalid-utf8-name', 'unsafe-name'];

/** Of no epoch, so that it keeps none. */
export function isForeign({ reason }: Pick<Refused, 'reason'>): boolean {
  return reason === 'not-a-container' || reason === 'not-encrypted' || reason === 'other-vault';
}
