import type { Backend } from '../../backends/backend.ts';
import { type LeafEntry, sameContent } from '../../core/entry.ts';
import { hasCode } from '../../core/errors.ts';
import type { RelPath } from '../../core/rel-path.ts';
import type { NewHasher } from '../../platform/clock.ts';
import { examine } from '../examine.ts';
import { readMeta } from '../metadata.ts';
import { MAX_MOVE_BYTES, type MoveRecord, readMove } from '../move-record.ts';
import { readSmall } from '../small-body.ts';
import { hadMarker, livesFrom, momentOf, needsLiveAfter, needsOldestAfter, type PathHistory } from './lives.ts';
import type { BytesAt, Life, Past, PastItem, PastLeaf, PastRequest, Resolved } from './past.ts';
import { readHistories } from './read-histories.ts';

/** Paths told apart at once, where that takes questions. */
const BATCH = 64;
/** A content that was renamed is followed through so many names. */
const MAX_MOVES = 16;
/** The new name's time and the record of the old one may be so far apart, ms: the store's time is known to seconds. */
const SLACK_MS = 120_000;

export interface PastPorts {
  readonly backend: Backend;
  readonly newHasher: NewHasher;
}

export function openPast(ports: PastPorts): Past {
  return new PastOnBackend(ports);
}

type Call = { readonly signal?: AbortSignal };

class PastOnBackend implements Past {
  readonly #backend: Backend;
  readonly #newHasher: NewHasher;

  constructor({ backend, newHasher }: PastPorts) {
    this.#backend = backend;
    this.#newHasher = newHasher;
  }

