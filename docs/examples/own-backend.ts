// A backend of one's own in about a hundred lines: a store in memory that two folders meet in. A real one talks to a server here; the contract is in the comments of the `Backend` port, and `checkContract` tests it.
//   node own-backend.js folder-a folder-b
import { type Backend, checkContract, type ObjectDetail, SyncError, SyncManager } from 'file-sync';

type Version = ObjectDetail['version'];

interface Stored {
  readonly body: Uint8Array;
  readonly detail: ObjectDetail;
}

/** What the clients of one store share. Every change makes a new version, and is judged in the same step as it is made. */
class Shelf {
  readonly objects = new Map<string, Stored>();
  #writes = 0;

  write(key: string, condition: Parameters<Backend['put']>[2]['condition'], body: Uint8Array, meta: ObjectDetail['meta']): Awaited<ReturnType<Backend['put']>> {
    const now = this.objects.get(key)?.detail.version;
    if (condition.kind === 'absent' ? now !== undefined : now !== condition.version) return { kind: 'stale' };
    const version = `v${++this.#writes}` as Version;
    this.objects.set(key, { body, detail: { key, size: body.length, version, meta, storedAtMs: Date.now() } });
    return { kind: 'done', version };
  }
}

class ShelfBackend implements Backend {
  readonly id = 'shelf:example';
  readonly capabilities = { atomicConditions: true, modes: true, symlinks: true, caseInsensitive: false, keepsReplaced: false, keepsMeta: true, dearListing: false };
  readonly #shelf: Shelf;

  constructor(shelf: Shelf) {
    this.#shelf = shelf;
  }

  async *list(prefix: string, { skip, signal }: { readonly skip?: string; readonly signal?: AbortSignal } = {}): AsyncGenerator<ObjectDetail> {
    for (const [key, { detail }] of [...this.#shelf.objects]) {
      checkSignal(signal);
      if (key.startsWith(prefix) && !(skip !== undefined && key.startsWith(skip))) yield detail;
    }
  }

  async stat(key: string, { signal }: { readonly signal?: AbortSignal } = {}): Promise<ObjectDetail | null> {
    return this.#find(key, signal)?.detail ?? null;
  }

  async get(key: string, { ifMatch, offset = 0, signal }: NonNullable<Parameters<Backend['get']>[1]> = {}): ReturnType<Backend['get']> {
    const found = this.#find(key, signal);
    if (found === undefined || (ifMatch !== undefined && found.detail.version !== ifMatch)) return null;
    const { body, detail } = found;
    return {
      info: detail,
      chunks: (async function* () {
        yield body.subarray(offset);
      })(),
    };
  }

  async put(key: string, body: Parameters<Backend['put']>[1], { condition, meta, signal }: Parameters<Backend['put']>[2]): ReturnType<Backend['put']> {
    this.#find(key, signal);
    const chunks: Uint8Array[] = [];
    for await (const chunk of body.open()) {
      checkSignal(signal);
      chunks.push(chunk);
    }
    return this.#shelf.write(key, condition, Buffer.concat(chunks), meta);
  }

  async copy(from: Parameters<Backend['copy']>[0], to: string, { condition, meta, signal }: Parameters<Backend['copy']>[2]): ReturnType<Backend['copy']> {
    this.#find(to, signal);
    const source = this.#find(from.key, signal);
    if (source?.detail.version !== from.version) return { kind: 'stale' };
    return this.#shelf.write(to, condition, source.body, meta ?? source.detail.meta);
  }

  async delete(key: string, { version, signal }: Parameters<Backend['delete']>[1]): ReturnType<Backend['delete']> {
    const found = this.#find(key, signal);
    if (found !== undefined && found.detail.version !== version) return { kind: 'stale' };
    this.#shelf.objects.delete(key);
    return { kind: 'done' };
  }

  async close(): Promise<void> {}

  /** Keys come from elsewhere: what no store can hold is refused with a code, as every failure is. */
  #find(key: string, signal: AbortSignal | undefined): Stored | undefined {
    checkSignal(signal);
    if (
      key
        .replace(/\/$/, '')
        .split('/')
        .some((part) => part === '' || part === '.' || part === '..') ||
      key.includes('\0')
    )
      throw new SyncError('name-not-allowed', 'no key of a store');
    if (Buffer.byteLength(key) > 1024) throw new SyncError('name-too-long', 'a key has 1,024 bytes at most');
    return this.#shelf.objects.get(key);
  }
}

function checkSignal(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new SyncError('aborted', 'interrupted');
}

const shelf = new Shelf();
for await (const { name, verdict, detail } of checkContract(new ShelfBackend(shelf), new ShelfBackend(shelf), { prefix: 'try/', quick: true }))
  if (verdict !== 'passed') process.stdout.write(`${verdict}: ${name}: ${detail}\n`);
for (const sourceDir of process.argv.slice(2)) {
  const manager = new SyncManager({ sourceDir, backend: new ShelfBackend(shelf) });
  process.stdout.write(`${sourceDir}: ${(await manager.syncAll()).done} done\n`);
  await manager.stop();
}
