import type { Encoded, Recipe } from '../../codec/container.ts';
import { contentIdFor } from '../../codec/content-keys.ts';
import { encodeContainer } from '../../codec/encode-container.ts';
import { sealEnvelope } from '../../codec/envelope.ts';
import { type Head, MAX_REUSE } from '../../codec/head.ts';
import { SyncError } from '../../core/errors.ts';
import type { Backend, CallOptions, Meta } from '../backend.ts';
import { beginsLife, nextGeneration } from './generation.ts';
import { withHash } from './sealed-bodies.ts';
import { ENVELOPE, type Opened } from './sealed-heads.ts';
import { boundOf, isOurs, placeOf } from './sealed-keys.ts';
import { factsOf, hashIn, type SwitchMarks, withMarks, withoutOwn } from './sealed-meta.ts';
import type { SealedCodec, SealedPorts } from './sealed-ports.ts';
import { type Sealing, SealingNotes } from './sealing-notes.ts';
import type { SeenGenerations } from './seen-generations.ts';

/** From here on a replacement keeps the content id of what it replaces, and an interrupted write is taken up: below, sending all again costs less than keeping a record. */
const LARGE_BYTES = 8 * 1_048_576;

export interface WritePorts extends SealedPorts {
  readonly backend: Backend;
  readonly codec: SealedCodec;
  readonly seen: SeenGenerations;
}

/** An object ready to be stored: what it says of itself, its bytes, and the store's metadata for it. */
export interface Sealed extends Sealing {
  readonly encoded: Encoded;
  readonly meta: Meta;
}

/** Makes heads and containers of what is to be written. */
export class SealedWrites {
  readonly #ports: WritePorts;
  readonly #notes: SealingNotes;

  constructor(ports: WritePorts) {
    this.#ports = ports;
    this.#notes = new SealingNotes(ports.notes);
  }

