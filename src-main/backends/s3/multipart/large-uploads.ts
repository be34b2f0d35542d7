import type { Version } from '../../../core/entry.ts';
import { hasCode, SyncError } from '../../../core/errors.ts';
import type { Notes } from '../../../core/notes.ts';
import type { Clock, NewHasher, Random } from '../../../platform/clock.ts';
import type { Body, CallOptions, Meta } from '../../backend.ts';
import type { Part, S3Api, S3Object } from '../s3-api.ts';
import { versionOf } from '../token.ts';
import type { Ways } from '../ways.ts';
import { BlockHasher, BlockNotes, type Blocks } from './blocks.ts';
import { ByteBudget } from './byte-budget.ts';
import { COPY_BYTES, copyInParts } from './copy-in-parts.ts';
import { inParallel } from './in-parallel.ts';
import { fits, LARGE_FROM, PART_BYTES, partBytesFor } from './part-plan.ts';
import { PartSender } from './part-sender.ts';
import { readParts } from './read-parts.ts';
import { type Session, Sessions } from './sessions.ts';

export type PartApi = Pick<S3Api, 'createUpload' | 'uploadPart' | 'copyPart' | 'listParts' | 'abort' | 'head' | 'now'>;

export interface LargeUploadPorts {
  readonly api: PartApi;
  readonly notes: Notes;
  readonly clock: Pick<Clock, 'sleep' | 'monotonic'>;
  readonly random: Pick<Random, 'fraction'>;
  readonly newHasher: NewHasher;
  /** Only for knowing parts again by their ETag. */
  readonly newMd5: NewHasher;
}

export interface LargeUploadOptions {
  /** Larger files go in parts. */
  readonly largeFrom?: number;
  readonly partBytes?: number;
  /** Parts of one file under way at once. */
  readonly parallel?: number;
  /** What all uploads together hold in memory: one budget may be shared. */
  readonly budget?: ByteBudget;
  /** Parts of a copy within the store. */
  readonly copyBytes?: number;
}

/** Memory for parts, unless another budget is given. */
export const MAX_BUFFERS = 48 * 1024 * 1024;
/** Metadata that belong to an attempt and not to what is stored: a taken-up upload keeps those it began with. */
const OF_THE_ATTEMPT = ['w', 'op'];
/** An upload that the store dropped is begun anew so often. */
const MOST_STARTS = 3;
const DAY_MS = 86_400_000;
/** An unfinished upload nobody took up for so long is given up. */
const STALE_MS = 7 * DAY_MS;
/** So many of the objects it knows the blocks of it looks at in one sweep. */
const LOOKED_AT = 20;
/** What is ours in the store. */
const CONTROL = '.file-sync/';

export interface SendOptions extends CallOptions {
  readonly meta: Meta;
  /** What lies at the key and is to be replaced: parts that it shares with the body need not be sent. */
  readonly replaces: (Pick<S3Object, 'etag'> & { readonly version: Version }) | null;
  readonly ways: PartWays;
}
export interface CopyOptions extends CallOptions {
  readonly meta: Meta;
  readonly ways: PartWays;
}
export type PartWays = Pick<Ways, 'copyPart' | 'copySource'>;

/** All parts are with the store: what completes the object. */
export interface SentUpload {
  readonly uploadId: string;
  readonly parts: readonly Pick<Part, 'number' | 'etag'>[];
  /** What the object will have. It differs from what was asked for in the marks of the attempt when an earlier upload was taken up. */
  readonly meta: Meta;
  /** For `finished`. */
  readonly blocks: Blocks | null;
}

/**
 * Files that go up in parts (docs/s3.md, "Large files"). Sending ends before the completion, which is the caller's: under which condition, and what a lost answer means, is decided as for any write. Whatever happens in
 * between, the next `send` of the same content to the same key goes on where this one stopped; `finished` or `abandon` ends that.
 */
export class LargeUploads {
  readonly #ports: LargeUploadPorts;
  readonly #options: Required<LargeUploadOptions>;
  readonly #sessions: Sessions;
  readonly #blocks: BlockNotes;
  /** Keys with an upload under way in this process. */
  readonly #active = new Set<string>();
  /** By the monotonic clock. */
  #sweptAt: number | null = null;
  /** Keys with a session or blocks on record; read once. */
  #noted: Promise<Set<string>> | null = null;

  constructor(ports: LargeUploadPorts, options: LargeUploadOptions = {}) {
    this.#ports = ports;
    this.#options = { largeFrom: LARGE_FROM, partBytes: PART_BYTES, parallel: 3, budget: new ByteBudget(MAX_BUFFERS), copyBytes: COPY_BYTES, ...options };
    this.#sessions = new Sessions(ports.notes);
    this.#blocks = new BlockNotes(ports.notes);
  }

  isLarge(size: number): boolean {
    return size > this.#options.largeFrom;
  }

