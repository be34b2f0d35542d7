import type { Backend } from '../backends/backend.ts';
import type { OpenTestStore } from '../backends/conformance.ts';
import { SealedBackend } from '../backends/wrap/sealed.ts';
import type { SealedCodec } from '../backends/wrap/sealed-ports.ts';
import { SwitchingBackend } from '../backends/wrap/switching.ts';
import { DEFAULT_LEVEL } from '../codec/compression-level.ts';
import { ContentKeys, type FindKeys } from '../codec/content-keys.ts';
import { plainNames } from '../codec/names.ts';
import { sealedNames } from '../codec/sealed-names.ts';
import type { NameForm } from '../codec/vault-document.ts';
import type { Notes } from '../core/notes.ts';
import type { Random } from '../platform/clock.ts';
import { nodeHasher } from '../platform/node-hash.ts';
import { nodeRandom } from '../platform/node-random.ts';
import { memoryStateStore } from '../state/memory-store.ts';

export const TEST_VAULT = '0123456789abcdef0123456789abcdef';

/** What a vault may do to its objects; the forms that are tested. */
export interface CodecForm {
  readonly encryption: boolean;
  readonly compression: boolean;
  readonly names: NameForm;
}
export const FORMS = {
  encrypted: { encryption: true, compression: false, names: 'plain' },
  compressed: { encryption: false, compression: true, names: 'plain' },
  'encrypted and compressed': { encryption: true, compression: true, names: 'plain' },
  'with hidden names': { encryption: true, compression: true, names: 'base64url' },
  'with hidden names in base32': { encryption: true, compression: true, names: 'base32' },
} as const satisfies Record<string, CodecForm>;

/** Light keys, known to every test. */
export function testCodec({ encryption, compression, names }: CodecForm, vaultId = TEST_VAULT, seed = 7): SealedCodec {
  const keys = encryption ? new ContentKeys({ vaultId, epoch: 1, root: Buffer.alloc(32, seed) }) : null;
  const find: FindKeys = (epoch) => (epoch === 1 ? keys : null);
  return {
    vaultId,
    names: names === 'plain' ? plainNames : sealedNames({ vaultId, root: Buffer.alloc(32, seed + 1), form: names }),
    hidesNames: names !== 'plain',
    keys: keys === null ? null : { current: () => keys, find },
    compression: compression ? { method: 'auto', level: DEFAULT_LEVEL } : null,
  };
}

export interface SealedOptions {
  readonly codec?: SealedCodec;
  readonly notes?: Notes;
  readonly random?: Pick<Random, 'id'>;
}

export function sealedOn(backend: Backend, form: CodecForm, { codec = testCodec(form), notes = memoryStateStore().notes, random = nodeRandom }: SealedOptions = {}): SealedBackend {
  return new SealedBackend(backend, codec, { notes, random, newHasher: nodeHasher });
}

/** Both clients of a store, sealed; each remembers for itself. */
export function sealedStores(open: OpenTestStore, form: CodecForm): OpenTestStore {
  return async () => {
    const store = await open();
    return { ...store, backend: sealedOn(store.backend, form), second: sealedOn(store.second, form) };
  };
}

/** Both clients of a store whose vault is being switched from the open to that form. */
export function switchingStores(open: OpenTestStore, form: CodecForm): OpenTestStore {
  return async () => {
    const store = await open();
    const on = (backend: Backend): Backend =>
      new SwitchingBackend(
        backend,
        testCodec(form),
        { encryption: false, compression: false, names: 'plain' },
        { notes: memoryStateStore().notes, random: nodeRandom, newHasher: nodeHasher },
      );
    return { ...store, backend: on(store.backend), second: on(store.second) };
  };
}
