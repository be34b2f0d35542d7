import { SyncError } from '../core/errors.ts';
import { CONTROL_FOLDER } from '../core/rel-path.ts';
import type { NameCodec, OpenedKey } from './names.ts';
import { isComponent, SealedComponents, type SealedForm } from './sealed-components.ts';

/** What every file system takes in one component, and every store in a key, in bytes. */
const MAX_COMPONENT = 255;
const MAX_KEY = 1024;
/** The longest name of a kept version (remote/version-name.ts). */
const VERSION_NAME = 92;
const LONG = '.l/';
const CONTROL = `${CONTROL_FOLDER}/`;
const VERSIONS = `${CONTROL}versions/`;
const LONG_VERSIONS = `${CONTROL}versions-long/`;
/** Folders whose names are remembered, each way. */
const REMEMBERED = 8_192;

export interface SealedNamesOptions {
  readonly vaultId: string;
  /** `Keyring.namesRoot()`. */
  readonly root: Uint8Array;
  readonly form: SealedForm;
}

/** Names that nobody reads without the vault's key: FORMAT.md, "Names". */
export function sealedNames(options: SealedNamesOptions): NameCodec {
  return new SealedNames(options);
}

class SealedNames implements NameCodec {
  readonly #components: SealedComponents;
  /** Sealed by plain, and plain by sealed; null for what does not open. */
  readonly #sealed = new Map<string, string>();
  readonly #opened = new Map<string, string | null>();

  constructor({ vaultId, root, form }: SealedNamesOptions) {
    this.#components = new SealedComponents(vaultId, root, form);
  }

  sealKey(key: string): string {
    if (!isKey(key)) throw new SyncError('name-not-allowed', `not a key: ${JSON.stringify(key)}`, { path: key });
    if (key.startsWith(VERSIONS)) return this.#sealVersion(key);
    if (key.startsWith(LONG_VERSIONS)) return this.#sealLongVersion(key);
    if (key.startsWith(CONTROL)) return key;
    const bare = bareOf(key);
    return this.#fits(bare, MAX_KEY - (key.length - bare.length)) ? this.#sealPath(bare) + key.slice(bare.length) : LONG + this.#components.hashOf(key);
  }

  openKey(stored: string): OpenedKey {
    if (!isKey(stored)) return FOREIGN;
    if (stored.startsWith(VERSIONS)) return this.#openVersion(stored);
    if (stored.startsWith(LONG_VERSIONS)) return this.#openLongVersion(stored);
    if (stored.startsWith(CONTROL)) return { kind: 'key', key: stored };
    if (stored.startsWith(LONG)) return this.#openLong(stored, stored.slice(LONG.length), (headKey) => headKey);
    const bare = bareOf(stored);
    const path = stored.length > MAX_KEY ? null : this.#openPath(bare);
    return path === null ? FOREIGN : { kind: 'key', key: path + stored.slice(bare.length) };
  }

  sealPrefix(prefix: string): { readonly own: string | null; readonly others: readonly string[] } {
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    if (folder === '' || folder === CONTROL || folder === VERSIONS) return { own: folder, others: [] };
    const own = this.sealKey(folder);
    const long = folder.startsWith(VERSIONS) ? VERSIONS + LONG : LONG;
    if (own.startsWith(long)) return { own: null, others: [long] };
    return { own, others: folder.startsWith(CONTROL) && !folder.startsWith(VERSIONS) ? [] : [long] };
  }

