import { hasCode, type SyncError } from '../../../core/errors.ts';
import type { Body, Meta } from '../../backend.ts';
import type { Precondition, S3Api, WriteAnswer } from '../s3-api.ts';

/** What the credentials may not do, as it came out. */
export interface Missing {
  readonly what: string;
  readonly error: SyncError;
}

export function textBody(text: string): Body {
  const bytes = Buffer.from(text);
  return {
    size: bytes.length,
    async *open() {
      yield bytes;
    },
  };
}

/** A place for throw-away objects, which remembers what it put there, and what was refused. */
export class Bench {
  readonly api: S3Api;
  readonly folder: string;
  readonly missing: Missing[] = [];
  /** A put was answered with a version of its own, which is not `null`. */
  sawVersions = false;
  readonly #call: { readonly signal?: AbortSignal };
  readonly #keys = new Set<string>();
  readonly #uploads: { readonly key: string; readonly id: string }[] = [];

  constructor(api: S3Api, folder: string, signal: AbortSignal | undefined) {
    this.api = api;
    this.folder = folder;
    this.#call = signal === undefined ? {} : { signal };
  }

  get call(): { readonly signal?: AbortSignal } {
    return this.#call;
  }

  key(name: string): string {
    const key = `${this.folder}${name}`;
    this.#keys.add(key);
    return key;
  }

  async put(name: string, text: string, precondition?: Precondition, meta: Meta = {}): Promise<WriteAnswer> {
    const answer = await this.send(name, text, precondition, meta);
    if (answer.kind === 'unanswered') throw answer.error;
    return answer;
  }

  /** The same, for where no answer is an answer too. */
  async send(name: string, text: string, precondition?: Precondition, meta: Meta = {}): Promise<WriteAnswer> {
    const answer = await this.api.put(this.key(name), textBody(text), { meta, ...(precondition === undefined ? {} : { precondition }), ...this.#call });
    if (answer.kind === 'done' && answer.versionId !== null && answer.versionId !== 'null') this.sawVersions = true;
    return answer;
  }

  /** @returns the ETag of an object put under no condition */
  async place(name: string, text: string, meta: Meta = {}): Promise<string> {
    await this.put(name, text, undefined, meta);
    return (await this.api.head(this.key(name), this.#call))?.etag ?? '';
  }

  async upload(name: string): Promise<{ readonly key: string; readonly id: string }> {
    const key = this.key(name);
    const upload = { key, id: await this.api.createUpload(key, { meta: {}, ...this.#call }) };
    this.#uploads.push(upload);
    return upload;
  }

  /** What is refused is noted, and `fallback` is the finding. */
  async allowed<T>(what: string, fallback: T, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!hasCode(error, 'refused', 'no-permission', 'not-supported')) throw error;
      this.missing.push({ what, error });
      return fallback;
    }
  }

  /** Removes everything again, also the versions of a bucket that keeps them. What cannot be removed is left: it lies under our own folder and counts for nothing. */
  async clear(): Promise<void> {
    for (const { key, id } of this.#uploads) await this.api.abort(key, id).catch(() => undefined);
    const keys = [...this.#keys];
    if (this.sawVersions) await Promise.all(keys.map((key) => this.#clearVersions(key).catch(() => undefined)));
    else await this.api.deleteMany(keys).catch(() => undefined);
  }

  async #clearVersions(key: string): Promise<void> {
    for (const { versionId } of await this.api.versions(key, 100)) await this.api.delete(key, { versionId });
  }
}
