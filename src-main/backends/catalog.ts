import { SyncError } from '../core/errors.ts';
import type { Notes } from '../core/notes.ts';
import type { Bandwidth } from '../platform/bandwidth.ts';
import type { Backend } from './backend.ts';
import { type LocalBackendOptions, localBackendId, openLocalBackend } from './local/local-backend.ts';
import { throttled } from './wrap/throttled.ts';

/** Where the other side of a pair is. One member a kind of store. */
export type BackendConfig = { readonly kind: 'local'; readonly folder: string };

export const BACKEND_KINDS: readonly BackendConfig['kind'][] = ['local'];

export interface BackendPorts extends Omit<LocalBackendOptions, 'root'> {
  /** What bodies pass through, both ways. */
  readonly bandwidth: Bandwidth;
  /** What the pair remembers for its store. */
  readonly notes: Notes;
}

/** The `id` of the backend that `openBackend` would give: the pair's state, which holds its notes, is found by it before the backend is opened. */
export function backendId(config: BackendConfig): string {
  switch (config.kind) {
    case 'local':
      return localBackendId(config.folder);
    default:
      return unknownKind(config);
  }
}

export async function openBackend(config: BackendConfig, { bandwidth, ...ports }: BackendPorts): Promise<Backend> {
  switch (config.kind) {
    case 'local':
      return throttled(await openLocalBackend({ ...ports, root: config.folder }), bandwidth);
    default:
      return unknownKind(config);
  }
}

/** A configuration comes from a file, so it may name anything. What else it holds may be a secret and is not repeated (I9). */
function unknownKind({ kind }: { readonly kind: unknown }): never {
  throw new SyncError('config', `unknown kind of store: ${JSON.stringify(kind)}`, { hint: `This version knows: ${BACKEND_KINDS.join(', ')}.` });
}
