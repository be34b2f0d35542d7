import type { Backend, CallOptions, ObjectInfo, PastObject } from '../../backends/backend.ts';
import { SyncError } from '../../core/errors.ts';
import { compareKeys } from '../../core/key-order.ts';
import { isWithin, parseRelPath, type RelPath } from '../../core/rel-path.ts';
import { CONTROL_PREFIX, LONG_VERSIONS_PREFIX, pathOf, VERSIONS_PREFIX } from '../keys.ts';
import { readMeta } from '../metadata.ts';
import { readSmall } from '../small-body.ts';
import { nativeName, parseVersionKey } from '../version-name.ts';
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
  const { listsInOrder = false } = backend.capabilities;
  const inOrder = listsInOrder === true || (listsInOrder === 'whole' && (request.scope ?? null) === null);
  const windowKeys = inOrder ? (request.windowKeys ?? WINDOW_KEYS) : Number.POSITIVE_INFINITY;
  const pending = new Pending(request.scope ?? null);
  const after: Behind = { kept: undefined, past: undefined };
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
        last = placeOf(value) || last;
      }
      for await (const older of olderKeys(backend, request, after, inOrder)) {
        const { kind, place } = older;
        if (!ended && compareKeys(place, last) > 0) break;
        if (kind === 'kept') {
          after.kept = place === '' ? after.kept : VERSIONS_PREFIX + place;
          pending.takeKept(pathIn(older.kept.key), older.kept, place.slice(0, place.lastIndexOf('/')));
        } else {
          after.past = place || after.past;
          pending.takePast(older.past);
        }
        if (inOrder && pending.size > 2 * windowKeys) yield* pending.before(place);
      }
      if (!ended) yield* pending.before(last);
    }
  } finally {
    await live.return?.(undefined);
  }
  for await (const [path, kept] of longKept(backend, request)) pending.takeKept(path, kept, '');
  yield* pending.all();
}

/** How far each of the two listings of older things has been read. */
interface Behind {
  kept: string | undefined;
  past: string | undefined;
}
/** Something older, with its place in the order of what is there now. */
type Older = { readonly kind: 'kept'; readonly place: string; readonly kept: KeptObject } | { readonly kind: 'past'; readonly place: string; readonly past: PastObject };

/** Versions that we kept and versions that the store keeps; where both are listed in order, in one order. */
async function* olderKeys(backend: Backend, request: HistoriesRequest, after: Behind, inOrder: boolean): AsyncGenerator<Older> {
  const kept = keptOlder(backend, request, after.kept);
  const past = pastOlder(backend, request, after.past);
  if (inOrder) return yield* inOneOrder(kept, past);
  yield* kept;
  yield* past;
}

async function* inOneOrder(a: AsyncGenerator<Older>, b: AsyncGenerator<Older>): AsyncGenerator<Older> {
  try {
    let [x, y] = [await a.next(), await b.next()];
    while (x.done !== true || y.done !== true) {
      const takesX = y.done === true || (x.done !== true && compareKeys(x.value.place, y.value.place) <= 0);
      if (takesX && x.done !== true) {
        yield x.value;
        x = await a.next();
      } else if (y.done !== true) {
        yield y.value;
        y = await b.next();
      }
    }
  } finally {
    await a.return(undefined);
    await b.return(undefined);
  }
}

async function* keptOlder(backend: Backend, request: HistoriesRequest, after: string | undefined): AsyncGenerator<Older> {
  for await (const kept of keptKeys(backend, VERSIONS_PREFIX, request, after)) yield { kind: 'kept', place: placeOf(kept).slice(VERSIONS_PREFIX.length), kept };
}

async function* pastOlder(backend: Backend, { scope = null, signal }: HistoriesRequest, after: string | undefined): AsyncGenerator<Older> {
  if (backend.listPast === undefined) return;
  const options = { skip: CONTROL_PREFIX, ...(signal === undefined ? {} : { signal }), ...(after === undefined ? {} : { after }) };
  for await (const past of backend.listPast(scope ?? '', options)) {
    const place = placeOf(past);
    if (after !== undefined && place !== '' && compareKeys(place, after) <= 0) continue;
    if (scope === null || past.key === scope || past.key.startsWith(`${scope}/`)) yield { kind: 'past', place, past };
  }
}

