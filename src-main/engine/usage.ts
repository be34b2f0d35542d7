import type { BackendUsage } from '../backends/backend.ts';
import type { StoreUsage } from '../core/events.ts';
import type { Notes } from '../core/notes.ts';
import type { Clock } from '../platform/clock.ts';

/** Between cycles counts are written down at most so often, ms. */
const WRITE_EVERY_MS = 3_600_000;
const MONTHS_KEPT = 13;

export interface UsagePorts {
  /** What was asked since the store was opened; null where it does not count. */
  readonly counted: () => BackendUsage | null;
  readonly notes: Notes;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
}

type Counts = Omit<StoreUsage, 'month'>;
const NOTHING: Counts = { requests: {}, bytesUp: 0, bytesDown: 0 };

/** What this device asks of the store, by month (UTC, this device's clock). Kept in the pair's notes; what was not written yet when a process dies is not counted. */
export class UsageLedger {
  readonly #ports: UsagePorts;
  readonly #months: Map<string, Counts>;
  #before: BackendUsage;
  #unwritten = new Set<string>();
  #writtenAt: number;

  static async open(ports: UsagePorts): Promise<UsageLedger> {
    const notes = ports.counted() === null ? new Map<string, string>() : await ports.notes.all('usage');
    return new UsageLedger(ports, new Map([...notes].map(([month, text]) => [month, readCounts(text)])));
  }

  private constructor(ports: UsagePorts, months: Map<string, Counts>) {
    this.#ports = ports;
    this.#months = months;
    this.#before = NOTHING;
    this.#writtenAt = ports.clock.monotonic();
  }

  /** This month so far; null where the store does not count. */
  get thisMonth(): StoreUsage | null {
    if (!this.#count()) return null;
    const month = this.#month();
    return { month, ...(this.#months.get(month) ?? NOTHING) };
  }

  /** Writes down what was counted: always, or when the last time is a while ago. */
  async write(when: 'now' | 'now and then'): Promise<void> {
    const { notes, clock } = this.#ports;
    if (!this.#count() || this.#unwritten.size === 0) return;
    if (when === 'now and then' && clock.monotonic() - this.#writtenAt < WRITE_EVERY_MS) return;
    for (const month of this.#unwritten) await notes.put('usage', month, JSON.stringify(this.#months.get(month)));
    this.#unwritten = new Set();
    this.#writtenAt = clock.monotonic();
    for (const old of [...this.#months.keys()].sort().slice(0, -MONTHS_KEPT)) {
      this.#months.delete(old);
      await notes.drop('usage', old);
    }
  }

  /** Takes in what was asked since the last time. */
  #count(): boolean {
    const now = this.#ports.counted();
    if (now === null) return false;
    const month = this.#month();
    const asked = minus(now, this.#before);
    this.#before = now;
    if (asked.bytesUp + asked.bytesDown + Object.keys(asked.requests).length === 0) return true;
    this.#months.set(month, plus(this.#months.get(month) ?? NOTHING, asked));
    this.#unwritten.add(month);
    return true;
  }

  #month(): string {
    return new Date(this.#ports.clock.now()).toISOString().slice(0, 7);
  }
}

function plus(a: Counts, b: Counts): Counts {
  const requests = { ...a.requests };
  for (const [kind, n] of Object.entries(b.requests)) requests[kind] = (requests[kind] ?? 0) + n;
  return { requests, bytesUp: a.bytesUp + b.bytesUp, bytesDown: a.bytesDown + b.bytesDown };
}

function minus(a: Counts, b: Counts): Counts {
  const requests = Object.entries(a.requests).map(([kind, n]) => [kind, n - (b.requests[kind] ?? 0)] as const);
  return { requests: Object.fromEntries(requests.filter(([, n]) => n !== 0)), bytesUp: a.bytesUp - b.bytesUp, bytesDown: a.bytesDown - b.bytesDown };
}

/** Zero for what does not read so. */
function readCounts(text: string): Counts {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return NOTHING;
    const { requests, bytesUp, bytesDown } = value as Partial<Record<keyof Counts, unknown>>;
    const known = typeof requests === 'object' && requests !== null ? Object.entries(requests).filter((entry): entry is [string, number] => isCount(entry[1])) : [];
    return { requests: Object.fromEntries(known), bytesUp: isCount(bytesUp) ? bytesUp : 0, bytesDown: isCount(bytesDown) ? bytesDown : 0 };
  } catch {
    return NOTHING;
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
