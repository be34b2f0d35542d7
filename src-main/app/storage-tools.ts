import type { BucketsAnswer, TestAnswer } from '../../src-preload/contract/storage.ts';
import type { Backend } from '../backends/backend.ts';
import type { S3Config } from '../backends/s3/s3-config.ts';
import { tryStore } from '../cli/try-store.ts';
import type { StoreTools } from '../compose-store.ts';
import { CONTROL_FOLDER } from '../core/rel-path.ts';
import type { Platform } from '../platform/platform.ts';

/** What a window can ask of a store before there is a pair with it. */
export interface StorageTools {
  /** How it behaves, and what lies at the place already. Leaves nothing there. */
  test(config: S3Config): Promise<TestAnswer>;
  /** The bucket in `config` is of no account. */
  buckets(config: S3Config): Promise<BucketsAnswer>;
  createBucket(config: S3Config): Promise<void>;
}

export function storageTools(tools: StoreTools, { clock, random }: Pick<Platform, 'clock' | 'random'>): StorageTools {
  return {
    test: async (config) => {
      const backend = await tools.open(config, { client: random.id() });
      try {
        const { findings, report, error } = await tryStore(backend, { clock, id: random.id(), signal: new AbortController().signal });
        return { protection: report?.protection ?? null, findings, holds: error === null ? await holds(backend) : 'nothing' };
      } finally {
        await backend.close();
      }
    },
    buckets: async (config) => {
      const buckets = await tools.buckets(config);
      return buckets === null ? { kind: 'not-listed' } : { kind: 'listed', buckets };
    },
    createBucket: (config) => tools.createBucket(config),
  };
}

async function holds(backend: Backend): Promise<TestAnswer['holds']> {
  if ((await backend.stat(`${CONTROL_FOLDER}/vault.json`)) !== null) return 'vault';
  for await (const _ of backend.list('', { skip: `${CONTROL_FOLDER}/` })) return 'files';
  return 'nothing';
}
