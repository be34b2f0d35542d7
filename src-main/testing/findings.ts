import type { Verifier } from '../engine/sync-manager.ts';
import { severityOf } from '../engine/verify-report.ts';

/** What is wrong with a pair that should be in sync, a line each: findings, and what is not synced yet. Empty when all is well. */
export async function findingsOf(engine: Pick<Verifier, 'verify'>, options: { readonly content: boolean } = { content: false }): Promise<readonly string[]> {
  const { findings, pending, conflicts, held } = await engine.verify(options);
  return [
    ...findings.map((f) => `${severityOf(f)} ${f.kind} ${f.path}`),
    ...pending.map(({ kind, path }) => `pending ${kind} ${path}`),
    ...conflicts.map(({ path }) => `conflict ${path}`),
    ...held.flatMap(({ side, actions }) => actions.map(({ path }) => `held ${side} ${path}`)),
  ];
}
