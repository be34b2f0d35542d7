import { SyncError } from '../../core/errors.ts';
import type { ListOptions, ObjectInfo } from '../backend.ts';
import type { ListedObject, ListPage, S3Api } from './s3-api.ts';
import { versionOf } from './token.ts';

export interface ListPorts {
  readonly api: S3Api;
  /** Listings come in the order of UTF-8 bytes, as the probe found; false also when that is not known. */
  readonly inOrder: boolean;
  /** Whether an object stands for an absence. */
  isHidden(object: ListedObject): Promise<boolean>;
}

/** A character after which, below a prefix, nothing else is expected in the order of UTF-8 bytes. */
const LAST = '\u{10FFFD}';

/** Every object below a prefix, each once, in whatever order the store gives them (S134). Complete, or it throws. */
export async function* listObjects(ports: ListPorts, prefix: string, options: ListOptions): AsyncGenerator<ObjectInfo> {
  const seen = new Set<string>();
  for await (const objects of pages(ports, prefix, options)) {
    for (const object of objects) {
      if (seen.has(object.key) || !object.key.startsWith(prefix) || isSkipped(object.key, options)) continue;
      seen.add(object.key);
      if (await ports.isHidden(object)) continue;
      yield { key: object.key, size: object.size, version: versionOf(object), storedAtMs: object.lastModifiedMs };
    }
  }
}

async function* pages({ api, inOrder }: ListPorts, prefix: string, { skip, after, signal }: ListOptions): AsyncGenerator<readonly ListedObject[]> {
  const call = signal === undefined ? {} : { signal };
  const tokens = new Set<string>();
  let page: ListPage = await api.list(prefix, inOrder && after !== undefined ? { ...call, startAfter: after } : call);
  for (;;) {
    yield page.objects;
    const { continuation } = page;
    if (continuation === null) return;
    if (tokens.has(continuation))
      throw new SyncError('corrupt', 'the store gives the same page of its listing again and again', { hint: 'Ask the provider: listings of this bucket do not end.' });
    tokens.add(continuation);
    const last = page.objects.at(-1)?.key;
    const isPast = inOrder && skip !== undefined && skip !== '' && last?.startsWith(skip) === true;
    page = await api.list(prefix, isPast ? { ...call, startAfter: `${skip}${LAST}` } : { ...call, continuation });
  }
}

function isSkipped(key: string, { skip }: ListOptions): boolean {
  return skip !== undefined && key.startsWith(skip);
}
