import { createHash, createHmac } from 'node:crypto';

/** What a request is signed with; never shown. */
export interface AccessKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | null;
}

export interface Unsigned {
  readonly method: string;
  /** Encoded. */
  readonly path: string;
  /** Encoded and sorted; empty for none. */
  readonly query: string;
  /** Lower-case names; `host` among them. All of them are signed, so that nothing on the way can take a precondition out. */
  readonly headers: Readonly<Record<string, string>>;
  /** SHA-256 of the body, in hex. */
  readonly payload: string;
}

export const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** AWS Signature Version 4 in headers. Keeps the key of the day, which is the costly part. */
export class Signer {
  readonly #service: string;
  #key: { readonly of: AccessKeys; readonly scope: string; readonly bytes: Buffer } | null = null;
  #stamp: { readonly second: number; readonly text: string } = { second: Number.NaN, text: '' };

  constructor(service = 's3') {
    this.#service = service;
  }

  /** The headers to send: those given, and the ones that carry the signature. */
  sign({ method, path, query, headers, payload }: Unsigned, keys: AccessKeys, region: string, nowMs: number): Record<string, string> {
    const date = this.#dateOf(nowMs);
    const scope = `${date.slice(0, 8)}/${region}/${this.#service}/aws4_request`;
    const sent: Record<string, string> = { ...headers, 'x-amz-date': date };
    if (keys.sessionToken !== null) sent['x-amz-security-token'] = keys.sessionToken;
    const names = Object.keys(sent).sort();
    const lines = names.map((name) => `${name}:${canonicalValue(sent[name] ?? '')}\n`).join('');
    const signed = names.join(';');
    const canonical = `${method}\n${path}\n${query}\n${lines}\n${signed}\n${payload}`;
    const toSign = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256(canonical)}`;
    const signature = createHmac('sha256', this.#keyOf(keys, scope)).update(toSign).digest('hex');
    sent['authorization'] = `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`;
    return sent;
  }

  #dateOf(nowMs: number): string {
    const second = Math.floor(nowMs / 1000);
    if (this.#stamp.second !== second) this.#stamp = { second, text: `${new Date(second * 1000).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z` };
    return this.#stamp.text;
  }

  #keyOf(keys: AccessKeys, scope: string): Buffer {
    if (this.#key === null || this.#key.of.secretAccessKey !== keys.secretAccessKey || this.#key.scope !== scope) {
      const bytes = scope.split('/').reduce<Buffer>((key, part) => createHmac('sha256', key).update(part).digest(), Buffer.from(`AWS4${keys.secretAccessKey}`));
      this.#key = { of: keys, scope, bytes };
    }
    return this.#key.bytes;
  }
}

function canonicalValue(value: string): string {
  return value.trim().replace(/ {2,}/g, ' ');
}

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** Content-MD5, which a batch of deletions must carry. */
export function md5Base64(data: Uint8Array): string {
  return createHash('md5').update(data).digest('base64');
}
