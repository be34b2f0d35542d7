import { SyncError } from '../../core/errors.ts';
import type { Backend, CallOptions, Capabilities, ListOptions, ObjectInfo, PastObject } from '../backend.ts';
import { SealedBackend } from './sealed.ts';
import { passes } from './sealed-keys.ts';
import { SwitchingBackend } from './switching.ts';

/** Opens the vault, or gives what is open: the store itself for a plain vault, a sealed backend on it else. Throws what keeps it closed: no answer, no key, a wrong one. */
export type OpenVault = (options: CallOptions) => Promise<Backend>;

/**
 * A store whose vault is opened with the first call that needs it, and with the next again while it cannot be: a drive that is not connected or a keychain that is locked holds up nothing but this. What is read without a
 * key (`vault.json`) needs none.
 */
export function vaultBackend(store: Backend, open: OpenVault): Backend {
  let opened: Backend | null = null;
  const vault = async ({ signal }: CallOptions = {}): Promise<Backend> => {
    opened = await open(signal === undefined ? {} : { signal });
    return opened;
  };
  const at = async (key: string, options?: CallOptions): Promise<Backend> => (passes(key) ? store : vault(options));
  const move: NonNullable<Backend['move']> = async (from, to, options) => {
    const backend = await vault(options);
    if (backend.move === undefined) throw new SyncError('busy', 'the vault was not open yet');
    return backend.move(from, to, options);
  };
  const { isSame, now, watch, usage, inspect, listPast, forget } = store;
  return {
    id: store.id,
    capabilities: capabilitiesOf(
      () => opened ?? store,
      () => opened?.capabilities.listsInOrder ?? false,
    ),
    list: (prefix, options) => listed(vault, prefix, options),
    stat: async (key, options) => (await at(key, options)).stat(key, options),
    get: async (key, options) => (await at(key, options)).get(key, options),
    put: async (key, body, options) => (await at(key, options)).put(key, body, options),
    copy: async (from, to, options) => (await vault(options)).copy(from, to, options),
    delete: async (key, options) => (await at(key, options)).delete(key, options),
    close: () => (opened ?? store).close(),
    // Whether there is one depends on the vault.
    get move() {
      return (opened ?? store).move === undefined ? undefined : move;
    },
    ...(isSame === undefined ? {} : { isSame: async (key, other, options) => (await vault(options)).isSame?.(key, other, options) ?? false }),
    ...(now === undefined ? {} : { now: now.bind(store) }),
    ...(watch === undefined ? {} : { watch: (onHint) => watch.call(store, (keys) => onHint(keys === null ? null : plainKeys(opened, keys))) }),
    ...(listPast === undefined ? {} : { listPast: (prefix, options) => pastOf(vault, prefix, options) }),
    ...(forget === undefined ? {} : { forget: async (key, version, options) => (await vault(options)).forget?.(key, version, options) }),
    ...(usage === undefined ? {} : { usage: usage.bind(store) }),
    ...(inspect === undefined ? {} : { inspect: inspect.bind(store) }),
  } as Backend;
}

async function* listed(vault: OpenVault, prefix: string, options: ListOptions = {}): AsyncGenerator<ObjectInfo> {
  yield* (await vault(options)).list(prefix, options);
}

async function* pastOf(vault: OpenVault, prefix: string, options: ListOptions = {}): AsyncGenerator<PastObject> {
  const past = (await vault(options)).listPast?.(prefix, options);
  if (past !== undefined) yield* past;
}

/** Hints in names that are not understood yet mean "anything". */
function plainKeys(opened: Backend | null, keys: readonly string[]): readonly string[] | null {
  if (opened === null) return null;
  return opened instanceof SealedBackend || opened instanceof SwitchingBackend ? opened.plainKeys(keys) : keys;
}

/** Before the vault is open nobody knows whether its names come in the store's order. */
function capabilitiesOf(backend: () => Backend, listsInOrder: () => NonNullable<Capabilities['listsInOrder']>): Capabilities {
  return {
    get listsInOrder() {
      return listsInOrder();
    },
    get atomicConditions() {
      return backend().capabilities.atomicConditions;
    },
    get modes() {
      return backend().capabilities.modes;
    },
    get symlinks() {
      return backend().capabilities.symlinks;
    },
    get caseInsensitive() {
      return backend().capabilities.caseInsensitive;
    },
    get keepsReplaced() {
      return backend().capabilities.keepsReplaced;
    },
    get keepsMeta() {
      return backend().capabilities.keepsMeta;
    },
    get dearListing() {
      return backend().capabilities.dearListing;
    },
  };
}
