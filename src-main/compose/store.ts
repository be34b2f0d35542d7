import { z } from 'zod';
import type { Backend, CallOptions, StoreReport } from '../backends/backend.ts';
import { type BackendConfig, openBackend } from '../backends/catalog.ts';
import { createBucket, listBuckets } from '../backends/s3/http/buckets.ts';
import { openCredentials } from '../backends/s3/http/credentials.ts';
import type { HttpPorts } from '../backends/s3/http/http-api.ts';
import { addCleanUpRule, hasCleanUpRule } from '../backends/s3/http/lifecycle.ts';
import type { S3Config } from '../backends/s3/s3-config.ts';
import { type Level, levelOf } from '../backends/s3/ways.ts';
import { hasCode } from '../core/errors.ts';
import type { Notes } from '../core/notes.ts';
import type { Keychain } from '../keychain/keychain.ts';
import { readKeys } from '../keychain/stored-keys.ts';
import { type Bandwidth, UNLIMITED } from '../platform/bandwidth.ts';
import type { Platform } from '../platform/platform.ts';

/** What can be asked of a store before, or without, a pair: for set-up, `doctor` and `verify-backend`. */
export interface StoreTools {
  /** `client` is a name that no other client of the store has. What it learns is forgotten at the end. Without `bandwidth` it goes as fast as it can. */
  open(backend: BackendConfig, options: { readonly client: string; readonly bandwidth?: Bandwidth }): Promise<Backend>;
  /** Every bucket of the account; null when the credentials may not see them. */
  buckets(config: S3Config): Promise<readonly string[] | null>;
  /** Makes the bucket of `config`; fine too when the account has it. */
  createBucket(config: S3Config): Promise<void>;
  /** Whether the bucket itself gives up unfinished uploads; null when that cannot be learned. */
  hasCleanUpRule(config: S3Config, options?: CallOptions): Promise<boolean | null>;
  /** Adds a rule that does; the other rules of the bucket stay. */
  addCleanUpRule(config: S3Config): Promise<void>;
}

export function storeTools(platform: Platform, keychain: Keychain): StoreTools {
  const http = (config: S3Config): HttpPorts => ({
    ...platform,
    bandwidth: UNLIMITED,
    credentials: openCredentials(config.credentials, platform.home.env),
    env: platform.home.env,
  });
  const admin = async <T>(config: S3Config, work: (opened: S3Config, ports: HttpPorts) => Promise<T>): Promise<T> => {
    const opened = await withKeys(config, keychain);
    return work(opened, http(opened));
  };
  return {
    open: async (backend, { client, bandwidth = UNLIMITED }) =>
      openBackend(backend.kind === 's3' ? await withKeys(backend, keychain) : backend, { ...platform, client, bandwidth, notes: passingNotes() }),
    buckets: (config) => admin(config, listBuckets),
    createBucket: (config) => admin(config, createBucket),
    hasCleanUpRule: (config, options) =>
      admin(config, (opened, ports) => hasCleanUpRule(opened, ports, options)).catch((error: unknown) => {
        if (hasCode(error, 'refused', 'not-supported')) return null;
        throw error;
      }),
    addCleanUpRule: (config) => admin(config, addCleanUpRule),
  };
}

/** The configuration with what the keychain keeps for it. */
export async function withKeys(config: S3Config, keychain: Keychain): Promise<S3Config> {
  if (config.credentials.kind !== 'keychain') return config;
  return { ...config, credentials: { kind: 'keys', ...(await readKeys(keychain, config.credentials.account)) } };
}

const NOTED_WAYS = z.object({ ways: z.object({ put: z.enum(['enforced', 'ignored', 'refused']), versioning: z.enum(['enabled', 'suspended', 'off', 'unknown']) }) });

/** From what the last probe noted; the store is not asked. */
export async function protectionOf({ id, capabilities }: Pick<Backend, 'id' | 'capabilities'>, notes: Notes): Promise<StoreReport['protection'] | null> {
  if (capabilities.atomicConditions) return 'atomic';
  if (!id.startsWith('s3:')) return 'best-effort';
  const text = await notes.get('store', 'ways');
  const noted = NOTED_WAYS.safeParse(text === null ? null : JSON.parse(text));
  return noted.success ? PROTECTION[levelOf(noted.data.ways)] : null;
}

const PROTECTION = { conditional: 'atomic', lineage: 'afterwards', 'best-effort': 'best-effort' } as const satisfies Record<Level, StoreReport['protection']>;

/** Notes of a store that is looked at once. */
export function passingNotes(): Notes {
  const texts = new Map<string, Map<string, string>>();
  const of = (kind: string): Map<string, string> => {
    const known = texts.get(kind) ?? new Map<string, string>();
    texts.set(kind, known);
    return known;
  };
  return {
    get: async (kind, key) => of(kind).get(key) ?? null,
    all: async (kind) => new Map(of(kind)),
    put: async (kind, key, text) => void of(kind).set(key, text),
    drop: async (kind, key) => void of(kind).delete(key),
  };
}
