import type { Dispatcher } from 'undici';
import type { Bandwidth } from '../../../platform/bandwidth.ts';
import type { Clock, Random } from '../../../platform/clock.ts';
import type { CallOptions } from '../../backend.ts';
import type { S3Api } from '../s3-api.ts';
import type { S3Config } from '../s3-config.ts';
import { addressOf } from './address.ts';
import type { Call } from './call.ts';
import type { Credentials } from './credentials.ts';
import { ask, list, listParts, listUploads, listVersions, versions } from './listings.ts';
import { openNetwork } from './network.ts';
import { copy, get, head, put, remove, removeMany } from './objects.ts';
import { proxyFor } from './proxy.ts';
import { Retries } from './retry.ts';
import type { Store } from './store.ts';
import { StoreClock } from './store-clock.ts';
import { abort, complete, copyPart, createUpload, uploadPart } from './uploads.ts';
import { Usage } from './usage.ts';
import { TIMEOUTS, type Timeouts, Wire } from './wire.ts';
import { textOf } from './xml.ts';

export interface HttpPorts {
  readonly clock: Clock;
  /** For the spread of retries. */
  readonly random: Random;
  readonly bandwidth: Bandwidth;
  readonly credentials: Credentials;
  /** Of the process, for proxies. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeouts?: Timeouts;
  /** In place of real connections. */
  readonly network?: Dispatcher;
}

const DEFAULT_REGION = 'us-east-1';

/**
 * S3 over HTTP. Its usage counts beginning and completing an upload as `put`, every listing as `list`, giving an upload up as `delete`, as they are priced.
 * @throws SyncError `config` for an address, a proxy or certificates that cannot be; nothing is sent yet
 */
export async function openHttpApi(config: S3Config, ports: HttpPorts): Promise<S3Api> {
  const { store, usage } = await openStore(config, ports);
  return apiOf(store, usage, s3Id(config));
}

/** What requests are sent with; without a bucket to the service itself. */
export async function openStore(config: S3Config, ports: HttpPorts): Promise<{ readonly store: Store; readonly usage: Usage }> {
  const timeouts = ports.timeouts ?? TIMEOUTS;
  const region = config.region ?? (await ports.credentials.region()) ?? DEFAULT_REGION;
  const address = await addressOf(config, region);
  const proxy = proxyFor(address.origin, config.proxy, ports.env);
  const network = ports.network ?? (await openNetwork({ proxy, caFile: config.caFile, connectMs: timeouts.connectMs }));
  const usage = new Usage();
  const time = new StoreClock(ports.clock);
  const wire = new Wire(config, address, usage, time, { ...ports, network, timeouts });
  const store: Store = { bucket: config.bucket, prefix: config.prefix, wire, retries: new Retries(wire, ports), time, dialect: { etags: 'quoted', copyTarget: 'if-' } };
  return { store, usage };
}

/** Names a vault, without opening it. */
export function s3Id({ bucket, prefix, endpoint }: Pick<S3Config, 'bucket' | 'prefix' | 'endpoint'>): string {
  return `s3://${bucket}/${prefix}${endpoint === null ? '' : ` at ${new URL(endpoint).host}`}`;
}

function apiOf(store: Store, usage: Usage, id: string): S3Api {
  return {
    id,
    speak: (dialect) => {
      store.dialect = dialect;
    },
    usage: () => usage.report(),
    list: (...call) => list(store, ...call),
    head: (...call) => head(store, ...call),
    get: (...call) => get(store, ...call),
    put: (...call) => put(store, ...call),
    copy: (...call) => copy(store, ...call),
    delete: (...call) => remove(store, ...call),
    deleteMany: (...call) => removeMany(store, ...call),
    createUpload: (...call) => createUpload(store, ...call),
    uploadPart: (...call) => uploadPart(store, ...call),
    copyPart: (...call) => copyPart(store, ...call),
    listParts: (...call) => listParts(store, ...call),
    complete: (...call) => complete(store, ...call),
    abort: (...call) => abort(store, ...call),
    listUploads: (...call) => listUploads(store, ...call),
    versions: (...call) => versions(store, ...call),
    listVersions: (...call) => listVersions(store, ...call),
    versioning: (options) => versioning(store, options),
    now: (options) => now(store, options),
    close: () => store.wire.close(),
  };
}

async function versioning(store: Store, { signal }: CallOptions = {}): Promise<'enabled' | 'suspended' | 'off'> {
  const root = await ask(store, { query: { versioning: '' }, action: 's3:GetBucketVersioning', key: null, signal, root: 'VersioningConfiguration', kind: 'other' });
  const status = textOf(root, 'Status')?.trim();
  return status === 'Enabled' ? 'enabled' : status === 'Suspended' ? 'suspended' : 'off';
}

/** Any answer tells the time, also a refusal or a plea for patience. */
async function now(store: Store, { signal }: CallOptions = {}): Promise<number> {
  const call: Call = { kind: 'other', action: 's3:ListBucket', method: 'HEAD', key: null, signal, proof: 'any' };
  if (!store.time.isKnown) await store.wire.exchange(call);
  if (!store.time.isKnown) await store.retries.read(call);
  return store.time.now();
}