/** Where it stands in the order of listings; empty: anywhere. */
function placeOf({ key, place = key }: Pick<ObjectInfo, 'key' | 'place'>): string {
  return place;
}

/** The path a kept version is of. */
function pathIn(key: string): string {
  return key.slice(VERSIONS_PREFIX.length, key.lastIndexOf('/'));
}

/** The empty place: what is there may be listed anywhere, so it waits for the end. */
class Pending {
  readonly #scope: RelPath | null;
  readonly #byPath = new Map<string, PathHistory>();
  readonly #places = new Map<string, string>();

  constructor(scope: RelPath | null) {
    this.#scope = scope;
  }

  get size(): number {
    return this.#byPath.size;
  }

  takeLive(info: ObjectInfo): void {
    const place = pathOf(info.key);
    const history = place === null ? null : this.#at(place.path, placeOf(info).replace(/\/$/, ''));
    if (place === null || history === null) return;
    if (place.isFolder) history.marker = foundOf(info);
    else history.live = foundOf(info);
  }

  /** What the store itself keeps; of what is there now it tells what came before. */
  takePast(past: PastObject): void {
    const place = pathOf(past.key);
    const history = place === null ? null : this.#at(place.path, placeOf(past).replace(/\/$/, ''));
    if (place === null || history === null) return;
    const { key, version, size, was, untilMs, afterMs } = past;
    if (untilMs === null) {
      const { live } = history;
      if (!place.isFolder && live !== null && live.version === was && live.afterMs === undefined && afterMs !== null) history.live = { ...live, afterMs };
      return;
    }
    const name = nativeName(past, '');
    if (name !== null) history.kept.push({ key, version, size, name, isNative: true });
  }

  takeKept(path: string, kept: KeptObject, place: string): void {
    this.#at(path, place)?.kept.push(kept);
  }

  /** Those whose versions all come before a place among the versions; the names of versions begin with digits. */
  *before(place: string): Generator<PathHistory> {
    if (place === '') return;
    const whole = [...this.#places].filter(([, at]) => at !== '' && compareKeys(`${at}/:`, place) <= 0 && !isLong(at));
    yield* this.#take(whole.map(([path]) => path));
  }

  *all(): Generator<PathHistory> {
    yield* this.#take([...this.#byPath.keys()]);
  }

  *#take(paths: readonly string[]): Generator<PathHistory> {
    for (const path of [...paths].sort(compareKeys)) {
      const history = this.#byPath.get(path);
      this.#byPath.delete(path);
      this.#places.delete(path);
      if (history !== undefined) yield history;
    }
  }

  #at(text: string, place: string): PathHistory | null {
    const known = this.#byPath.get(text);
    if (known !== undefined) {
      if (place === '') this.#places.set(text, place);
      return known;
    }
    const parsed = parseRelPath(text);
    if (!('path' in parsed) || (this.#scope !== null && !isWithin(parsed.path, this.#scope))) return null;
    const history: PathHistory = { path: parsed.path, live: null, marker: null, kept: [] };
    this.#byPath.set(text, history);
    this.#places.set(text, place);
    return history;
  }
}

/** Its versions may lie under a hash, which is listed last. */
function isLong(place: string): boolean {
  return Buffer.byteLength(place) > MAX_KEY_BYTES - 128;
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
  for await (const { key, version, size, place } of backend.list(scope === null || prefix !== VERSIONS_PREFIX ? prefix : `${prefix}${scope}/`, options)) {
    if (after !== undefined && place !== '' && compareKeys(place ?? key, after) <= 0) continue;
    const name = parseVersionKey(key);
    if (name !== null) yield { key, version, size, name, ...(place === undefined ? {} : { place }) };
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
