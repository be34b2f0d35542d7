import { SyncError, throwIfAborted } from '../../../core/errors.ts';

/** Bytes that may be in memory at once, shared by everything that takes from it. First come, first served; what is larger than all of it gets its turn alone, so that whoever waits while holding nothing is served in the end. */
export class ByteBudget {
  readonly #most: number;
  readonly #waiting: { readonly bytes: number; grant(): void }[] = [];
  #used = 0;

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
      this.#serve();
    };
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