  #sealVersion(key: string): string {
    const { path, name } = versionParts(key);
    if (path === '') return key;
    const folder = this.#fits(path, MAX_KEY - VERSIONS.length - 1 - VERSION_NAME) ? this.#sealPath(path) : LONG + this.#components.hashOf(path);
    return checkLength(`${VERSIONS}${folder}/${name}`, key);
  }

  #openVersion(stored: string): OpenedKey {
    const { path: folder, name } = versionParts(stored);
    if (folder === '') return { kind: 'key', key: stored };
    if (`${folder}/` === LONG) return name === '' ? NOTHING : FOREIGN;
    if (folder.startsWith(LONG)) {
      if (name === '') return NOTHING;
      return this.#openLong(stored, folder.slice(LONG.length), (headKey) => `${VERSIONS}${headKey}/${name}`);
    }
    const path = VERSIONS.length + folder.length + 1 + VERSION_NAME > MAX_KEY ? null : this.#openPath(folder);
    return path === null ? FOREIGN : { kind: 'key', key: `${VERSIONS}${path}/${name}` };
  }

  /** The folder is a hash of a path: it is sealed, lest it tells who guesses the path. */
  #sealLongVersion(key: string): string {
    const [hash = '', ...rest] = key.slice(LONG_VERSIONS.length).split('/');
    return rest.length === 0 ? key : checkLength([LONG_VERSIONS + this.#components.seal(hash, LONG_VERSIONS.slice(0, -1)), ...rest].join('/'), key);
  }

  #openLongVersion(stored: string): OpenedKey {
    const [sealed = '', ...rest] = stored.slice(LONG_VERSIONS.length).split('/');
    if (rest.length === 0) return { kind: 'key', key: stored };
    const hash = this.#components.open(sealed, LONG_VERSIONS.slice(0, -1));
    return hash === null ? FOREIGN : { kind: 'key', key: [LONG_VERSIONS + hash, ...rest].join('/') };
  }

  #openLong(stored: string, hash: string, plainOf: (headKey: string) => string): OpenedKey {
    if (hash === '') return NOTHING;
    if (!this.#components.isHash(hash)) return FOREIGN;
    return {
      kind: 'in-head',
      keyOf: (headKey) => {
        const key = plainOf(headKey);
        return isKey(key) && this.sealKey(key) === stored ? key : null;
      },
    };
  }

  /** Whether a path has a sealed form of its own within so many bytes. */
  #fits(path: string, most: number): boolean {
    let total = -1;
    for (const component of path.split('/')) {
      const length = this.#components.sealedLength(Buffer.byteLength(component));
      if (length > MAX_COMPONENT) return false;
      total += 1 + length;
    }
    return total <= most;
  }

  #sealPath(path: string): string {
    const cut = path.lastIndexOf('/');
    if (cut < 0) return this.#components.seal(path, '');
    const folder = path.slice(0, cut);
    const sealedFolder = this.#sealed.get(folder) ?? remember(this.#sealed, folder, this.#sealPath(folder));
    return `${sealedFolder}/${this.#components.seal(path.slice(cut + 1), folder)}`;
  }

  #openPath(sealed: string): string | null {
    const cut = sealed.lastIndexOf('/');
    if (sealed.length - cut - 1 > MAX_COMPONENT) return null;
    if (cut < 0) return this.#components.open(sealed, '');
    const sealedFolder = sealed.slice(0, cut);
    const known = this.#opened.get(sealedFolder);
    const folder = known === undefined ? remember(this.#opened, sealedFolder, this.#openPath(sealedFolder)) : known;
    if (folder === null) return null;
    const component = this.#components.open(sealed.slice(cut + 1), folder);
    return component === null ? null : `${folder}/${component}`;
  }
}

const FOREIGN: OpenedKey = { kind: 'foreign' };
const NOTHING: OpenedKey = { kind: 'nothing' };

/** What is kept as a version, and the version's own name. */
function versionParts(key: string): { readonly path: string; readonly name: string } {
  const rest = key.slice(VERSIONS.length);
  const cut = rest.lastIndexOf('/');
  return { path: rest.slice(0, Math.max(0, cut)), name: rest.slice(cut + 1) };
}

/** Without the slash of a folder marker. */
function bareOf(key: string): string {
  return key.endsWith('/') ? key.slice(0, -1) : key;
}

function isKey(text: string): boolean {
  return bareOf(text).split('/').every(isComponent);
}

function checkLength(stored: string, key: string): string {
  if (Buffer.byteLength(stored) > MAX_KEY) throw new SyncError('name-too-long', `the key is longer than ${MAX_KEY} bytes`, { path: key });
  return stored;
}

function remember<T>(map: Map<string, T>, key: string, value: T): T {
  if (map.size >= REMEMBERED) map.clear();
  map.set(key, value);
  return value;
}
