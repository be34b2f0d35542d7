import { z } from 'zod';
import type { Version } from '../core/entry.ts';
import type { DrillStatus } from '../core/events.ts';
import { parseRelPath } from '../core/rel-path.ts';
import type { DrillFailure, DrillReport } from './drill.ts';

/** Value of the state that holds what the last drills found. */
export const DRILL_VALUE = 'drill';
const DAY_MS = 86_400_000;

const stored = z.object({
  dueAt: z.number().nullable(),
  last: z.object({ at: z.number(), files: z.number(), bytes: z.number(), failed: z.array(z.object({ path: z.string(), version: z.string(), why: z.string() })) }).nullable(),
  succeededAt: z.number().nullable(),
});
type Stored = z.infer<typeof stored>;
const NEVER: Stored = { dueAt: null, last: null, succeededAt: null };

/** When restore drills were, what they found, and when the next is due. */
export class DrillLog {
  readonly #everyMs: number;
  #stored: Stored;

  /** `everyDays` 0: none by itself. */
  constructor(text: string | undefined, everyDays: number) {
    this.#everyMs = everyDays * DAY_MS;
    this.#stored = read(text);
  }

  /** Null before the first. */
  get status(): DrillStatus | null {
    const { last, succeededAt } = this.#stored;
    return last === null ? null : { at: last.at, files: last.files, bytes: last.bytes, failed: last.failed.length, succeededAt };
  }

  /** What the last one could not bring back. */
  get failures(): readonly DrillFailure[] {
    return (this.#stored.last?.failed ?? []).flatMap(({ path, version, why }) => {
      const parsed = parseRelPath(path);
      return 'path' in parsed ? [{ path: parsed.path, version: version as Version, why }] : [];
    });
  }

  /** Whether one has to be made now. The first is due a whole interval after it was first asked; `text` has to be stored then. */
  isDue(nowMs: number): 'now' | 'not yet' | 'noted' {
    if (this.#everyMs === 0) return 'not yet';
    const { dueAt, last } = this.#stored;
    if (dueAt === null || dueAt > nowMs + this.#everyMs) {
      this.#stored = { ...this.#stored, dueAt: (last === null || last.at > nowMs ? nowMs : last.at) + this.#everyMs };
      return 'noted';
    }
    return dueAt <= nowMs ? 'now' : 'not yet';
  }

  /** One that could not be made is tried again after a day. */
  putOff(nowMs: number): void {
    this.#stored = { ...this.#stored, dueAt: nowMs + Math.min(DAY_MS, this.#everyMs) };
  }

  made({ files, bytes, failed }: DrillReport, nowMs: number): void {
    this.#stored = {
      dueAt: nowMs + this.#everyMs,
      last: { at: nowMs, files, bytes, failed: failed.map(({ path, version, why }) => ({ path, version, why })) },
      succeededAt: failed.length === 0 && files > 0 ? nowMs : this.#stored.succeededAt,
    };
  }

  get text(): string {
    return JSON.stringify(this.#stored);
  }
}

/** What does not read is as good as none. */
function read(text: string | undefined): Stored {
  try {
    return text === undefined ? NEVER : stored.parse(JSON.parse(text));
  } catch {
    return NEVER;
  }
}
