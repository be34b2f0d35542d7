import { setMaxListeners } from 'node:events';
import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { SyncError, throwIfAborted } from '../../../core/errors.ts';
import type { Bandwidth } from '../../../platform/bandwidth.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { S3Config } from '../s3-config.ts';
import { type Address, addressOf } from './address.ts';
import { type Call, type Fault, headerOf, type Lost, type Outcome } from './call.ts';
import type { Credentials } from './credentials.ts';
import { encodeKey, encodeQuery } from './encode.ts';
import { judge, type RawAnswer } from './judge.ts';
import { lost } from './lost.ts';
import { type Place, regionNamed } from './map-error.ts';
import { PIECE_BYTES, paced, received } from './pace.ts';
import { type AccessKeys, EMPTY_SHA256, Signer, sha256 } from './sigv4.ts';
import type { StoreClock } from './store-clock.ts';
import type { Usage } from './usage.ts';

/** How long an answer may be silent, ms. Time on the device's own bandwidth limit does not count. */
export interface Timeouts {
  readonly connectMs: number;
  /** From the end of the request to the head of the answer, and for each piece of a request to leave. */
  readonly headersMs: number;
  /** The same for what the store works on for minutes: copies and completions. */
  readonly longHeadersMs: number;
  /** Between two pieces of the answer. */
  readonly idleMs: number;
}
export const TIMEOUTS: Timeouts = { connectMs: 10_000, headersMs: 45_000, longHeadersMs: 300_000, idleMs: 45_000 };

export interface WirePorts {
  readonly clock: Clock;
  readonly bandwidth: Bandwidth;
  readonly credentials: Credentials;
  readonly network: Dispatcher;
  readonly timeouts: Timeouts;
}

/** More than any page of a listing holds. */
const MOST_TEXT_BYTES = 32 * 1024 * 1024;
const BUCKET_SEEN_MS = 60_000;
const SKEW_CODES = ['RequestTimeTooSkewed', 'RequestExpired'];
const TOKEN_CODES = ['ExpiredToken', 'TokenRefreshRequired', 'ExpiredTokenException'];
const REGION_CODES = ['AuthorizationHeaderMalformed', 'PermanentRedirect', 'TemporaryRedirect', 'IllegalLocationConstraintException'];

/** Sends signed requests, and puts right by itself what an answer teaches about clock, credentials and region; each once a request. */
export class Wire {
  readonly #bucket: Pick<S3Config, 'bucket' | 'endpoint' | 'forcePathStyle'>;
  readonly #ports: WirePorts;
  readonly #signer = new Signer();
  readonly #usage: Usage;
  readonly #time: StoreClock;
  #address: Address;
  #bucketSeenMs = Number.NEGATIVE_INFINITY;

  constructor(bucket: Pick<S3Config, 'bucket' | 'endpoint' | 'forcePathStyle'>, address: Address, usage: Usage, time: StoreClock, ports: WirePorts) {
    this.#bucket = bucket;
    this.#address = address;
    this.#usage = usage;
    this.#time = time;
    this.#ports = ports;
  }

  /** An answer from within the bucket came lately: what it says is missing is a key. */
  get isBucketKnown(): boolean {
    return this.#ports.clock.monotonic() - this.#bucketSeenMs < BUCKET_SEEN_MS;
  }

