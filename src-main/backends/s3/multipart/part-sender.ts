import { hasCode } from '../../../core/errors.ts';
import type { Part, PartCall } from '../s3-api.ts';
import type { Blocks } from './blocks.ts';
import type { LargeUploadPorts, PartWays, SentUpload } from './large-uploads.ts';
import type { ReadPart } from './read-parts.ts';
import type { Session } from './sessions.ts';

interface SenderPorts extends Pick<LargeUploadPorts, 'api' | 'clock' | 'random' | 'newMd5'> {
  /** Puts the session as it is now on record. */
  save(): Promise<void>;
}

interface Job {
  readonly key: string;
  readonly session: Session;
  /** What the store has beyond the record. */
  readonly unrecorded: ReadonlyMap<number, Part>;
  /** What lies at the key, cut like the new object. */
  readonly source: { readonly etag: string; readonly blocks: Blocks } | null;
  readonly ways: PartWays;
  readonly signal: AbortSignal | undefined;
  /** As of the body. */
  readonly onSent: ((bytes: number) => void) | undefined;
}

/** A part is tried so often, beyond what the protocol's own calls do, before the upload waits for another time. */
const MOST_TRIES = 4;
const FIRST_PAUSE_MS = 500;

/** Brings each part of an upload to the store by the cheapest way: it is there, it can be copied there, or it is sent. */
export class PartSender {
  readonly #ports: SenderPorts;
  readonly #job: Job;
  readonly #hashes: string[] = [];
  /** Bytes of each part that left, or need not. */
  readonly #sentOf: number[] = [];
  #left = 0;
  #source: Job['source'];

  constructor(ports: SenderPorts, job: Job) {
    this.#ports = ports;
    this.#job = job;
    this.#source = job.source;
  }

  /** `stop`: the upload is gone. */
  async settle(part: ReadPart): Promise<'next' | 'stop'> {
    try {
      const settled = await this.#settle(part);
      this.#tell(part, part.bytes.length);
      part.release('unread');
      return settled;
    } finally {
      part.release();
    }
  }

  async #settle(part: ReadPart): Promise<'next' | 'stop'> {
    this.#hashes[part.number - 1] = part.sha256;
    const { session } = this.#job;
    if (session.parts.get(part.number)?.sha256 === part.sha256) return 'next';
    const made = this.#isThere(part) ?? (await this.#copied(part)) ?? (await this.#sent(part));
    if (made === 'no-upload') return 'stop';
    session.parts.set(part.number, { etag: made.etag, sha256: part.sha256 });
    await this.#ports.save();
    return 'next';
  }

  /** After the last part. */
  result(): Pick<SentUpload, 'parts'> & { readonly blocks: Blocks } {
    const { parts, partBytes } = this.#job.session;
    return {
      parts: this.#hashes.map((_, index) => ({ number: index + 1, etag: parts.get(index + 1)?.etag ?? '' })),
      blocks: { partBytes, hashes: this.#hashes },
    };
  }

  /** A part that was sent right before the end of an earlier run: known by its ETag, where that is the MD5 of the bytes. */
  #isThere(part: ReadPart): { readonly etag: string } | null {
    const there = this.#job.unrecorded.get(part.number);
    return there !== undefined && there.size === part.bytes.length && this.#isMd5(part, there.etag) ? there : null;
  }

  /** A part equal to the one at the same place of the object to be replaced. Where the store does not judge whether that still is the same object, its answer has to prove the bytes. */
  async #copied(part: ReadPart): Promise<{ readonly etag: string } | 'no-upload' | null> {
    const { key, ways } = this.#job;
    if (this.#source === null || !ways.copyPart || this.#source.blocks.hashes[part.number - 1] !== part.sha256) return null;
    const from = { key, etag: this.#source.etag, first: part.first, last: part.last };
    const answer = await this.#patiently(() => this.#ports.api.copyPart(from, key, this.#call(part))).catch((error: unknown) => {
      if (hasCode(error, 'refused', 'no-permission', 'not-supported')) return 'source-changed' as const;
      throw error;
    });
    if (answer === 'no-upload') return answer;
    if (answer !== 'source-changed' && (ways.copySource === 'enforced' || this.#isMd5(part, answer.etag))) return answer;
    this.#source = null;
    return null;
  }

  #sent(part: ReadPart): Promise<{ readonly etag: string } | 'no-upload'> {
    return this.#patiently(() =>
      this.#ports.api.uploadPart(this.#job.key, { ...this.#call(part), bytes: part.bytes, sha256: part.sha256, onSent: (bytes) => this.#tell(part, bytes) }),
    );
  }

  #tell({ number }: ReadPart, bytes: number): void {
    this.#left += bytes - (this.#sentOf[number - 1] ?? 0);
    this.#sentOf[number - 1] = bytes;
    this.#job.onSent?.(this.#left);
  }

  #call({ number }: ReadPart): PartCall {
    const { session, signal } = this.#job;
    return { uploadId: session.uploadId, number, ...(signal === undefined ? {} : { signal }) };
  }

  #isMd5({ bytes }: ReadPart, etag: string): boolean {
    if (!/^[0-9a-f]{32}$/.test(etag)) return false;
    const hasher = this.#ports.newMd5();
    hasher.update(bytes);
    return hasher.digest() === etag;
  }

  /** A busy store or a short gap in the network delays one part and none of the others. */
  async #patiently<T>(call: () => Promise<T>): Promise<T> {
    const { clock, random } = this.#ports;
    for (let tries = 1; ; tries++) {
      try {
        return await call();
      } catch (error) {
        if (tries === MOST_TRIES || !hasCode(error, 'unreachable', 'throttled')) throw error;
      }
      await clock.sleep(FIRST_PAUSE_MS * 2 ** (tries - 1) * (0.5 + random.fraction() / 2), this.#job.signal);
    }
  }
}
