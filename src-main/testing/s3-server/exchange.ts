import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Answer, type Call, emptyAnswer, type World } from './call.ts';
import { type Content, type ContentStore, contentOf, slice } from './content.ts';
import type { Fault, FaultScript } from './faults.ts';
import { type Received, receive } from './receive.ts';
import { readRequest, type S3Request } from './request.ts';
import { route } from './router.ts';
import { S3Error } from './s3-error.ts';
import { shortenListing } from './short-listing.ts';
import { type Credential, type Signed, verifySignature } from './sigv4.ts';
import type { SeenCall, Traffic } from './traffic.ts';

export interface Serving {
  readonly world: World;
  readonly store: ContentStore;
  readonly faults: FaultScript;
  readonly traffic: Traffic;
  readonly credentials: readonly Credential[];
  /** Resolves after that time, or rejects when the server closes first. */
  wait(ms: number): Promise<void>;
}

const PORTAL = '<!DOCTYPE html><html><head><title>Welcome</title></head><body><h1>Sign in to use the network</h1></body></html>';

/** One request and its answer. */
export class Exchange {
  readonly #serving: Serving;
  readonly #message: IncomingMessage;
  readonly #response: ServerResponse;
  #seen: SeenCall | null = null;

  constructor(serving: Serving, message: IncomingMessage, response: ServerResponse) {
    this.#serving = serving;
    this.#message = message;
    this.#response = response;
  }

  async run(): Promise<void> {
    const requestId = this.#serving.world.freshId();
    try {
      const request = readRequest(this.#message);
      const { operation, bucket, key } = request;
      this.#seen = this.#serving.traffic.begin(operation, bucket, key);
      const fault = this.#serving.faults.next(request);
      const answer = await this.#answer(request, fault, requestId);
      if (answer !== null) await this.#deliver(answer, fault, requestId);
    } catch (error) {
      if (!(error instanceof S3Error)) throw error;
      await this.#deliver(errorAnswer(error, requestId), null, requestId);
    }
  }

  /** Null when there is to be none. */
  async #answer(request: S3Request, fault: Fault | null, requestId: string): Promise<Answer | null> {
    const instead = this.#instead(fault, requestId);
    if (instead !== undefined) return instead;
    if (fault?.kind === 'delay') await this.#serving.wait(fault.ms);
    const answer = await this.#effect(request, fault, requestId);
    if (fault?.kind === 'reset') return this.#reset();
    if (fault?.kind === 'hang') return null;
    return answer;
  }