  /** `previous`: what it replaces. `marks`: of what had another form. Whoever gets it releases `encoded`. */
  async seal(key: string, body: Recipe, meta: Meta, previous: Opened | null, { marks, ...options }: CallOptions & { readonly marks?: SwitchMarks | null }): Promise<Sealed> {
    const { newHasher } = this.#ports;
    const known = hashIn(meta);
    const whole = known === null ? await withHash(body, newHasher, options) : { body, sha256: known };
    const head: Head = {
      ...factsOf(key, meta),
      ...(await this.#place(key, previous, options)),
      size: body.size,
      sha256: whole.sha256,
      reuse: 0,
    };
    return this.#encode(key, whole.body, marks == null ? head : withMarks(head, marks), previous, options);
  }

  /** The object is stored, or never will be: nothing goes on with it. */
  async finished(key: string, size: number): Promise<void> {
    if (this.#isLarge(size)) await this.#notes.drop(key);
  }

  /** The head of `opened` as of a copy at another key. With `meta`, times and author are those; the content's facts stay. */
  async headAt(key: string, { head }: Opened, meta: Meta | undefined, replaced: Opened | null, options: CallOptions): Promise<Head> {
    const facts = meta === undefined ? withoutOwn(head) : { ...factsOf(key, meta), kind: head.kind };
    const bound = boundOf(key);
    // A version of something stays what it was.
    const place = isOurs(key) ? { path: bound.kind === 'path' ? bound.path : head.path } : await this.#place(key, replaced, options);
    return { ...head, ...facts, ...place };
  }

  /** What the store's metadata say of an object; null where the envelope has no room there. */
  metaFor(key: string, sealing: Sealing): Meta | null {
    const { codec, backend } = this.#ports;
    if (!backend.capabilities.keepsMeta) return null;
    const envelope = sealEnvelope(codec.keys?.current() ?? null, { vaultId: codec.vaultId, storedKey: placeOf(codec.names, key) }, sealing);
    return envelope === null ? null : { [ENVELOPE]: envelope };
  }

  async #place(key: string, previous: Opened | null, options: CallOptions): Promise<Pick<Head, 'path' | 'generation' | 'previous'>> {
    const bound = boundOf(key);
    const path = bound.kind === 'path' ? bound.path : key;
    if (isOurs(key)) return { path, generation: 1, previous: null };
    const seen = await this.#ports.seen.countsFrom(key);
    const before = previous?.head.generation ?? null;
    const now = beginsLife(before) ? ((await this.#ports.backend.now?.(options)) ?? null) : null;
    return { path, generation: nextGeneration(before, seen, now), previous: previous === null ? null : Buffer.from(previous.contentId).toString('hex') };
  }

  async #encode(key: string, body: Recipe, head: Head, previous: Opened | null, options: CallOptions): Promise<Sealed> {
    const { codec, random } = this.#ports;
    const keys = codec.keys?.current() ?? null;
    const begun = this.#isLarge(head.size) ? await this.#notes.find(key, keys?.epoch ?? 0, head) : null;
    const fresh: Sealing = begun ?? { head, contentId: contentIdFor(keys, head.op ?? random.id(), head.path) };
    const encoded = await this.#container(body, fresh, !isOurs(key) && (begun === null || begun.head.reuse === 0), options);
    if (begun === null && keys !== null && this.#mayReuse(head, encoded, previous)) {
      await encoded.release();
      const reusing = { head: { ...head, reuse: previous.head.reuse + 1 }, contentId: previous.contentId };
      return this.#noted(key, reusing, await this.#container(body, reusing, false, options), options);
    }
    return this.#noted(key, fresh, encoded, options);
  }

  async #noted(key: string, sealing: Sealing, encoded: Encoded, options: CallOptions): Promise<Sealed> {
    const { codec } = this.#ports;
    const meta = this.metaFor(key, sealing) ?? {};
    if (!this.#isLarge(sealing.head.size)) return { ...sealing, encoded, meta };
    await this.#notes.keep(key, codec.keys?.current().epoch ?? 0, sealing);
    const { header, size, release } = encoded;
    if (codec.keys === null) return { ...sealing, encoded, meta };
    return { ...sealing, meta, encoded: { header, size, release, open: () => beforeLast(encoded.open(), () => this.#checkEpoch(key, header.epoch, options)) } };
  }

  /** A large object may take long to be sent: its key has to be the vault's still when its last bytes go, since keys of old epochs are given up a day after a newer one began. */
  async #checkEpoch(key: string, epoch: number, options: CallOptions): Promise<void> {
    const { keys } = this.#ports.codec;
    await keys?.refresh?.(options);
    if (keys?.current().epoch !== epoch)
      throw new SyncError('busy', 'the key of the vault was changed while this file was sent: it is sent again under the new one', { path: key });
  }

  #container(body: Recipe, { head, contentId }: Sealing, mayCompress: boolean, { signal }: CallOptions): Promise<Encoded> {
    const { codec, spool } = this.#ports;
    return encodeContainer(body, {
      vaultId: codec.vaultId,
      keys: codec.keys?.current() ?? null,
      contentId,
      head,
      ...(codec.compression === null || !mayCompress ? {} : { compression: codec.compression }),
      ...(spool === undefined ? {} : { spool }),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  #isLarge(size: number): boolean {
    return size >= (this.#ports.largeFrom ?? LARGE_BYTES);
  }

  #mayReuse({ size }: Head, { header }: Encoded, previous: Opened | null): previous is Opened {
    return this.#isLarge(size) && header.compression === 'none' && previous !== null && this.#isLarge(previous.head.size) && previous.head.reuse < MAX_REUSE;
  }
}

/** All but the last chunk; that one too once `check` has passed. */
async function* beforeLast(chunks: AsyncIterable<Uint8Array>, check: () => Promise<void>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array | null = null;
  for await (const chunk of chunks) {
    if (held !== null) yield held;
    held = chunk;
  }
  await check();
  if (held !== null) yield held;
}
