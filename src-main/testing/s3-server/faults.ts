import type { Random } from '../../platform/clock.ts';
import type { Operation } from './operation.ts';
import type { S3Request } from './request.ts';
import type { ErrorCode } from './s3-error.ts';

/** What goes wrong with one request. Unless it says otherwise, the request has no effect. */
export type Fault =
  /** An S3 error. `status` differs from the code's own where stores do. */
  | { readonly kind: 'error'; readonly code: ErrorCode; readonly status?: number; readonly retryAfterS?: number }
  /** 200 with an <Error> body, as CompleteMultipartUpload and CopyObject can answer. */
  | { readonly kind: 'error-in-200'; readonly code: ErrorCode }
  /** The sign-in page of a hotel network. */
  | { readonly kind: 'captive-portal' }
  /** The connection is reset. */
  | { readonly kind: 'reset'; readonly when: 'before-effect' | 'after-effect' }
  /** No answer until the server closes. */
  | { readonly kind: 'hang'; readonly when: 'before-effect' | 'after-effect' }
  /** The connection is reset once so many bytes of the request's body have come, or at the end of a shorter one. */
  | { readonly kind: 'reset-upload'; readonly afterBytes: number }
  /** After so many bytes of the answer's body: a reset, an orderly end that comes too early, or silence. The effect has happened. */
  | { readonly kind: 'cut-download'; readonly afterBytes: number; readonly how: 'reset' | 'end' | 'hang' }
  /** A whole answer whose body stops after so many bytes, with a Content-Length that agrees. The effect has happened. */
  | { readonly kind: 'shorten-answer'; readonly bytes: number }
  /** One bit of a body is another: of the request's before it is verified, or of the answer's. */
  | { readonly kind: 'flip-bit'; readonly of: 'upload' | 'download'; readonly atByte: number }
  /** A listing that leaves out the keys of its page from this one on, and claims to be complete. */
  | { readonly kind: 'short-listing'; readonly keys: number }
  /** All goes well, later. */
  | { readonly kind: 'delay'; readonly ms: number };

export interface Matcher {
  readonly operation?: Operation | readonly Operation[];
  readonly method?: string;
  readonly key?: string | RegExp;
}

/** A fault that is to happen at the `nth` (from 1) matching request and the ones after it, `times` in all. */
export interface PlannedFault {
  readonly when: Matcher;
  readonly nth?: number;
  readonly times?: number;
  readonly fault: Fault;
}

export type FaultSource = (request: S3Request) => Fault | null;

interface Plan extends PlannedFault {
  seen: number;
  fired: number;
}

/** What goes wrong and when: planned faults, each of which must fire, and sources that decide by themselves. */
export class FaultScript {
  #plans: Plan[] = [];
  #sources: FaultSource[] = [];

  plan(...faults: readonly PlannedFault[]): void {
    this.#plans.push(...faults.map((fault) => ({ ...fault, seen: 0, fired: 0 })));
  }

  use(source: FaultSource): void {
    this.#sources.push(source);
  }

  clear(): void {
    this.#plans = [];
    this.#sources = [];
  }

  /** Every plan counts the requests that match it; the first that is due fires. */
  next(request: S3Request): Fault | null {
    const due = this.#plans.filter((plan) => matches(plan.when, request) && isDue(plan));
    const [first] = due;
    if (first !== undefined) {
      first.fired += 1;
      return first.fault;
    }
    for (const source of this.#sources) {
      const fault = source(request);
      if (fault !== null) return fault;
    }
    return null;
  }

  /** @throws when a planned fault did not happen as often as planned: the test did not test what it says */
  assertAllFired(): void {
    const missed = this.#plans.filter(({ fired, times = 1 }) => fired < (times === Number.POSITIVE_INFINITY ? 1 : times));
    if (missed.length === 0) return;
    const described = missed.map(
      ({ when, nth = 1, times = 1, fault, seen, fired }) => `${JSON.stringify(fault)} at ${describe(when)} no. ${nth} x${times}: fired ${fired}, matched ${seen}`,
    );
    throw new Error(`Planned faults that did not fire:\n${described.join('\n')}`);
  }
}

/** Faults by chance, each rule with its own; the same random numbers and requests give the same faults. */
export function randomFaults(random: Random, rules: readonly { readonly chance: number; readonly when: Matcher; readonly fault: Fault }[]): FaultSource {
  return (request) => rules.find(({ chance, when }) => matches(when, request) && random.fraction() < chance)?.fault ?? null;
}

function isDue(plan: Plan): boolean {
  plan.seen += 1;
  return plan.seen >= (plan.nth ?? 1) && plan.fired < (plan.times ?? 1);
}

function matches({ operation, method, key }: Matcher, request: S3Request): boolean {
  const isOperation = operation === undefined || (typeof operation === 'string' ? operation === request.operation : operation.includes(request.operation));
  const isKey = key === undefined || (typeof key === 'string' ? key === request.key : key.test(request.key));
  return isOperation && isKey && (method === undefined || method === request.method);
}

function describe({ operation, method = '', key = '' }: Matcher): string {
  return `${operation === undefined ? 'any operation' : String(operation)} ${method} ${key}`.trim();
}