  /** What is answered in place of an effect; undefined when the effect comes first. */
  #instead(fault: Fault | null, requestId: string): Answer | null | undefined {
    if (fault?.kind === 'error') return plannedError(fault, requestId);
    if (fault?.kind === 'error-in-200') return { status: 200, headers: { 'content-type': 'application/xml' }, body: new S3Error(fault.code).toXml(requestId) };
    if (fault?.kind === 'captive-portal') return { status: 200, headers: { 'content-type': 'text/html' }, body: PORTAL };
    if (fault?.kind === 'reset' && fault.when === 'before-effect') return this.#reset();
    if (fault?.kind === 'hang' && fault.when === 'before-effect') return null;
    return undefined;
  }

  async #effect(request: S3Request, fault: Fault | null, requestId: string): Promise<Answer> {
    const { world, credentials, store } = this.#serving;
    try {
      const signed = verifySignature(request, { credentials, nowMs: world.nowMs(), region: world.quirks.anyRegion ? null : world.region });
      return await route(this.#call(request, signed, fault, store));
    } catch (error) {
      if (error instanceof S3Error) return errorAnswer(error, requestId);
      throw error;
    }
  }

  #call(request: S3Request, signed: Signed, fault: Fault | null, store: ContentStore): Call {
    const { world } = this.#serving;
    const source = this.#incoming(fault);
    return { request, world, receive: (): Promise<Received> => receive({ request, signed, quirks: world.quirks, source }, store) };
  }

  async *#incoming(fault: Fault | null): AsyncGenerator<Buffer> {
    let at = 0;
    for await (const chunk of this.#message.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      if (this.#seen !== null) this.#seen.bytesIn += chunk.length;
      if (fault?.kind === 'reset-upload' && at + chunk.length >= fault.afterBytes) break;
      yield fault?.kind === 'flip-bit' && fault.of === 'upload' ? flip(chunk, fault.atByte - at) : chunk;
      at += chunk.length;
    }
    if (fault?.kind !== 'reset-upload') return;
    this.#reset();
    throw Object.assign(new Error('planned reset'), { code: 'ECONNRESET' });
  }

  async #drain(): Promise<void> {
    for await (const chunk of this.#message as AsyncIterable<Buffer>) if (this.#seen !== null) this.#seen.bytesIn += chunk.length;
  }

  #reset(): null {
    this.#message.socket.resetAndDestroy();
    return null;
  }

  async #deliver(answer: Answer, fault: Fault | null, requestId: string): Promise<void> {
    // A client that is still sending would see a broken connection in place of the answer.
    if (!this.#message.readableEnded) await this.#drain();
    if (this.#seen !== null) this.#seen.status = answer.status;
    const body = bodyOf(answer, fault);
    // A captive portal knows nothing of S3.
    const own =
      fault?.kind === 'captive-portal'
        ? {}
        : { 'x-amz-request-id': requestId, 'x-amz-id-2': requestId, date: new Date(this.#serving.world.nowMs()).toUTCString(), server: 'AmazonS3' };
    const isBare = answer.status === 204 || answer.status === 304;
    this.#response.writeHead(answer.status, { ...own, ...onTheWire(answer.headers), ...(isBare ? {} : { 'content-length': `${body.size}` }) });
    if (this.#message.method === 'HEAD' || body.size === 0) this.#response.end();
    else await this.#send(body, fault);
  }

  async #send(body: Content, fault: Fault | null): Promise<void> {
    const end = fault?.kind === 'cut-download' ? Math.min(fault.afterBytes, body.size) : body.size;
    if (end === 0) this.#response.flushHeaders();
    let at = 0;
    for await (const chunk of body.read(0, end)) {
      const sent = fault?.kind === 'flip-bit' && fault.of === 'download' ? flip(chunk, fault.atByte - at) : chunk;
      if (this.#response.destroyed) return;
      if (!this.#response.write(sent)) await drained(this.#response);
      at += chunk.length;
      if (this.#seen !== null) this.#seen.bytesOut = at;
    }
    if (fault?.kind === 'cut-download') await this.#cut(fault.how);
    else this.#response.end();
  }

  /** What was written leaves first, so that the client sees so many bytes and then the cut. */
  async #cut(how: 'reset' | 'end' | 'hang'): Promise<void> {
    const { socket } = this.#message;
    await new Promise<void>((resolve) => socket.write('', () => resolve()));
    if (how === 'reset') socket.resetAndDestroy();
    if (how === 'end') socket.end();
  }
}

function bodyOf({ body = '' }: Answer, fault: Fault | null): Content {
  if (typeof body !== 'string') return fault?.kind === 'shorten-answer' ? slice(body, 0, Math.min(fault.bytes, body.size)) : body;
  const bytes = Buffer.from(fault?.kind === 'short-listing' ? shortenListing(body, fault.keys) : body);
  return contentOf(fault?.kind === 'shorten-answer' ? bytes.subarray(0, fault.bytes) : bytes);
}

/** Headers go out as latin1; text beyond that as the bytes of its UTF-8. */
function onTheWire(headers: Answer['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, /[^\u0000-\u00ff]/.test(value) ? Buffer.from(value).toString('latin1') : value]));
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}

function errorAnswer(error: S3Error, requestId: string): Answer {
  if (error.code === 'NotModified') return emptyAnswer(304, error.headers);
  return { status: error.status, headers: { 'content-type': 'application/xml', ...error.headers }, body: error.toXml(requestId) };
}

function plannedError({ code, status, retryAfterS }: Extract<Fault, { kind: 'error' }>, requestId: string): Answer {
  const error = new S3Error(code);
  const headers: Record<string, string> = retryAfterS === undefined ? {} : { 'retry-after': `${retryAfterS}` };
  return { ...errorAnswer(error, requestId), status: status ?? error.status, headers: { 'content-type': 'application/xml', ...headers } };
}

/** A copy with one bit changed, when that byte lies within. */
function flip(chunk: Buffer, at: number): Buffer {
  if (at < 0 || at >= chunk.length) return chunk;
  const copy = Buffer.from(chunk);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