  async *treeAt(atMs: number, { scope = null, signal, onProgress }: PastRequest = {}): AsyncGenerator<PastItem> {
    const call = withSignal(signal);
    let batch: PathHistory[] = [];
    let paths = 0;
    for await (const history of readHistories(this.#backend, { scope, ...call })) {
      batch.push(history);
      if (batch.length < BATCH) continue;
      yield* await this.#itemsOf(batch, atMs, call);
      paths += batch.length;
      onProgress?.({ paths });
      batch = [];
    }
    yield* await this.#itemsOf(batch, atMs, call);
    onProgress?.({ paths: paths + batch.length });
  }

  async *lives({ scope = null, signal }: Omit<PastRequest, 'onProgress'> = {}): AsyncGenerator<readonly Life[]> {
    for await (const history of readHistories(this.#backend, { scope, ...withSignal(signal) })) {
      const lives = livesFrom(history, history.live?.afterMs ?? null);
      if (lives.length > 0) yield lives;
    }
  }

  async livesOf(path: RelPath, signal?: AbortSignal): Promise<readonly Life[]> {
    const call = withSignal(signal);
    const history = await this.#historyOf(path, call);
    return history === null ? [] : this.#lives(await this.#withOldest(history, Number.NEGATIVE_INFINITY, call), true, call);
  }

  async resolve({ path, atMs, life, sure }: PastLeaf, signal?: AbortSignal): Promise<Resolved | null> {
    const found = await this.resolveLife(life, signal);
    if (found !== null || !sure) return found;
    // It was replaced, renamed or removed since it was listed: then it was kept under another name.
    const moment = momentOf(await this.livesOf(path, signal), atMs);
    return moment.kind === 'life' && moment.sure ? this.resolveLife(moment.life, signal) : null;
  }

  resolveLife(life: Life, signal?: AbortSignal): Promise<Resolved | null> {
    return this.#resolve(life, 0, withSignal(signal));
  }

  async open({ key, version }: BytesAt, { offset, signal }: { readonly offset: number; readonly signal?: AbortSignal }): Promise<AsyncIterable<Uint8Array> | null> {
    const object = await this.#backend.get(key, { ifMatch: version, offset, ...withSignal(signal) });
    return object === null ? null : object.chunks;
  }

  async #itemsOf(batch: readonly PathHistory[], atMs: number, call: Call): Promise<readonly PastItem[]> {
    return (await Promise.all(batch.map((history) => this.#itemsAt(history, atMs, call)))).flat();
  }

  async #itemsAt(history: PathHistory, atMs: number, call: Call): Promise<readonly PastItem[]> {
    const { path } = history;
    const items: PastItem[] = hadMarker(history, atMs) ? [{ kind: 'folder', path }] : [];
    const moment = momentOf(await this.#lives(await this.#withOldest(history, atMs, call), needsLiveAfter(history, atMs), call), atMs);
    if (moment.kind === 'life') items.push({ kind: 'leaf', path, atMs, life: moment.life, sure: moment.sure });
    else if (moment.kind === 'expired') items.push({ kind: 'lost', path, why: 'expired' });
    return items;
  }

  async #lives(history: PathHistory, asks: boolean, call: Call): Promise<readonly Life[]> {
    const { live } = history;
    if (live === null || !asks || live.afterMs !== undefined) return livesFrom(history, live?.afterMs ?? null);
    const detail = await this.#backend.stat(live.key, call);
    if (detail?.version !== live.version) return livesFrom(history, null);
    // An object that was only encrypted again knows since when the store has its content; a listing does not.
    return livesFrom({ ...history, live: { ...live, storedAtMs: detail.storedAtMs } }, readMeta(detail).afterMs);
  }

  async #withOldest(history: PathHistory, atMs: number, call: Call): Promise<PathHistory> {
    const oldest = needsOldestAfter(history, atMs);
    if (oldest === null) return history;
    const detail = await this.#backend.stat(oldest.key, { past: oldest.version, ...call });
    const afterMs = detail === null ? null : readMeta(detail).afterMs;
    return { ...history, kept: history.kept.map((one) => (one === oldest ? { ...one, name: { ...one.name, afterMs } } : one)) };
  }

  async #historyOf(path: RelPath, call: Call): Promise<PathHistory | null> {
    for await (const history of readHistories(this.#backend, { scope: path, ...call })) if (history.path === path) return history;
    return null;
  }

  async #resolve(life: Life, moves: number, call: Call): Promise<Resolved | null> {
    if (life.kind === 'moved') return this.#followMove(life, moves, call);
    const past = life.isNative === true ? { past: life.at.version } : {};
    const seen = await examine(this.#backend, this.#newHasher, life.at.key, { rehash: false, ...past, ...call });
    if (seen === null || seen.version !== life.at.version || seen.entry.kind === 'folder') return null;
    return { entry: seen.entry, bytes: seen.entry.kind === 'file' ? life.at : null, device: seen.device };
  }

  /** Looks under the new name for the content the record tells; only the very same will do. */
  async #followMove(life: Life, moves: number, call: Call): Promise<Resolved | null> {
    const record = await this.#recordAt(life.at, call);
    if (record === null || moves >= MAX_MOVES) return null;
    const { entry, to } = record;
    if (entry.kind === 'symlink') return { entry, bytes: null, device: null };
    const history = await this.#historyOf(to, call);
    const since = (life.untilMs ?? life.fromMs) - SLACK_MS;
    const candidates =
      history === null ? [] : (await this.#lives(history, false, call)).filter((other) => other.fromMs >= since && (other.size === null || other.size === entry.size));
    for (const candidate of candidates) {
      const found = await this.#same(candidate, entry, moves + 1, call);
      if (found !== null) return { entry, bytes: found.bytes, device: found.device };
    }
    return null;
  }

  async #same(candidate: Life, entry: LeafEntry, moves: number, call: Call): Promise<Resolved | null> {
    const found = await this.#resolve(candidate, moves, call);
    return found !== null && sameContent(found.entry, entry) ? found : null;
  }

  async #recordAt({ key, version }: BytesAt, call: Call): Promise<MoveRecord | null> {
    try {
      const object = await this.#backend.get(key, { ifMatch: version, ...call });
      return object === null ? null : readMove(Buffer.from(await readSmall(object.chunks, MAX_MOVE_BYTES)).toString('utf8'));
    } catch (error) {
      if (hasCode(error, 'corrupt')) return null;
      throw error;
    }
  }
}

function withSignal(signal: AbortSignal | undefined): Call {
  return signal === undefined ? {} : { signal };
}
