import type { BackendSetup, TargetEnd } from './engine-protocol.ts';
import type { ChosenSignIn } from './pair-keys.ts';
import { revealKeys, type S3Setup } from './s3-setup.ts';
import type { BackendSetting, S3Setting } from './settings-schema.ts';

/** The other side of a pair that is to be. */
export type TargetPlan = { readonly kind: 'local'; readonly folder: string } | S3Plan;
export interface S3Plan extends Omit<S3Setting, 'credentials'> {
  readonly signIn: ChosenSignIn;
}
export interface PairPlan {
  readonly source: string;
  readonly target: TargetPlan;
}

/** Where the other side lies, without what opens it. */
export function targetEnd(target: TargetPlan | BackendSetting): TargetEnd {
  if (target.kind === 'local') return target;
  const { kind, endpoint, bucket, prefix } = target;
  return { kind, endpoint, bucket, prefix };
}

/** As the engine thread takes it, keys and all. */
export function planned(target: TargetPlan): BackendSetup {
  return target.kind === 'local' ? target : planSetup(target);
}

export function planSetup({ provider: _, signIn, ...place }: S3Plan): S3Setup {
  return { ...place, credentials: signIn.kind === 'profile' ? signIn : revealKeys(signIn.keys) };
}
