import type { Body } from '../backends/backend.ts';
import { type LargeUploadOptions, LargeUploads, type SendOptions, type SentUpload } from '../backends/s3/multipart/large-uploads.ts';
import type { S3Api, S3Body, S3Object } from '../backends/s3/s3-api.ts';
import { versionOf } from '../backends/s3/token.ts';
import type { Version } from '../core/entry.ts';
import { SyncError } from '../core/errors.ts';
import type { Notes } from '../core/notes.ts';
import { md5Hasher, nodeHasher } from '../platform/node-hash.ts';
import { memoryStateStore, memoryStorage } from '../state/memory-store.ts';
import { SeededRandom } from './random.ts';
import { HastyClock } from './sim-s3/hasty-clock.ts';
import { SimS3, type SimS3Options } from './sim-s3/sim-s3.ts';
import { waysOf } from './sim-s3/ways-of.ts';

/** Small enough to count by hand. */
export const PART = 100;
export const META = { sha256: 'of the content', mtime: '1', op: 'op1', w: 'mark1' };

/** Text in which no two parts are alike. */
export function textOf(parts: number, seed = ''): string {
  return Array.from({ length: parts }, (_, n) => `${seed}${n}`.padEnd(PART, '.')).join('');
}
export function bodyOf(content: string, end: () => void = () => undefined): Body {
  return {
    size: content.length,
    async *open() {
      for (let at = 0; at < content.length; at += 70) yield Buffer.from(content.slice(at, at + 70));
      end();
    },
  };
}
/** What a file's end says when it changed while it was read. */
export const changed = (): never => {
  throw new SyncError('busy', 'the file changed while it was read');
};
export const TEXT = `${textOf(9)}end`;

/** One file's way into a simulated bucket, by any number of runs of a program. */
export class UploadWorld {
  readonly clock = new HastyClock();
  readonly s3: SimS3;
  /** Of the pair: what outlives a run. */
  readonly storage = memoryStorage();
  /** How often each part took effect in the store, by upload and number. */
  readonly arrivals = new Map<string, number>();
  bytesSent = 0;
  copies = 0;

  constructor(options: Omit<SimS3Options, 'now'> = {}) {
    this.s3 = new SimS3({ ...options, now: () => this.clock.now() });
  }

  get notes(): Notes {
    return memoryStateStore({ storage: this.storage }).notes;
  }

  get ways(): SendOptions['ways'] {
    return waysOf(this.s3.quirks, this.clock.now());
  }

  /** A run of the program, which may end at its `diesAt`-th step: from there on every call fails. */
  run(options: LargeUploadOptions & { readonly diesAt?: number; readonly api?: (api: S3Api) => S3Api } = {}): {
    readonly large: LargeUploads;
    readonly api: S3Api;
    steps(): number;
  } {
    const { diesAt = Number.POSITIVE_INFINITY, api: wrap = (api: S3Api) => api, ...rest } = options;
    const life = new Life(diesAt);
    const api = life.over(wrap(this.#counted(this.s3.client())));
    const ports = { api, notes: life.over(this.notes), clock: this.clock, random: new SeededRandom(1), newHasher: nodeHasher, newMd5: md5Hasher };
    return { large: new LargeUploads(ports, { partBytes: PART, largeFrom: PART, parallel: 3, ...rest }), api, steps: () => life.steps };
  }

  /** Sends and completes, as the backend does. */
  async upload({ large, api }: Pick<ReturnType<UploadWorld['run']>, 'large' | 'api'>, key: string, body: Body, options: Partial<SendOptions> = {}): Promise<SentUpload> {
    const sent = await large.send(key, body, { meta: META, replaces: null, ways: this.ways, ...options });
    const answer = await api.complete(key, sent.uploadId, sent.parts, {});
    if (answer.kind !== 'done') throw new Error(`completion: ${answer.kind}`);
    const object = await api.head(key);
    await large.finished(key, versionOfObject(object), sent);
    return sent;
  }

  async content(key: string): Promise<string> {
    const chunks: Uint8Array[] = [];
    const found = (await this.s3.client().get(key)) as S3Body;
    for await (const chunk of found.chunks) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  }

  async replaces(key: string): Promise<NonNullable<SendOptions['replaces']>> {
    const object = await this.s3.client().head(key);
    return { etag: object?.etag ?? '', version: versionOfObject(object) };
  }

  /** Parts that the store took more than once. */
  doubled(): readonly string[] {
    return [...this.arrivals].flatMap(([part, times]) => (times > 1 ? [part] : []));
  }

  #counted(api: S3Api): S3Api {
    return over(api, {
      uploadPart: async (key, part) => {
        this.bytesSent += part.bytes.length;
        const answer = await api.uploadPart(key, part);
        const name = `${part.uploadId} ${part.number}`;
        if (answer !== 'no-upload') this.arrivals.set(name, (this.arrivals.get(name) ?? 0) + 1);
        return answer;
      },
      copyPart: async (...call) => {
        this.copies++;
        return api.copyPart(...call);
      },
    });
  }
}

/** An object with some of its methods replaced. */
export function over<T extends object>(target: T, changes: Partial<T>): T {
  return new Proxy(target, {
    get: (_, name: string) => {
      const own: unknown = Reflect.get(name in changes ? changes : target, name);
      return typeof own === 'function' ? own.bind(name in changes ? changes : target) : own;
    },
  });
}

function versionOfObject(object: S3Object | null): Version {
  if (object === null) throw new Error('no object');
  return versionOf(object);
}

/** A process: dead after so many steps, of which each call has two, before it and after it. */
class Life {
  readonly #diesAt: number;
  steps = 0;

  constructor(diesAt: number) {
    this.#diesAt = diesAt;
  }

  over<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (_, name) => {
        const own: unknown = Reflect.get(target, name);
        if (typeof own !== 'function') return own;
        return async (...call: readonly unknown[]) => {
          this.#step();
          const result: unknown = await own.apply(target, call);
          this.#step();
          return result;
        };
      },
    });
  }

  #step(): void {
    this.steps++;
    if (this.steps >= this.#diesAt) throw new Error('dead');
  }
}
