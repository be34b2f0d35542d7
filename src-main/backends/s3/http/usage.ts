import type { BackendUsage } from '../../backend.ts';
import { REQUEST_KINDS, type RequestKind } from '../s3-config.ts';

/** Every request that left, whatever became of it, and the bytes of all bodies. */
export class Usage {
  readonly #requests: Record<RequestKind, number>;
  bytesUp = 0;
  bytesDown = 0;

  constructor() {
    this.#requests = Object.fromEntries(REQUEST_KINDS.map((kind) => [kind, 0])) as Record<RequestKind, number>;
  }

  sent(kind: RequestKind): void {
    this.#requests[kind] += 1;
  }

  /** It turned out that there was no connection to send it by. */
  unsent(kind: RequestKind): void {
    this.#requests[kind] -= 1;
  }

  report(): BackendUsage {
    return { requests: { ...this.#requests }, bytesUp: this.bytesUp, bytesDown: this.bytesDown };
  }
}
