import { SyncError } from '../core/errors.ts';
import type { Notes } from '../core/notes.ts';
import type { Bandwidth } from '../platform/bandwidth.ts';
import type { Home } from '../platform/platform.ts';
import type { Backend } from './backend.ts';
import { type LocalBackendOptions, localBackendId, openLocalBackend } from './local/local-backend.ts';
import { s3Id } from './s3/http/http-api.ts';
import { openS3Backend } from './s3/open-s3-backend.ts';
import type { S3Config } from './s3/s3-config.ts';
import { throttled } from './wrap/throttled.ts';

/** Where the other side of a pair is. One member a kind of store. */
export interface LocalConfig {
  readonly kind: 'local';
  readonly folder: string;
}
export type BackendConfig = LocalConfig | S3Config;

export const BACKEND_KINDS: readonly BackendConfig['kind'][] = ['local', 's3'];

export interface BackendPorts extends Omit<LocalBackendOptions, 'root'> {
  /** What bodies pass through, both ways. */
  readonly bandwidth: Bandwidth;
  /** What the pair remembers for its store. */
  readonly notes: Notes;
  readonly home: Pick<Home, 'env'>;
}

/** The `id` of the backend that `openBackend` would give: the pair's state, which holds its notes, is found by it before the backend is opened. */
export function backendId(config: BackendConfig): string {
  switch (config.kind) {
    case 'local':
      return localBackendId(config.folder);
    case 's3':
      return s3Id(config);
    default:
      return unknownKind(config);
  }
}

export async function openBackend(config: BackendConfig, { bandwidth, ...ports }: BackendPorts): Promise<Backend> {
  switch (config.kind) {
    case 'local':
      return throttled(await openLocalBackend({ ...ports, root: config.folder }), bandwidth);
    case 's3':
      return openS3Backend(config, { ...ports, bandwidth, env: ports.home.env });
    default:
      return unknownKind(config);
  }
}

/** A configuration comes from a file, so it may name anything. What else it holds may be a secret and is not repeated (I9). */
function unknownKind({ kind }: { readonly kind: unknown }): never {
  throw new SyncError('config', `unknown kind of store: ${JSON.stringify(kind)}`, { hint: `This version knows: ${BACKEND_KINDS.join(', ')}.` });
}
