import type { Backend, Body, Capabilities, ObjectInfo } from '../../backends/backend.ts';
import type { MemoryStore } from '../../backends/memory/memory-backend.ts';
import { SyncError } from '../../core/errors.ts';
import { FEED_PREFIX } from '../../remote/keys.ts';
import { bodyOf } from '../../remote/small-body.ts';
import type { SeededRandom } from '../random.ts';
import type { SimulationOptions } from './simulation-options.ts';

/** What a store may lack, and how it may misbehave; chances are per call. Taken from what real servers do. */
export interface StoreTraits {
  /** Renames in one step. */
  readonly movable: boolean;
  /** Keeps what it replaces under another key in the same step. */
  readonly keepsReplaced: boolean;
  /** Tells its time. */
  readonly clock: boolean;
  readonly modes: boolean;
  /** Lists in no order at all. */
  readonly unordered: boolean;
  /** A listing without the newest changes (eventual listings). */
  readonly staleListing: number;
  /** A listing that leaves keys out and says that it is complete (C53, S51). */
  readonly lossyListing: number;
  /** A listing that fails after some keys. */
  readonly brokenListing: number;
  /** The answer is given up, and the request takes effect later, if its condition holds then. */
  readonly late: number;
  /** Every call for a while is answered with "slow down". */
  readonly slowDown: number;
  /** No room (C55). */
  readonly full: number;
}

export const FINE_STORE: StoreTraits = {
  movable: false,
  keepsReplaced: false,
  clock: true,
  modes: true,
  unordered: false,
  staleListing: 0,
  lossyListing: 0,
  brokenListing: 0,
  late: 0,
  slowDown: 0,
  full: 0,
};

export interface Moods {
  readonly store: MemoryStore;
  readonly traits: StoreTraits;
  readonly random: SeededRandom;
  /** While false the store behaves. */
  readonly on: () => boolean;
}

const SLOW_CALLS = 6;
const CHANGES_BEHIND = 4;

/** The moods of one store, shared by all its clients. */
export class Mood {
  readonly #moods: Moods;
  #late: (() => Promise<void>)[] = [];
  #slow = 0;
  /** Listings as they were, the newest last. */
  readonly #past = new Map<string, (readonly ObjectInfo[])[]>();

  constructor(moods: Moods) {
    this.#moods = moods;
  }

  get traits(): StoreTraits {
    return this.#moods.traits;
  }

  strikes(chance: number): boolean {
    return chance > 0 && this.#moods.on() && this.#moods.random.fraction() < chance;
  }

