import type { Operation } from './operation.ts';

/** One request that came in, whatever became of it. */
export interface SeenCall {
  readonly operation: Operation;
  readonly bucket: string;
  readonly key: string;
  /** Null as long as there is no answer, and for one that was cut off before its head. */
  status: number | null;
  /** Bytes of the bodies as they went over the wire. */
  bytesIn: number;
  bytesOut: number;
}

/** Every request since the start or the last reset, in the order of arrival. */
export class Traffic {
  #calls: SeenCall[] = [];

  get calls(): readonly Readonly<SeenCall>[] {
    return this.#calls;
  }

  begin(operation: Operation, bucket: string, key: string): SeenCall {
    const call: SeenCall = { operation, bucket, key, status: null, bytesIn: 0, bytesOut: 0 };
    this.#calls.push(call);
    return call;
  }

  /** How many requests there were, of one operation or of all. */
  count(operation?: Operation): number {
    return this.#of(operation).length;
  }

  bytesIn(operation?: Operation): number {
    return this.#of(operation).reduce((sum, call) => sum + call.bytesIn, 0);
  }

  bytesOut(operation?: Operation): number {
    return this.#of(operation).reduce((sum, call) => sum + call.bytesOut, 0);
  }

  /** Requests by operation, for comparing all of them at once. */
  counts(): Partial<Record<Operation, number>> {
    const counts: Partial<Record<Operation, number>> = {};
    for (const { operation } of this.#calls) counts[operation] = (counts[operation] ?? 0) + 1;
    return counts;
  }

  reset(): void {
    this.#calls = [];
  }

  #of(operation: Operation | undefined): readonly SeenCall[] {
    return operation === undefined ? this.#calls : this.#calls.filter((call) => call.operation === operation);
  }
}
