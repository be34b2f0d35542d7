import type { FailureView } from '../../src-preload/contract/model.ts';
import { say } from './say.ts';

/** What the store does not allow, where that is what a message of the engine says; null where it is something else. */
export function deniedAction({ message }: Pick<FailureView, 'message'>): string | null {
  return /^(s3:\w+) is not allowed on /.exec(message)?.[1] ?? null;
}

export function deniedWords(action: string): string {
  const { may } = say.deniedCard;
  if (/^s3:(Put|Abort|ListMultipart|ListBucketMultipart)/.test(action)) return may.write(action);
  if (/^s3:GetObject/.test(action)) return may.read(action);
  if (/^s3:DeleteObject/.test(action)) return may.remove(action);
  return /^s3:ListBucket/.test(action) ? may.list(action) : may.other(action);
}

/** What is named once. */
export function deniedActions(failures: readonly FailureView[]): readonly string[] {
  return [...new Set(failures.flatMap((failure) => deniedAction(failure) ?? []))];
}