  /** Before any call. */
  async greet(): Promise<void> {
    if (this.#late.length > 0 && this.#moods.random.below(12) === 0) await this.#late.shift()?.();
    if (this.strikes(this.traits.slowDown)) this.#slow = SLOW_CALLS;
    if (this.#slow > 0 && this.#moods.on()) {
      this.#slow--;
      throw new SyncError('throttled', 'slow down');
    }
  }

  postpone(request: () => Promise<void>): never {
    this.#late.push(request);
    throw new SyncError('unreachable', 'no answer in time');
  }

  /** What was given up comes through after all. */
  async heal(): Promise<void> {
    for (const request of this.#late) await request();
    this.#late = [];
  }

  /** What `prefix` is listed as; each prefix lags behind by itself. */
  listing(prefix: string, found: readonly ObjectInfo[]): { readonly shown: readonly ObjectInfo[]; readonly breaks: boolean } {
    const { traits, random } = { traits: this.traits, random: this.#moods.random };
    const past = this.#past.get(prefix) ?? [];
    this.#past.set(prefix, [...past, found].slice(-CHANGES_BEHIND));
    let shown = this.strikes(traits.staleListing) ? (past[0] ?? found) : found;
    if (this.strikes(traits.lossyListing)) shown = shown.filter(() => random.below(3) > 0);
    if (traits.unordered)
      shown = [...shown]
        .map((info) => [random.fraction(), info] as const)
        .sort(([a], [b]) => a - b)
        .map(([, info]) => info);
    const breaks = this.strikes(traits.brokenListing);
    return { shown: breaks ? shown.slice(0, random.below(shown.length + 1)) : shown, breaks };
  }
}

/** A client as that store would give it. `changed` hears of changes that come late. */
export function moodyClient(inner: Backend, plain: Backend, mood: Mood, store: MemoryStore, changed: (operation: string) => void): Backend {
  const { traits } = mood;
  const capabilities: Capabilities = { ...inner.capabilities, keepsReplaced: traits.keepsReplaced, modes: traits.modes };
  const maybeLate = async <T>(operation: string, now: () => Promise<T>, later: () => Promise<unknown>): Promise<T> => {
    await mood.greet();
    if (mood.strikes(traits.full) && operation !== 'delete') throw new SyncError('quota', 'the bucket is full');
    if (mood.strikes(traits.late)) {
      mood.postpone(async () => {
        await later();
        changed(operation);
      });
    }
    return now();
  };
  const keep = (key: string, keepAs: string | undefined): void => {
    const old = store.peek(key);
    if (keepAs !== undefined && old !== undefined) store.write(keepAs, { kind: 'absent' }, old.body, old.meta);
  };
  const client: Backend = {
    id: inner.id,
    capabilities,
    async *list(prefix, options) {
      await mood.greet();
      const found: ObjectInfo[] = [];
      for await (const { key, size, version, storedAtMs } of inner.list(prefix, options)) found.push({ key, size, version, storedAtMs });
      const { shown, breaks } = prefix === '' || prefix === FEED_PREFIX ? mood.listing(prefix, found) : { shown: found, breaks: false };
      yield* shown;
      if (breaks) throw new SyncError('unreachable', 'the next page does not come');
    },
    stat: async (key, options) => {
      await mood.greet();
      return inner.stat(key, options);
    },
    get: async (key, options) => {
      await mood.greet();
      return inner.get(key, options);
    },
    put: async (key, body, options) => {
      const { keepAs, ...rest } = options;
      const bytes = await whole(body);
      const put = async (through: Backend): ReturnType<Backend['put']> => {
        if (rest.condition.kind === 'match' && store.peek(key)?.version === rest.condition.version) keep(key, keepAs);
        return through.put(key, bytes, rest);
      };
      return maybeLate(
        'put',
        () => put(inner),
        () => put(plain),
      );
    },
    copy: (from, to, options) =>
      maybeLate(
        'copy',
        () => inner.copy(from, to, options),
        () => plain.copy(from, to, options),
      ),
    delete: async (key, { keepAs, ...rest }) => {
      const remove = async (through: Backend): ReturnType<Backend['delete']> => {
        if (store.peek(key)?.version === rest.version) keep(key, keepAs);
        return through.delete(key, rest);
      };
      return maybeLate(
        'delete',
        () => remove(inner),
        () => remove(plain),
      );
    },
    close: () => inner.close(),
  };
  if (traits.clock && inner.now !== undefined) Object.assign(client, { now: () => inner.now?.() });
  if (traits.movable) {
    Object.assign(client, {
      move: async (...[from, to, { meta, ...rest }]: Parameters<NonNullable<Backend['move']>>) => {
        await mood.greet();
        const copied = await inner.copy(from, to, { condition: { kind: 'absent' }, meta, ...rest });
        // In the same step: nothing comes between.
        if (copied.kind === 'done' && store.peek(from.key)?.version === from.version) {
          store.remove(from.key);
          changed('delete');
        }
        return copied;
      },
    });
  }
  return client;
}

async function whole(body: Body): Promise<Body> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body.open()) chunks.push(Uint8Array.from(chunk));
  const bytes = Buffer.concat(chunks);
  if (bytes.length !== body.size) throw new SyncError('corrupt', `the body has ${bytes.length} bytes, not ${body.size}`);
  return bodyOf(bytes);
}

/** A store with ways of its own, as the seed has it. */
function anyTraits(random: SeededRandom): StoreTraits {
  const often = (): boolean => random.below(3) > 0;
  const chance = (most: number): number => (often() ? 0 : most * random.fraction());
  return {
    movable: !often(),
    keepsReplaced: !often(),
    clock: often(),
    modes: often(),
    unordered: !often(),
    staleListing: chance(0.5),
    lossyListing: chance(0.5),
    brokenListing: chance(0.5),
    late: chance(0.06),
    slowDown: chance(0.02),
    full: chance(0.05),
  };
}

/** How the store of a history behaves; null: well. */
export function moodsOf({ moods }: Pick<SimulationOptions, 'moods'>, random: SeededRandom, on: () => boolean): Omit<Moods, 'store'> | null {
  if (moods === 'none') return null;
  const traits = anyTraits(random);
  return { traits: moods === 'any' ? traits : { ...traits, staleListing: 0, lossyListing: 0, late: 0 }, random, on };
}
