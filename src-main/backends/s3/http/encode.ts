import { SyncError } from '../../../core/errors.ts';

/** Percent-encodes all but the unreserved characters, as SigV4 wants names and values. @throws SyncError `name-not-allowed` for text that is no Unicode */
export function uriEncode(text: string): string {
  if (/^[\w.~-]*$/.test(text)) return text;
  try {
    return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  } catch (error) {
    throw new SyncError('name-not-allowed', 'the name holds half a character (a lone surrogate)', { cause: error });
  }
}

/** A key as it stands in a path: slashes stay, and nothing is normalised. */
export function encodeKey(key: string): string {
  return /^[\w.~/-]*$/.test(key) ? key : key.split('/').map(uriEncode).join('/');
}

/** Names of a listing with encoding-type=url. A plus is a space: a real one is written `%2B`. */
export function decodeListed(text: string): string {
  return text.includes('%') || text.includes('+') ? decodeURIComponent(text.replaceAll('+', ' ')) : text;
}

/** Sorted and encoded: the same text goes into the address and into the signature. */
export function encodeQuery(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => `${uriEncode(name)}=${uriEncode(value)}`)
    .sort()
    .join('&');
}

export function unquote(etag: string): string {
  return etag.trim().replace(/^(?:W\/)?"(.*)"$/, '$1');
}
