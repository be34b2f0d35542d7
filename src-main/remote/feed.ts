import type { Backend, ObjectInfo } from '../backends/backend.ts';
import type { Version } from '../core/entry.ts';
import { hasCode, PLACE_ERRORS, SyncError } from '../core/errors.ts';
import type { RelPath } from '../core/rel-path.ts';
import { entryKey, entryText, isEntryKey, keyAt, MAX_ENTRY_BYTES, readEntry } from './feed-entry.ts';
import { inParallel } from './in-parallel.ts';
import { FEED_PREFIX } from './keys.ts';
import type { RemoteChange, RemoteFeed } from './remote-tree.ts';
import { bodyOf, readSmall } from './small-body.ts';

/** Readers begin so far before where they ended: the store's time is known to a second or so, and a write may take its time. */
const OVERLAP_MS = 120_000;
const DAY_MS = 86_400_000;
/** Older entries are swept, and so are the oldest beyond a number. */
const KEPT_MS = DAY_MS;
const MAX_KEPT = 10_000;
/** Whoever did not look for so long may have missed swept ones. */
const MAX_AWAY_MS = DAY_MS / 2;
/** More new entries than this are answered by a full listing. */
const MAX_NEW = 200;
const MAX_LISTED = 5_000;
const AT_ONCE = 8;

export interface FeedPorts {
  readonly backend: Backend;
  readonly now: (signal?: AbortSignal) => Promise<number>;
  readonly device: string;
  /** Names this run of this device among all writers. */
  readonly writer: string;
}

/**
 * The change feed of docs/format.md: each device that changed something leaves a small object saying what, and the others list those since their last look instead of the whole store. Only full listings are truth. An entry
 * that is lost, late, doubled, out of order, from the future, malformed or of a newer version costs time, never data (C45).
 */
export class Feed implements RemoteFeed {
  readonly #ports: FeedPorts;
  /** The store's time up to which everything is known, from a full listing or from here; null before the first. */
  #readTo: number | null = null;
  /** Entries that were read, or are our own, as far as they may still be listed. */
  #seen = new Set<string>();
  #written = 0;

  constructor(ports: FeedPorts) {
    this.#ports = ports;
  }

  /** Before a full listing: what it will have seen all changes of. */
  async timeBeforeListing(signal?: AbortSignal): Promise<number | null> {
    return this.#ports.now(signal).catch(() => null);
  }

  /** After it. */
  listed(fromMs: number | null): void {
    this.#readTo = fromMs;
  }

  async news(knows: (path: RelPath) => Version | null, signal?: AbortSignal): Promise<ReadonlySet<RelPath> | null> {
    try {
      const now = await this.#ports.now(signal);
      const from = this.#readTo;
      // A clock that was put back would hide what is written from now on.
      if (from === null || now < from - OVERLAP_MS || now - from > MAX_AWAY_MS) return null;
      const fresh = await this.#list(keyAt(from - OVERLAP_MS), signal);
      const changes = fresh === null ? null : await this.#read(fresh, signal);
      for (const { key } of fresh ?? []) this.#seen.add(key);
      if (changes === null) return null;
      this.#readTo = now;
      return new Set(changes.filter(({ path, version }) => version === undefined || version !== knows(path)).map(({ path }) => path));
    } catch (error) {
      if (!(error instanceof SyncError) || PLACE_ERRORS.includes(error.code) || error.code === 'throttled') throw error;
      return null;
    }
  }

  async announce(changes: readonly RemoteChange[] | null, signal?: AbortSignal): Promise<void> {
    const { backend, device, writer } = this.#ports;
    const key = entryKey(await this.#ports.now(signal), writer, this.#written++);
    this.#seen.add(key);
    // Nobody else writes under this name: refused, it is there from an attempt whose answer was lost.
    await backend.put(key, bodyOf(Buffer.from(entryText(changes, device))), { condition: { kind: 'absent' }, meta: {}, ...withSignal(signal) });
  }

  /** Entries nobody needs any more; by when the store took them, whatever time they claim. */
  async sweep(nowMs: number, signal?: AbortSignal): Promise<void> {
    const { backend } = this.#ports;
    const entries: ObjectInfo[] = [];
    for await (const info of backend.list(FEED_PREFIX, withSignal(signal))) if (isEntryKey(info.key)) entries.push(info);
    const newestFirst = entries.sort((a, b) => b.storedAtMs - a.storedAtMs || (a.key < b.key ? 1 : -1));
    const doomed = newestFirst.filter((info, rank) => rank >= MAX_KEPT || info.storedAtMs < nowMs - KEPT_MS);
    await inParallel(doomed, AT_ONCE, async ({ key, version }) => {
      await backend.delete(key, { version, ...withSignal(signal) }).catch((error: unknown) => {
        if (!(error instanceof SyncError) || PLACE_ERRORS.includes(error.code)) throw error;
      });
    });
  }

  /** Entries after that key that were not read yet; null when there are too many. */
  async #list(after: string, signal: AbortSignal | undefined): Promise<readonly ObjectInfo[] | null> {
    const fresh: ObjectInfo[] = [];
    let listed = 0;
    for (const key of this.#seen) if (key <= after) this.#seen.delete(key);
    for await (const info of this.#ports.backend.list(FEED_PREFIX, { after, ...withSignal(signal) })) {
      if (info.key <= after) continue;
      if (++listed > MAX_LISTED) return null;
      if (!this.#seen.has(info.key)) fresh.push(info);
    }
    return fresh;
  }

  /** What these entries say; null: anything. */
  async #read(fresh: readonly ObjectInfo[], signal: AbortSignal | undefined): Promise<readonly RemoteChange[] | null> {
    if (fresh.length > MAX_NEW || fresh.some(({ key, size }) => !isEntryKey(key) || (size ?? 0) > MAX_ENTRY_BYTES)) return null;
    const changes: RemoteChange[] = [];
    let readable = true;
    await inParallel(fresh, AT_ONCE, async ({ key }) => {
      const said = await this.#entry(key, signal);
      if (said === null) readable = false;
      else changes.push(...said);
    });
    return readable ? changes : null;
  }

  async #entry(key: string, signal: AbortSignal | undefined): Promise<readonly RemoteChange[] | null> {
    try {
      const object = await this.#ports.backend.get(key, withSignal(signal));
      return object === null ? null : readEntry(Buffer.from(await readSmall(object.chunks, MAX_ENTRY_BYTES)).toString('utf8'));
    } catch (error) {
      if (hasCode(error, 'corrupt', 'not-found')) return null;
      throw error;
    }
  }
}

function withSignal(signal: AbortSignal | undefined): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
