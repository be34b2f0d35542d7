import type { Backend, CallOptions, ObjectInfo } from '../../backends/backend.ts';
import { SyncError } from '../../core/errors.ts';
import { isWithin, parseRelPath, type RelPath } from '../../core/rel-path.ts';
import { CONTROL_PREFIX, LONG_VERSIONS_PREFIX, pathOf, VERSIONS_PREFIX } from '../keys.ts';
import { readMeta } from '../metadata.ts';
import { readSmall } from '../small-body.ts';
import { parseVersionKey } from '../version-name.ts';
import { compareKeys } from './key-order.ts';
import type { Found, KeptObject, PathHistory } from './lives.ts';

/** What is there now is read so many keys ahead of the versions; in between nothing of a store that lists in order is held. */
const WINDOW_KEYS = 10_000;
const MAX_KEY_BYTES = 1024;

export interface HistoriesRequest extends CallOptions {
  readonly scope?: RelPath | null;
  /** Tests with few keys. */
  readonly windowKeys?: number;
}

/**
 * The histories of all paths, each once. What is there now is always listed before the versions of the same paths: what is removed meanwhile was kept by then, so it shows in one of the two. A store that lists in order is
 * read in windows, and memory holds one of them; any other is held whole.
 */
export async function* readHistories(backend: Backend, request: HistoriesRequest): AsyncGenerator<PathHistory> {
  const live = liveKeys(backend, request)[Symbol.asyncIterator]();
  // With the first key the vault is open, and it is known how it lists.
  let head: IteratorResult<ObjectInfo> | null = await live.next();
  const inOrder = backend.capabilities.listsInOrder === true;
  const windowKeys = inOrder ? (request.windowKeys ?? WINDOW_KEYS) : Number.POSITIVE_INFINITY;
  const pending = new Pending(request.scope ?? null);
  let after: string | undefined;
  try {
    for (let ended = false; !ended; ) {
      let last = '';
      let count = 0;
      for (; count < windowKeys; count++) {
        const { value, done }: IteratorResult<ObjectInfo> = head ?? (await live.next());
        head = null;
        ended = done === true;
        if (ended || value === undefined) break;
        pending.takeLive(value);
        last = value.key;
      }
      for await (const kept of keptKeys(backend, VERSIONS_PREFIX, request, after)) {
        const place = kept.key.slice(VERSIONS_PREFIX.length);
        if (!ended && compareKeys(place, last) > 0) break;
        after = kept.key;
        pending.takeKept(place.slice(0, place.lastIndexOf('/')), kept);
        if (inOrder && pending.size > 2 * windowKeys) yield* pending.before(place);
      }
      if (!ended) yield* pending.before(last);
    }
  } finally {
    await live.return?.(undefined);
  }
  for await (const [path, kept] of longKept(backend, request)) pending.takeKept(path, kept);
  yield* pending.all();
}

class Pending {
  readonly #scope: RelPath | null;
  readonly #byPath = new Map<string, PathHistory>();

  constructor(scope: RelPath | null) {
    this.#scope = scope;
  }

  get size(): number {
    return this.#byPath.size;
  }

  takeLive(info: ObjectInfo): void {
    const place = pathOf(info.key);
    const history = place === null ? null : this.#at(place.path);
    if (place === null || history === null) return;
    if (place.isFolder) history.marker = foundOf(info);
    else history.live = foundOf(info);
  }

  takeKept(path: string, kept: KeptObject): void {
    this.#at(path)?.kept.push(kept);
  }

  /** Those whose versions all come before a place among the versions; the names of versions begin with digits. */
  *before(place: string): Generator<PathHistory> {
    const whole = [...this.#byPath.keys()].filter((path) => compareKeys(`${path}/:`, place) <= 0 && !isLong(path));
    yield* this.#take(whole);
  }

  *all(): Generator<PathHistory> {
    yield* this.#take([...this.#byPath.keys()]);
  }

  *#take(paths: readonly string[]): Generator<PathHistory> {
    for (const path of [...paths].sort(compareKeys)) {
      const history = this.#byPath.get(path);
      this.#byPath.delete(path);
      if (history !== undefined) yield history;
    }
  }

  #at(text: string): PathHistory | null {
    const known = this.#byPath.get(text);
    if (known !== undefined) return known;
    const parsed = parseRelPath(text);
    if (!('path' in parsed) || (this.#scope !== null && !isWithin(parsed.path, this.#scope))) return null;
    const history: PathHistory = { path: parsed.path, live: null, marker: null, kept: [] };
    this.#byPath.set(text, history);
    return history;
  }
}

/** Its versions may lie under a hash, which is listed last. */
function isLong(path: string): boolean {
  return Buffer.byteLength(path) > MAX_KEY_BYTES - 128;
}

function foundOf({ key, version, size, storedAtMs, meta }: ObjectInfo): Found {
  return { key, version, size, storedAtMs, ...(meta === undefined ? {} : { afterMs: readMeta({ meta, storedAtMs }).afterMs }) };
}

async function* liveKeys(backend: Backend, { scope = null, signal }: HistoriesRequest): AsyncGenerator<ObjectInfo> {
  const options = signal === undefined ? {} : { signal };
  if (scope === null) return yield* backend.list('', { ...options, skip: CONTROL_PREFIX });
  const own = await backend.stat(scope, options);
  if (own !== null) yield own;
  yield* backend.list(`${scope}/`, options);
}

async function* keptKeys(backend: Backend, prefix: string, { scope = null, signal }: HistoriesRequest, after: string | undefined): AsyncGenerator<KeptObject> {
  const options = { ...(signal === undefined ? {} : { signal }), ...(after === undefined ? {} : { after }) };
  for await (const { key, version, size } of backend.list(scope === null || prefix !== VERSIONS_PREFIX ? prefix : `${prefix}${scope}/`, options)) {
    if (after !== undefined && compareKeys(key, after) <= 0) continue;
    const name = parseVersionKey(key);
    if (name !== null) yield { key, version, size, name };
  }
}

/** Versions of long paths; the object beside them tells which path. */
async function* longKept(backend: Backend, request: HistoriesRequest): AsyncGenerator<readonly [string, KeptObject]> {
  const paths = new Map<string, string | null>();
  for await (const kept of keptKeys(backend, LONG_VERSIONS_PREFIX, request, undefined)) {
    const { folder } = kept.name;
    if (!paths.has(folder)) paths.set(folder, await longPath(backend, folder, request));
    const path = paths.get(folder);
    if (path !== null && path !== undefined) yield [path, kept];
  }
}

async function longPath(backend: Backend, folder: string, { signal }: HistoriesRequest): Promise<string | null> {
  try {
    const object = await backend.get(`${folder}key`, signal === undefined ? {} : { signal });
    return object === null ? null : Buffer.from(await readSmall(object.chunks, MAX_KEY_BYTES)).toString('utf8');
  } catch (error) {
    if (error instanceof SyncError && error.code === 'corrupt') return null;
    throw error;
  }
}
