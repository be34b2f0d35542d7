import type { BucketsAnswer, TestAnswer } from '../../src-preload/contract/storage.ts';
import type { Backend, StoreFinding } from '../backends/backend.ts';
import type { S3Config } from '../backends/s3/s3-config.ts';
import type { StoreTools } from '../compose/store.ts';
import { cleanUpFinding, clearUp, tryStore } from '../compose/try-store.ts';
import { hasCode, SyncError } from '../core/errors.ts';
import { CONTROL_FOLDER } from '../core/rel-path.ts';
import type { Platform } from '../platform/platform.ts';

/** What a window can ask of a store before there is a pair with it. */
export interface StorageTools {
  /** How it behaves, and what lies at the place already. Leaves nothing there, also when it is stopped. */
  test(config: S3Config, signal: AbortSignal): Promise<TestAnswer>;
  /** The bucket in `config` is of no account. */
  buckets(config: S3Config): Promise<BucketsAnswer>;
  /** Looks at the place with this sign-in. @throws what the store says to it; `unreachable` when it says nothing for a while */
  signIn(config: S3Config): Promise<void>;
  createBucket(config: S3Config): Promise<void>;
  /** Adds the rule by which the bucket gives up unfinished uploads. */
  addCleanUpRule(config: S3Config): Promise<void>;
}

/** Longer nobody waits for a store that does not answer. */
const ANSWER_WITHIN_MS = 10_000;

export function storageTools(tools: StoreTools, { clock, random }: Pick<Platform, 'clock' | 'random'>): StorageTools {
  return {
    test: async (config, signal) => {
      const id = random.id();
      const backend = await tools.open(config, { client: random.id() });
      try {
        const { findings, report, error } = await tryStore(backend, { clock, id, signal });
        if (report === null || error !== null) return { protection: null, findings, holds: 'nothing', cleansUp: null };
        const cleansUp = await hasRule(tools, config, signal);
        return { protection: report.protection, findings: [...findings, ...known(cleansUp)], holds: await holds(backend, signal), cleansUp };
      } catch (error) {
        if (signal.aborted) await clearUp(backend, id);
        throw error;
      } finally {
        await backend.close();
      }
    },
    buckets: async (config) => {
      const buckets = await tools.buckets(config);
      return buckets === null ? { kind: 'not-listed' } : { kind: 'listed', buckets };
    },
    signIn: (config) => lookOnce(tools, config, clock, random.id()),
    createBucket: (config) => tools.createBucket(config),
    addCleanUpRule: (config) => tools.addCleanUpRule(config),
  };
}

async function lookOnce(tools: StoreTools, config: S3Config, clock: Platform['clock'], client: string): Promise<void> {
  const backend = await tools.open(config, { client });
  const [late, done] = [new AbortController(), new AbortController()];
  clock.sleep(ANSWER_WITHIN_MS, done.signal).then(
    () => late.abort(),
    () => undefined,
  );
  try {
    for await (const _ of backend.list('', { signal: late.signal })) break;
  } catch (error) {
    throw late.signal.aborted ? new SyncError('unreachable', 'the store has not answered so far', { cause: error }) : error;
  } finally {
    done.abort();
    await backend.close();
  }
}

/** A sync needs no such rule, so a store that fails here is no worse for it. */
async function hasRule(tools: StoreTools, config: S3Config, signal: AbortSignal): Promise<boolean | null> {
  try {
    return await tools.hasCleanUpRule(config, { signal });
  } catch (error) {
    if (hasCode(error, 'aborted')) throw error;
    return null;
  }
}

function known(cleansUp: boolean | null): readonly StoreFinding[] {
  const finding = cleanUpFinding(cleansUp);
  return finding === null ? [] : [finding];
}

async function holds(backend: Backend, signal: AbortSignal): Promise<TestAnswer['holds']> {
  if ((await backend.stat(`${CONTROL_FOLDER}/vault.json`, { signal })) !== null) return 'vault';
  for await (const _ of backend.list('', { skip: `${CONTROL_FOLDER}/`, signal })) return 'files';
  return 'nothing';
}
