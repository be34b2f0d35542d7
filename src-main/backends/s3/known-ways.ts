import { z } from 'zod';
import { hasCode } from '../../core/errors.ts';
import type { Notes } from '../../core/notes.ts';
import type { Clock, Random } from '../../platform/clock.ts';
import { type Probed, probe } from './probe/probe.ts';
import type { S3Api } from './s3-api.ts';
import { unfitness } from './store-report.ts';
import type { Ways } from './ways.ts';

const NOTE = 'ways';
/** A provider may learn, or a bucket be set up anew: after so long it is looked at again. */
const FRESH_MS = 30 * 86_400_000;

const HONOUR = z.enum(['enforced', 'ignored', 'refused']);
const NOTED = z.object({
  store: z.string(),
  ways: z.object({
    format: z.literal(1),
    probedAtMs: z.number(),
    dialect: z.object({ etags: z.enum(['quoted', 'unquoted']), copyTarget: z.enum(['if-', 'cf-copy-destination-if-']) }),
    put: HONOUR,
    complete: HONOUR,
    copy: HONOUR,
    delete: HONOUR,
    copySource: HONOUR,
    versioning: z.enum(['enabled', 'suspended', 'off', 'unknown']),
    etagIsMd5: z.boolean(),
    timesAgree: z.boolean(),
    copyPart: z.boolean(),
    listsInOrder: z.boolean(),
    oddKeys: z.array(z.string()),
    clockSkewMs: z.number(),
  }),
});

export interface KnownWaysPorts {
  readonly api: S3Api;
  readonly clock: Clock;
  readonly random: Random;
  readonly notes: Notes;
}

/** What a bucket honours: from the notes, or found out before the first write. Reading never probes. */
export class KnownWays {
  readonly #ports: KnownWaysPorts;
  #ways: Ways | null;
  #probing: Promise<Ways> | null = null;

  private constructor(ports: KnownWaysPorts, ways: Ways | null) {
    this.#ports = ports;
    this.#ways = ways;
    if (ways !== null) ports.api.speak(ways.dialect);
  }

  static async load(ports: KnownWaysPorts): Promise<KnownWays> {
    return new KnownWays(ports, parseNote(await ports.notes.get('store', NOTE), ports.api.id));
  }

  get known(): Ways | null {
    return this.#ways;
  }

  /** @throws what the credentials may not do and every write needs; `config` for a store that is unfit */
  async forWriting(signal?: AbortSignal): Promise<Ways> {
    const ways = this.#ways;
    if (ways !== null && (await this.#ports.api.now(signal === undefined ? {} : { signal })) - ways.probedAtMs < FRESH_MS) return ways;
    this.#probing ??= this.#probeForWriting(signal).finally(() => {
      this.#probing = null;
    });
    try {
      return await this.#probing;
    } catch (error) {
      // Whoever began the probe was stopped, which is no reason for the others to stop.
      if (!hasCode(error, 'aborted') || signal?.aborted === true) throw error;
      return this.forWriting(signal);
    }
  }

  /** Looks at the bucket now, and remembers what it honours, if it is fit to be written to. */
  async look(signal?: AbortSignal): Promise<Probed> {
    const found = await probe(this.#ports, signal);
    if (unfitness(found) !== null) return found;
    this.#ways = found.ways;
    await this.#ports.notes.put('store', NOTE, JSON.stringify({ store: this.#ports.api.id, ways: found.ways }));
    return found;
  }

  async #probeForWriting(signal: AbortSignal | undefined): Promise<Ways> {
    const found = await this.look(signal);
    const unfit = unfitness(found);
    if (unfit !== null) throw unfit;
    return found.ways;
  }
}

/** A note of another place, or one that does not read, is as good as none. */
function parseNote(text: string | null, store: string): Ways | null {
  if (text === null) return null;
  try {
    const noted = NOTED.parse(JSON.parse(text));
    return noted.store === store ? noted.ways : null;
  } catch {
    return null;
  }
}
