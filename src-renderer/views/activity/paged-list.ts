/** A part of a list, as it is answered. `list` names what the places mean; null asks for the list as it is now. */
export interface Part<T> {
  readonly list: number;
  readonly total: number;
  readonly items: readonly T[];
}
export interface PartRequest {
  readonly list: number | null;
  readonly from: number;
  readonly limit: number;
}

export interface PagedListPorts<T, E> {
  readonly fetch: (request: PartRequest) => Promise<{ readonly ok: true; readonly value: Part<T> } | { readonly ok: false; readonly error: E }>;
  readonly onChange: () => void;
}

export const PAGE = 100;
/** So much stays at hand around what is looked at. */
const PAGES_KEPT = 20;

/** A list that is too long to have: fetches what is looked at, one page after the other, and lets go of what was looked at long ago. */
export class PagedList<T, E> {
  readonly #ports: PagedListPorts<T, E>;
  readonly #pages = new Map<number, readonly T[]>();
  #list: number | null = null;
  #total = 0;
  #error: E | null = null;
  #loaded = false;
  #first = 0;
  #last = 0;
  /** There is something new. */
  #stale = true;
  #busy = false;
  #ended = false;

  constructor(ports: PagedListPorts<T, E>) {
    this.#ports = ports;
  }

  get total(): number {
    return this.#total;
  }
  get error(): E | null {
    return this.#error;
  }
  /** Whether anything is known yet. */
  get loaded(): boolean {
    return this.#loaded;
  }

  /** Undefined: not fetched yet. */
  item(index: number): T | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** Places from `first` to `last` are on the screen. */
  look(first: number, last: number): void {
    this.#first = first;
    this.#last = last;
    void this.#run();
  }

  /** The list as it is now; until that is there the old one stays. */
  refresh(): void {
    this.#stale = true;
    void this.#run();
  }

  begin(): void {
    this.#ended = false;
  }
  /** Nobody shows it any more. */
  end(): void {
    this.#ended = true;
  }

  /** What is on the screen by now counts, not what was when it began. */
  async #run(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    for (let page = this.#next(); page !== null && !this.#ended; page = this.#next()) {
      // What failed is asked for again when somebody looks again.
      if (!(await this.#load(page))) break;
    }
    this.#busy = false;
  }

  #next(): number | null {
    const first = Math.floor(this.#first / PAGE);
    if (this.#stale) return first;
    const end = Math.min(this.#last, this.#total - 1);
    for (let page = first; page * PAGE <= end; page++) if (!this.#pages.has(page)) return page;
    return null;
  }

  async #load(page: number): Promise<boolean> {
    const asked = this.#stale ? null : this.#list;
    this.#stale = false;
    const answer = await this.#ports.fetch({ list: asked, from: page * PAGE, limit: PAGE });
    if (this.#ended) return false;
    this.#loaded = true;
    this.#error = answer.ok ? null : answer.error;
    if (answer.ok) this.#take(page, answer.value);
    this.#ports.onChange();
    return answer.ok;
  }

  #take(page: number, { list, total, items }: Part<T>): void {
    if (list !== this.#list) this.#pages.clear();
    this.#list = list;
    this.#total = total;
    this.#pages.set(page, items);
    const here = Math.floor(this.#first / PAGE);
    for (const known of [...this.#pages.keys()]) if (Math.abs(known - here) > PAGES_KEPT / 2) this.#pages.delete(known);
    // A list that became shorter ends before what was looked at.
    if (total > 0) this.#first = Math.min(this.#first, total - 1);
  }
}
