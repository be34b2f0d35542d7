import { hasCode, SyncError, throwIfAborted } from '../core/errors.ts';
import type { Backend } from './backend.ts';
import { below } from './contract/below.ts';
import { CONDITION_CHECKS } from './contract/condition-checks.ts';
import { Broken, type ContractCheck, inLanes, listed } from './contract/kit.ts';
import { NAME_CHECKS } from './contract/name-checks.ts';
import { OBJECT_CHECKS } from './contract/object-checks.ts';
import { RACE_CHECKS } from './contract/race-checks.ts';

/** The heart of the contract of backend.ts, without a test runner: for a user's own store (`file-sync verify-backend`) and for whoever writes a backend. `describeBackend` has all of it. */
export const CONTRACT_CHECKS: readonly ContractCheck[] = [...OBJECT_CHECKS, ...CONDITION_CHECKS, ...RACE_CHECKS, ...NAME_CHECKS];

export interface ContractOptions {
  /** Keys are made below this, and nowhere else: a folder that is not there, ending in `/`. */
  readonly prefix: string;
  /** Leave out what takes many requests or bytes. */
  readonly quick?: boolean;
  readonly signal?: AbortSignal;
}

export interface ContractResult {
  readonly name: string;
  /** `weak`: failed where the store is known not to judge conditions itself: the window that stays open was hit. */
  readonly verdict: 'passed' | 'weak' | 'failed';
  /** What was seen; null when it passed. */
  readonly detail: string | null;
  readonly matters: string;
}

/**
 * Runs the checks with two clients of one store, one result after the other. Everything it makes lies below `prefix` and is gone when it ends, however it ends. Throws what ends the whole run: the store is
 * `unreachable`, `refused`, `throttled` or full, or `aborted`.
 */
export async function* checkContract(first: Backend, second: Backend, { prefix, quick = false, signal }: ContractOptions): AsyncGenerator<ContractResult> {
  let ended: unknown = null;
  try {
    const checks = CONTRACT_CHECKS.filter(({ isCostly = false }) => !quick || !isCostly);
    for (const [index, check] of checks.entries()) {
      throwIfAborted(signal);
      const place = `${prefix}${index}/`;
      yield await runOne(check, below(first, place), below(second, place));
      await cleanUp(below(first, place));
    }
  } catch (error) {
    ended = error;
    throw error;
  } finally {
    await removeAll(first, prefix).catch((error: unknown) => {
      // What ended the run says more than that cleaning up failed for the same reason.
      if (ended === null) throw error;
    });
  }
}

/** Errors of the store and not of one check. */
const ENDING = ['aborted', 'unreachable', 'refused', 'throttled', 'quota', 'disk-full', 'read-only', 'remote-missing', 'config'] as const;

async function runOne(check: ContractCheck, first: Backend, second: Backend): Promise<ContractResult> {
  const { name, matters } = check;
  try {
    await check.run({ first, second });
    return { name, matters, verdict: 'passed', detail: null };
  } catch (error) {
    if (hasCode(error, ...ENDING) || !(error instanceof Broken || error instanceof SyncError)) throw error;
    return { name, matters, verdict: check.isRace === true && !first.capabilities.atomicConditions ? 'weak' : 'failed', detail: error.message };
  }
}

/** Deepest first: a marker of a folder can go only when nothing is left below. */
async function cleanUp(place: Backend): Promise<void> {
  const left = await listed(place);
  const isMarker = ({ key }: { readonly key: string }): boolean => key.endsWith('/');
  await inLanes(
    left.filter((info) => !isMarker(info)),
    async ({ key, version }) => void (await place.delete(key, { version })),
  );
  for (const { key, version } of left.filter(isMarker).sort((a, b) => b.key.length - a.key.length)) await place.delete(key, { version });
}

/** In a file system the folder itself is left at last. */
async function removeAll(backend: Backend, prefix: string): Promise<void> {
  await cleanUp(below(backend, prefix));
  const marker = await backend.stat(prefix);
  if (marker !== null) await backend.delete(prefix, { version: marker.version });
}
