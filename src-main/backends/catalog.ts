import { SyncError } from '../core/errors.ts';
import type { Backend } from './backend.ts';
import { type LocalBackendOptions, openLocalBackend } from './local/local-backend.ts';

/** Where the other side of a pair is. One member a kind of store. */
export type BackendConfig = { readonly kind: 'local'; readonly folder: string };

export const BACKEND_KINDS = ['local'] as const;

export type BackendPorts = Omit<LocalBackendOptions, 'root'>;

export async function openBackend(config: BackendConfig, ports: BackendPorts): Promise<Backend> {
  if (config.kind === 'local') return openLocalBackend({ ...ports, root: config.folder });
  throw new SyncError('config', `unknown kind of store: ${JSON.stringify(config)}`, { hint: `This version knows: ${BACKEND_KINDS.join(', ')}.` });
}