  get place(): Place {
    const { host, region } = this.#address;
    return { bucket: this.#bucket.bucket, host, region, skewMs: this.#time.offsetMs };
  }

  /** @throws SyncError `aborted`, and `refused` without credentials; never for what the network does */
  async exchange(call: Call): Promise<Outcome> {
    const tried = new Set<string>();
    for (;;) {
      throwIfAborted(call.signal);
      const keys = await this.#ports.credentials.current();
      const outcome = await this.#attempt(call, keys);
      const remedy = outcome.kind === 'fault' ? await this.#remedy(outcome, keys, tried) : null;
      if (remedy === null) return outcome;
      tried.add(remedy);
    }
  }

  /** What was put right, so that another try makes sense; null for nothing. */
  async #remedy(fault: Fault, keys: AccessKeys, tried: ReadonlySet<string>): Promise<string | null> {
    if (SKEW_CODES.includes(fault.code) && !tried.has('clock')) return 'clock';
    if (TOKEN_CODES.includes(fault.code) && !tried.has('token') && (await this.#ports.credentials.renew(keys)) !== null) return 'token';
    if (!tried.has('region') && (await this.#learnRegion(fault))) return 'region';
    return null;
  }

  async #learnRegion(fault: Fault): Promise<boolean> {
    const named = regionNamed(fault);
    const isAboutRegion = REGION_CODES.includes(fault.code) || fault.status === 301 || (fault.status === 400 && fault.code === '');
    if (!isAboutRegion || named === null || named === this.#address.region) return false;
    this.#address = await addressOf(this.#bucket, named);
    return true;
  }

  async #attempt(call: Call, keys: AccessKeys): Promise<Outcome> {
    const address = this.#address;
    this.#usage.sent(call.kind);
    try {
      const answer = await this.#send(call, address, keys);
      const outcome = judge(call, answer);
      if (outcome.kind === 'ok' || (outcome.kind === 'fault' && outcome.isSigned)) this.#time.learn(headerOf(answer.headers, 'date'));
      if (outcome.kind === 'ok' || (outcome.kind === 'fault' && outcome.code === 'NoSuchKey')) this.#bucketSeenMs = this.#ports.clock.monotonic();
      if (outcome.kind === 'lost') answer.stream?.destroy();
      return outcome;
    } catch (error) {
      return this.#broken(call, error, address.host);
    }
  }

  #broken(call: Call, error: unknown, host: string): Lost {
    if (call.signal?.aborted) throw new SyncError('aborted', 'interrupted', { cause: error });
    if (error instanceof SyncError && error.code !== 'unreachable') throw error;
    const outcome: Lost = error instanceof SyncError ? { kind: 'lost', error, effect: 'unknown', isLasting: false } : lost(error, host);
    if (outcome.effect === 'certainly-none') this.#usage.unsent(call.kind);
    return outcome;
  }

  async #send(call: Call, address: Address, keys: AccessKeys): Promise<RawAnswer> {
    const { method, body, signal } = call;
    // One signal ends all the requests of a sync, and each listens to it for as long as it lasts.
    if (signal !== undefined) setMaxListeners(0, signal);
    const path = call.key === null ? `${address.path}/` : `${address.path}/${encodeKey(call.key)}`;
    const query = call.query === undefined ? '' : encodeQuery(call.query);
    const payload = body === undefined ? EMPTY_SHA256 : (call.bodySha256 ?? sha256(body));
    const headers = this.#signer.sign(
      { method, path, query, headers: { ...call.headers, host: address.host, 'x-amz-content-sha256': payload }, payload },
      keys,
      address.region,
      this.#time.now(),
    );
    if (body !== undefined) headers['content-length'] = `${body.length}`;
    const { headersMs, longHeadersMs, idleMs } = this.#ports.timeouts;
    const answer = await this.#ports.network.request({
      origin: address.origin,
      path: query === '' ? path : `${path}?${query}`,
      method,
      headers,
      body: body === undefined ? null : await this.#bodyOf(body, call),
      signal: signal ?? null,
      headersTimeout: call.isLong ? longHeadersMs : headersMs,
      bodyTimeout: idleMs,
    });
    const { statusCode: status, headers: answered } = answer;
    // A body that breaks before anybody reads it must not end the process; whoever reads it hears of it.
    answer.body.on('error', () => undefined);
    if (call.proof === 'stream' && method !== 'HEAD' && status < 300) return { status, headers: answered, text: '', stream: answer.body };
    return { status, headers: answered, text: await this.#textOf(answer.body, signal), stream: null };
  }

  /** Small bodies leave at once, others in pieces. */
  async #bodyOf(body: Uint8Array, { signal, onSent: tell }: Pick<Call, 'signal' | 'onSent'>): Promise<Readable | Uint8Array> {
    let sent = 0;
    tell?.(sent);
    const onSent = (bytes: number): void => {
      this.#usage.bytesUp += bytes;
      sent += bytes;
      tell?.(sent);
    };
    if (body.length > PIECE_BYTES) return paced(body, this.#ports, signal, onSent);
    await this.#ports.bandwidth.take('up', body.length, signal);
    onSent(body.length);
    return body;
  }

  async #textOf(stream: Dispatcher.ResponseData['body'], signal: AbortSignal | undefined): Promise<string> {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of this.received(stream, signal)) {
      bytes += chunk.length;
      if (bytes > MOST_TEXT_BYTES) throw new SyncError('unreachable', 'the answer is larger than any of S3');
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  }

  /** The body of an answer, paced and counted. */
  received(stream: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
    return received(stream, this.#ports, signal, (bytes) => {
      this.#usage.bytesDown += bytes;
    });
  }

  /** What broke the body of an answer. */
  brokenBody(error: unknown, signal: AbortSignal | undefined): SyncError {
    if (signal?.aborted) return new SyncError('aborted', 'interrupted', { cause: error });
    return error instanceof SyncError ? error : lost(error, this.#address.host).error;
  }

  async close(): Promise<void> {
    await this.#ports.network.destroy();
  }
}
