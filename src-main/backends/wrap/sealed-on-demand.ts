import type { Backend, CallOptions, Capabilities, ListOptions, ObjectInfo } from '../backend.ts';
import type { SealedBackend } from './sealed.ts';
import { passes } from './sealed-keys.ts';

/** Opens the vault, or gives the one that is open. Throws what keeps it closed: no answer, no key, a wrong one. */
export type OpenSealed = (options: CallOptions) => Promise<SealedBackend>;

/**
 * A sealed backend whose vault is opened with the first call that needs it, and with the next again while it cannot be: a drive that is not connected or a keychain that is locked holds up nothing but this. What is read
 * without a key (`vault.json`) needs none.
 */
export function sealedOnDemand(store: Backend, open: OpenSealed): Backend {
  let opened: SealedBackend | null = null;
  const vault = async ({ signal }: CallOptions = {}): Promise<SealedBackend> => {
    opened = await open(signal === undefined ? {} : { signal });
    return opened;
  };
  const at = async (key: string, options?: CallOptions): Promise<Backend> => (passes(key) ? store : vault(options));
  const { move, now, watch, usage, inspect } = store;
  return {
    id: store.id,
    capabilities: capabilitiesOf(store, () => opened),
    list: (prefix, options) => listed(vault, prefix, options),
    stat: async (key, options) => (await at(key, options)).stat(key, options),
    get: async (key, options) => (await at(key, options)).get(key, options),
    put: async (key, body, options) => (await at(key, options)).put(key, body, options),
    copy: async (from, to, options) => (await vault(options)).copy(from, to, options),
    delete: async (key, options) => (await at(key, options)).delete(key, options),
    close: () => (opened ?? store).close(),
    ...(move !== undefined && store.capabilities.keepsMeta ? { move: async (from, to, options) => (await vault(options)).moveTo(from, to, options) } : {}),
    ...(now === undefined ? {} : { now: now.bind(store) }),
    // Hints in names that are not understood yet mean "anything".
    ...(watch === undefined ? {} : { watch: (onHint) => watch.call(store, (keys) => onHint(keys === null ? null : (opened?.plainKeys(keys) ?? null))) }),
    ...(usage === undefined ? {} : { usage: usage.bind(store) }),
    ...(inspect === undefined ? {} : { inspect: inspect.bind(store) }),
  };
}

async function* listed(vault: OpenSealed, prefix: string, options: ListOptions = {}): AsyncGenerator<ObjectInfo> {
  yield* (await vault(options)).list(prefix, options);
}

function capabilitiesOf(store: Backend, opened: () => Backend | null): Capabilities {
  const of = (): Capabilities => (opened() ?? store).capabilities;
  return {
    get atomicConditions() {
      return of().atomicConditions;
    },
    modes: true,
    symlinks: true,
    get caseInsensitive() {
      return of().caseInsensitive;
    },
    get keepsReplaced() {
      return of().keepsReplaced;
    },
    keepsMeta: true,
    dearListing: store.capabilities.dearListing,
  };
}
