import type { NameCodec } from '../../codec/names.ts';

const CONTROL = '.file-sync/';
const VERSIONS = `${CONTROL}versions/`;
const LONG_VERSIONS = `${CONTROL}versions-long/`;
/** What has to be read without a key, or is only ever about the store itself. */
const PASSING = [`${CONTROL}vault.json`, `${CONTROL}probe/`, `${CONTROL}leases/`, `${CONTROL}local/`];

/** Whether an object lies on the store as it is, name and bytes. */
export function passes(key: string): boolean {
  return PASSING.some((own) => (own.endsWith('/') ? key.startsWith(own) : key === own));
}

/** What belongs to no user's tree. */
export function isOurs(key: string): boolean {
  return key.startsWith(CONTROL);
}

/** How the path in an object's head relates to the key it lies at. */
export type Bound =
  /** It is this path: the key itself, or what a kept version was a version of. */
  | { readonly kind: 'path'; readonly path: string }
  /** Its SHA-256 is this: a kept version of a path that is too long. */
  | { readonly kind: 'hash'; readonly hash: string };

export function boundOf(key: string): Bound {
  const cut = key.lastIndexOf('/');
  if (key.startsWith(VERSIONS) && cut > VERSIONS.length) return { kind: 'path', path: key.slice(VERSIONS.length, cut) };
  const long = key.startsWith(LONG_VERSIONS) ? /^([0-9a-f]{64})\/\d+~\d+~[^/]+$/.exec(key.slice(LONG_VERSIONS.length)) : null;
  return long?.[1] === undefined ? { kind: 'path', path: key } : { kind: 'hash', hash: long[1] };
}

/** The stored key that the envelope of an object at `key` is bound to: that of the original for a kept version, so that keeping one is a copy as it is; where the store's name does not tell the original, its own. */
export function placeOf(names: NameCodec, key: string): string {
  const stored = names.sealKey(key);
  const bound = boundOf(key);
  if (bound.kind === 'hash' || bound.path === key || names.openKey(stored).kind !== 'key') return stored;
  return names.sealKey(bound.path);
}

/** The name an object has on the store. */
export function storedKeyOf(names: NameCodec, key: string): string {
  return passes(key) ? key : names.sealKey(key);
}

/** A folder's marker: nothing is in it, so nothing is sealed, unless its name has to be. */
export function isBareKey(names: NameCodec, key: string): boolean {
  return key.endsWith('/') && storedKeyOf(names, key).endsWith('/');
}
