import type { SyncError } from '../../../core/errors.ts';
import type { Dialect } from '../s3-api.ts';
import type { Call, Fault } from './call.ts';
import { faultError } from './map-error.ts';
import type { Retries } from './retry.ts';
import type { StoreClock } from './store-clock.ts';
import type { Wire } from './wire.ts';

/** What all calls share. */
export interface Store {
  readonly bucket: string;
  /** The vault's folder in the bucket; its keys are given without it. */
  readonly prefix: string;
  readonly wire: Wire;
  readonly retries: Retries;
  readonly time: StoreClock;
  /** How preconditions are written. */
  dialect: Dialect;
}

export function errorOf(store: Store, fault: Fault, call: Call): SyncError {
  return faultError(fault, call, store.wire.place);
}
