import { CLAIM_BYTES, claimOf } from '../../codec/container-of.ts';
import { SyncError } from '../../core/errors.ts';
import type { Backend, CallOptions, ListOptions, ObjectBody, ObjectInfo } from '../backend.ts';
import { isOurs } from './sealed-keys.ts';

export interface UnsealedPorts {
  readonly vaultId: string;
  /** Reads `vault.json` again. Throws unless it still is as when this backend was opened. */
  readonly confirm: (options: CallOptions) => Promise<void>;
}

/**
 * A vault that lies in the open, and may be switched to encryption by another device in the middle of our work. From then on objects go from under their names, or hold something else: so an absence, the end of a listing and
 * bytes that claim to be sealed are believed only after the vault was found unchanged. What is read of a version that was listed before is what it was.
 */
export function unsealed(backend: Backend, { vaultId, confirm }: UnsealedPorts): Backend {
  const over: Pick<Backend, 'list' | 'stat' | 'get'> = {
    list: (prefix, options) => listed(backend, prefix, options, confirm),
    stat: async (key, options = {}) => {
      const found = await backend.stat(key, options);
      if (found === null && !isOurs(key)) await confirm(signalOf(options));
      return found;
    },
    get: async (key, options = {}) => {
      const object = await backend.get(key, options);
      if (object === null && !isOurs(key) && options.ifMatch === undefined) await confirm(signalOf(options));
      return object === null || isOurs(key) || (options.offset ?? 0) > 0 ? object : checked(object, vaultId, () => confirm(signalOf(options)));
    },
  };
  return new Proxy(backend, {
    get: (target, name: keyof Backend) => {
      if (name === 'list' || name === 'stat' || name === 'get') return over[name];
      const own: unknown = target[name];
      return typeof own === 'function' ? own.bind(target) : own;
    },
  });
}

async function* listed(backend: Backend, prefix: string, options: ListOptions = {}, confirm: UnsealedPorts['confirm']): AsyncGenerator<ObjectInfo> {
  yield* backend.list(prefix, options);
  if (!isOurs(prefix)) await confirm(signalOf(options));
}

function checked({ info, chunks }: ObjectBody, vaultId: string, confirm: () => Promise<void>): ObjectBody {
  return { info, chunks: unlessSealed(chunks, vaultId, confirm) };
}

async function* unlessSealed(chunks: AsyncIterable<Uint8Array>, vaultId: string, confirm: () => Promise<void>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] | null = [];
  let length = 0;
  for await (const chunk of chunks) {
    if (held === null) {
      yield chunk;
      continue;
    }
    held.push(Uint8Array.from(chunk));
    length += chunk.length;
    if (length < CLAIM_BYTES) continue;
    await unlessClaimed(held, vaultId, confirm);
    yield* held;
    held = null;
  }
  if (held === null) return;
  await unlessClaimed(held, vaultId, confirm);
  yield* held;
}

/** A file of the user's may begin so too, where the vault was never switched. */
async function unlessClaimed(held: readonly Uint8Array[], vaultId: string, confirm: () => Promise<void>): Promise<void> {
  if (claimOf(Buffer.concat(held), vaultId) !== 'none') await confirm();
}

/** What `confirm` throws where the vault is another one by now, and can be opened: the next cycle uses it. */
export function vaultMoved(): SyncError {
  return new SyncError('busy', 'the vault was changed by another device just now', { hint: 'It goes on in the next cycle.' });
}

function signalOf({ signal }: CallOptions): CallOptions {
  return signal === undefined ? {} : { signal };
}
