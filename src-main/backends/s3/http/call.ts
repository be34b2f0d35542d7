import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { SyncError } from '../../../core/errors.ts';
import type { RequestKind } from '../s3-config.ts';
import type { XmlNode } from './xml.ts';

/** One request, unsigned. */
export interface Call {
  readonly kind: RequestKind;
  /** The IAM action that it takes, for advice: `s3:PutObject`. */
  readonly action: string;
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** As the bucket has it; null: the bucket itself. */
  readonly key: string | null;
  readonly query?: Readonly<Record<string, string>>;
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Hears how much of the body has left; 0 as each attempt begins. */
  readonly onSent?: ((bytes: number) => void) | undefined;
  /** In hex; left out: it is reckoned. */
  readonly bodySha256?: string;
  readonly signal?: AbortSignal | undefined;
  /** What a success must show to count as the store's. */
  readonly proof: Proof;
  /** The store may work for minutes before it answers. */
  readonly isLong?: boolean;
}

/** `etag`: an ETag, or at least a request id; `stream`: an ETag, and the body of a GET is left unread; `any`: all but a page of HTML; else the root of an XML document. */
export type Proof = 'etag' | 'stream' | 'any' | { readonly root: string };

/** A success that is the store's for sure. */
export interface Success {
  readonly kind: 'ok';
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Null where there is none. */
  readonly xml: XmlNode | null;
  /** Only with the proof `stream`; whoever gets it reads or destroys it. */
  readonly stream: Readable | null;
}

/** The store said no. */
export interface Fault {
  readonly kind: 'fault';
  readonly status: number;
  /** S3's word for it; empty where the answer had no body, as with HEAD. */
  readonly code: string;
  readonly xml: XmlNode | null;
  readonly headers: IncomingHttpHeaders;
  /** It bears a request id: no other than the store said so. */
  readonly isSigned: boolean;
}

/** No answer of the store. `certainly-none`: the request never left. */
export interface Lost {
  readonly kind: 'lost';
  readonly error: SyncError;
  readonly effect: 'certainly-none' | 'unknown';
  /** The same would happen again. */
  readonly isLasting: boolean;
}

export type Reply = Success | Fault;
export type Outcome = Reply | Lost;

export function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
