import { SyncError, throwIfAborted } from '../../../core/errors.ts';

/** Bytes that may be in memory at once, shared by everything that takes from it. First come, first served; what is larger than all of it gets its turn alone, so that whoever waits while holding nothing is served in the end. */
export class ByteBudget {
  readonly #most: number;
  readonly #waiting: { readonly bytes: number; grant(): void }[] = [];
  #used = 0;
  /** Together with what is used never more than all of it. */
  #spare: Uint8Array[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  get used(): number {
    return this.#used;
  }

  /** Resolves to what gives them back, once. */
  async take(bytes: number, signal?: AbortSignal): Promise<() => void> {
    throwIfAborted(signal);
    if (this.#waiting.length > 0 || !this.#hasRoom(bytes)) await this.#turn(bytes, signal);
    else this.#used += bytes;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#used -= bytes;
      if (this.#used === 0) this.#spare = [];
      this.#serve();
    };
  }

  /** Memory for bytes that were taken, with anything in it. What was kept is used again: garbage of this size piles up faster than it is collected. */
  buffer(bytes: number): Uint8Array {
    const at = this.#spare.findIndex(({ length }) => length === bytes);
    const [found] = at < 0 ? [] : this.#spare.splice(at, 1);
    if (found === undefined) this.#spare = [];
    return found ?? Buffer.allocUnsafeSlow(bytes);
  }

  /** For what nobody reads any more; before its bytes are given back. */
  keep(buffer: Uint8Array): void {
    this.#spare.push(buffer);
  }

  #hasRoom(bytes: number): boolean {
    return this.#used === 0 || this.#used + bytes <= this.#most;
  }

  #turn(bytes: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(turn), 1);
        this.#serve();
        reject(new SyncError('aborted', 'interrupted'));
      };
      const turn = {
        bytes,
        grant: () => {
          signal?.removeEventListener('abort', stop);
          resolve();
        },
      };
      this.#waiting.push(turn);
      signal?.addEventListener('abort', stop, { once: true });
    });
  }

  #serve(): void {
    for (let next = this.#waiting[0]; next !== undefined && this.#hasRoom(next.bytes); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#used += next.bytes;
      next.grant();
    }
  }
}