  /** How a file of that size is cut; for hashing it elsewhere (BlockHasher). */
  partBytesFor(size: number): number {
    return partBytesFor(size, this.#options.partBytes);
  }

  /** Sends all parts. The body is read to its end; one that finds its source changed (`busy`) takes the upload with it (S120). Any other error leaves what was sent to the next try (C48, C56). */
  async send(key: string, body: Body, options: SendOptions): Promise<SentUpload> {
    await this.#sweepDaily();
    (await this.#keys()).add(key);
    this.#active.add(key);
    try {
      for (let starts = 0; starts < MOST_STARTS; starts++) {
        const sent = await this.#sendOnce(key, body, options);
        if (sent !== 'no-upload') return sent;
        await this.#sessions.drop(key);
      }
      throw new SyncError('busy', 'the store drops the unfinished upload again and again', {
        path: key,
        hint: 'Look whether a lifecycle rule of the bucket or another program aborts uploads.',
      });
    } catch (error) {
      if (hasCode(error, 'busy')) await this.abandon(key);
      throw error;
    } finally {
      this.#active.delete(key);
    }
  }

  /** The object was completed as this version. */
  async finished(key: string, version: Version, { blocks }: Pick<SentUpload, 'blocks'>): Promise<void> {
    if (blocks === null) await this.#blocks.drop(key);
    else await this.learn(key, version, blocks);
    await this.#sessions.drop(key);
  }

  /** Gives an unfinished upload up; fine where there is none. What the store does not hear of now is swept later. */
  async abandon(key: string): Promise<void> {
    await this.#giveUp(key).catch(ignoreStoreErrors);
  }

  /** The key was written in one request, or removed: what is on record about it is of no more use. Costs nothing for keys that were never large. Also the occasion for sweeping, once a day. */
  async written(key: string): Promise<void> {
    await this.#sweepDaily();
    const keys = await this.#keys();
    if (!keys.has(key)) return;
    await this.#blocks.drop(key);
    await this.abandon(key);
    keys.delete(key);
  }

  /** What this version consists of, found out elsewhere: by reading it, or by copying it from where it was known. Kept versions are never replaced, so nothing is noted of them. */
  async learn(key: string, version: Version, blocks: Blocks): Promise<void> {
    if (key.startsWith(CONTROL)) return;
    (await this.#keys()).add(key);
    await this.#blocks.keep(key, version, blocks);
  }

  /** The bytes of an object from its first to its last, of which it learns while they pass. */
  async *learning(key: string, version: Version, size: number, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    if (!this.isLarge(size) || key.startsWith(CONTROL) || (await this.blocksOf(key, version)) !== null) return yield* chunks;
    const hasher = new BlockHasher(this.partBytesFor(size), this.#ports.newHasher);
    for await (const chunk of chunks) {
      hasher.update(chunk);
      yield chunk;
    }
    await this.learn(key, version, hasher.digest());
  }

  /** Null: not known of this version. */
  async blocksOf(key: string, version: Version): Promise<Blocks | null> {
    return (await this.#keys()).has(key) ? this.#blocks.find(key, version) : null;
  }

  /** Copies within the store what is too large for one request; ends before the completion. Where the store does not judge whether the source still is `from`, it is looked at once more at the end. */
  async copy(from: S3Object & { readonly version: Version }, to: string, { meta, ways, signal }: CopyOptions): Promise<SentUpload | 'source-changed'> {
    const { api } = this.#ports;
    await this.#giveUp(to);
    const { session } = await this.#begin(to, from.size, meta, null, signal);
    try {
      const { parallel, copyBytes } = this.#options;
      const parts = await copyInParts(api, from, { key: to, uploadId: session.uploadId, parallel, partBytes: copyBytes, ...withSignal(signal) });
      const isWhole = parts !== null && (ways.copySource === 'enforced' || isSame(await api.head(from.key, withSignal(signal)), from));
      if (isWhole) return { uploadId: session.uploadId, parts, meta, blocks: await this.blocksOf(from.key, from.version) };
    } catch (error) {
      await this.abandon(to);
      throw error;
    }
    await this.abandon(to);
    return 'source-changed';
  }

  /** Gives up unfinished uploads on record that nobody took up for a week, and forgets some of what was replaced by others. Uploads of others are never touched: a store does not tell whose they are (S118). */
  async sweep(): Promise<void> {
    const now = await this.#ports.api.now();
    for (const [key, session] of await this.#sessions.all()) {
      if (!this.#active.has(key) && (session === null || now - session.usedAtMs > STALE_MS)) await this.#giveUp(key);
    }
    for (const [key, version] of await this.#blocks.some(LOOKED_AT, this.#ports.random)) {
      const object = await this.#ports.api.head(key);
      if (!this.#active.has(key) && (object === null || versionOf(object) !== version)) await this.#blocks.drop(key);
    }
  }

  async #sweepDaily(): Promise<void> {
    const now = this.#ports.clock.monotonic();
    if (this.#sweptAt !== null && now - this.#sweptAt < DAY_MS) return;
    this.#sweptAt = now;
    await this.sweep().catch(ignoreStoreErrors);
  }

  async #giveUp(key: string): Promise<void> {
    const session = await this.#sessions.find(key);
    if (session !== null) {
      await this.#ports.api.abort(key, session.uploadId).catch((error: unknown) => {
        // Without the permission it stays for a lifecycle rule; nothing else waits for it.
        if (!hasCode(error, 'refused', 'no-permission')) throw error;
      });
    }
    await this.#sessions.drop(key);
  }

  async #sendOnce(key: string, body: Body, options: SendOptions): Promise<SentUpload | 'no-upload'> {
    const { meta, replaces, signal } = options;
    const known = replaces === null ? null : await this.blocksOf(key, replaces.version);
    const { session, unrecorded } = (await this.#takeUp(key, body.size, meta, signal)) ?? (await this.#begin(key, body.size, meta, known, signal));
    const source = known?.partBytes === session.partBytes && replaces !== null ? { etag: replaces.etag, blocks: known } : null;
    const sender = new PartSender({ ...this.#ports, save: () => this.#save(key, session) }, { key, session, unrecorded, source, ways: options.ways, signal, onSent: body.onSent });
    body.onSent?.(0);
    const { budget, parallel } = this.#options;
    const parts = readParts(body, { partBytes: session.partBytes, budget, newHasher: this.#ports.newHasher, signal });
    if ((await inParallel(parts, parallel, (part) => sender.settle(part))) === 'stopped') return 'no-upload';
    return { uploadId: session.uploadId, meta: session.meta, ...sender.result() };
  }

  /** The upload on record, where it is of the same thing and the store still has it. */
  async #takeUp(key: string, size: number, meta: Meta, signal: AbortSignal | undefined): Promise<Begun | null> {
    const session = await this.#sessions.find(key);
    if (session === null) return null;
    const there = session.size === size && describes(session.meta) === describes(meta) ? await this.#ports.api.listParts(key, session.uploadId, withSignal(signal)) : null;
    if (there === null) {
      await this.#giveUp(key);
      return null;
    }
    return { session, unrecorded: reconcile(session, there) };
  }

  async #begin(key: string, size: number, meta: Meta, known: Blocks | null, signal: AbortSignal | undefined): Promise<Begun> {
    const partBytes = known !== null && fits(size, known.partBytes) ? known.partBytes : this.partBytesFor(size);
    const { api } = this.#ports;
    const uploadId = await api.createUpload(key, { meta, ...withSignal(signal) });
    const session: Session = { uploadId, size, partBytes, meta, usedAtMs: await api.now(withSignal(signal)), parts: new Map() };
    await this.#sessions.save(key, session);
    return { session, unrecorded: new Map() };
  }

  async #save(key: string, session: Session): Promise<void> {
    session.usedAtMs = await this.#ports.api.now();
    await this.#sessions.save(key, session);
  }

  #keys(): Promise<Set<string>> {
    this.#noted ??= this.#readKeys().catch((error: unknown) => {
      this.#noted = null;
      throw error;
    });
    return this.#noted;
  }

  async #readKeys(): Promise<Set<string>> {
    const { notes } = this.#ports;
    return new Set([...(await notes.all('upload')).keys(), ...(await notes.all('blocks')).keys()]);
  }
}

interface Begun {
  readonly session: Session;
  /** Parts that the store has and the record does not, by number. */
  readonly unrecorded: ReadonlyMap<number, Part>;
}

/** Takes out of the record what the store does not have so. Returns what it has beyond the record. */
function reconcile(session: Session, there: readonly Part[]): ReadonlyMap<number, Part> {
  const byNumber = new Map(there.map((part) => [part.number, part]));
  for (const [number, { etag }] of session.parts) {
    if (byNumber.get(number)?.etag === etag) byNumber.delete(number);
    else session.parts.delete(number);
  }
  return byNumber;
}

/** What the metadata say of the content, as text. */
function describes(meta: Meta): string {
  return JSON.stringify(
    Object.entries(meta)
      .filter(([name]) => !OF_THE_ATTEMPT.includes(name))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Of what only tidies up. */
function ignoreStoreErrors(error: unknown): void {
  if (!hasCode(error, 'unreachable', 'throttled', 'refused', 'no-permission', 'aborted')) throw error;
}

function isSame(now: S3Object | null, { etag, lastModifiedMs }: S3Object): boolean {
  return now !== null && now.etag === etag && now.lastModifiedMs === lastModifiedMs;
}

function withSignal(signal: AbortSignal | undefined): CallOptions {
  return signal === undefined ? {} : { signal };
}
