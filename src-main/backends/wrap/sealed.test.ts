import { describe, expect, it } from 'vitest';
import { ContentKeys } from '../../codec/content-keys.ts';
import type { Version } from '../../core/entry.ts';
import { SyncError } from '../../core/errors.ts';
import { nodeHasher } from '../../platform/node-hash.ts';
import { memoryStateStore } from '../../state/memory-store.ts';
import { FakeStore, STORE } from '../../testing/local-store.ts';
import { overBackend } from '../../testing/over-backend.ts';
import { type CodecForm, FORMS, sealedOn, testCodec } from '../../testing/sealed-kit.ts';
import type { Backend } from '../backend.ts';
import { ABSENT, bytesBody, bytesOf, leafKeys, match, noise, putText, SOME_META, textAt, versionAt } from '../conformance/kit.ts';
import { createMemoryStore, type MemoryStore } from '../memory/memory-backend.ts';
import { SealedBackend } from './sealed.ts';
import type { VaultKeys } from './sealed-ports.ts';

const BOTH = FORMS['encrypted and compressed'];
const HIDDEN = FORMS['with hidden names'];
const SECRET = 'the merger is off; tell nobody in accounting. '.repeat(40);

function world(form: CodecForm): { readonly store: MemoryStore; readonly backend: SealedBackend; readonly other: SealedBackend } {
  let now = 1_700_000_000_000;
  const store = createMemoryStore({ now: () => now++ });
  return { store, backend: sealedOn(store.client(), form), other: sealedOn(store.client(), form) };
}

/** What an owner of the store can do: put any bytes and metadata under any key. */
function plant(store: MemoryStore, key: string, { body, meta }: Pick<NonNullable<ReturnType<MemoryStore['peek']>>, 'body' | 'meta'>): void {
  const there = store.peek(key);
  store.write(key, there === undefined ? { kind: 'absent' } : { kind: 'match', version: there.version }, body, meta);
}
function held(store: MemoryStore, key: string): NonNullable<ReturnType<MemoryStore['peek']>> {
  const found = store.peek(key);
  if (found === undefined) throw new RangeError(`nothing at ${key}`);
  return found;
}

function corrupt(reason: string): unknown {
  return expect.toSatisfy((error: unknown) => error instanceof SyncError && error.code === 'corrupt' && error.reason === reason, `corrupt: ${reason}`);
}
async function read(backend: Backend, key: string): Promise<Buffer> {
  const object = await backend.get(key);
  if (object === null) throw new RangeError(`nothing at ${key}`);
  return bytesOf(object.chunks);
}

it('what has left of an object is told as that share of the plain file', async () => {
  const told: number[] = [];
  const inner = createMemoryStore({ now: () => 0 }).client();
  const ahead = overBackend(inner, {
    put: (key, body, options) => {
      for (const share of [0, 0.5, 1]) body.onSent?.(body.size * share);
      return inner.put(key, body, options);
    },
  });
  await sealedOn(ahead, BOTH).put('a', { ...bytesBody(Buffer.from(SECRET)), onSent: (bytes) => told.push(bytes) }, { condition: ABSENT, meta: SOME_META });
  expect(told).toEqual([0, SECRET.length / 2, SECRET.length]);
});

describe('what the store sees', () => {
  it.each([
    ['encrypted', FORMS.encrypted],
    ['encrypted and compressed', BOTH],
    ['with hidden names', HIDDEN],
  ])('of a vault that is %s: no content, no author, no time', async (_, form) => {
    const { store, backend } = world(form);
    const version = await putText(backend, 'budget/merger.txt', SECRET, { meta: { ...SOME_META, device: 'Anna' } });
    await backend.copy({ key: 'budget/merger.txt', version }, '.file-sync/versions/budget/merger.txt/0000000000001~0000000000002~r', { condition: ABSENT });
    await putText(backend, '.file-sync/feed/1700000000000-a-0', '{"paths":["budget/merger.txt"]}');
    const everything = store.keys.map((key) => `${key} ${Buffer.from(held(store, key).body).toString('latin1')} ${JSON.stringify(held(store, key).meta)}`).join('\n');
    for (const word of ['merger is off', 'Anna', SOME_META['mtime'] ?? '', ...(form === HIDDEN ? ['budget', 'merger.txt'] : [])]) expect(everything).not.toContain(word);
    expect(await textAt(backend, 'budget/merger.txt')).toBe(SECRET);
  });

  it('a compressed vault is smaller', async () => {
    const { store, backend } = world(FORMS.compressed);
    await putText(backend, 'a', SECRET);
    expect(held(store, 'a').body.length).toBeLessThan(SECRET.length / 2);
  });

  it('vault.json, leases and probes stay as they are', async () => {
    const { store, backend } = world(HIDDEN);
    for (const key of ['.file-sync/vault.json', '.file-sync/probe/1/a', '.file-sync/leases/ab']) {
      await putText(backend, key, 'in the open', { meta: { note: 'x' } });
      expect([Buffer.from(held(store, key).body).toString(), held(store, key).meta, await textAt(backend, key)]).toEqual(['in the open', { note: 'x' }, 'in the open']);
    }
  });
});

describe('C64 S147 an object that another program', () => {
  it.each([FORMS.encrypted, BOTH])('put there in the open is refused, not read and not replaced', async (form) => {
    const { store, backend } = world(form);
    plant(store, 'a', { body: Buffer.from('plain text, long enough to be no header of anything'), meta: { sha256: 'ab'.repeat(32) } });
    await expect(backend.stat('a')).rejects.toEqual(corrupt('not-a-container'));
    await expect(backend.get('a')).rejects.toEqual(corrupt('not-a-container'));
    const { version } = held(store, 'a');
    await expect(putText(backend, 'a', 'over it', { condition: match(version) })).rejects.toEqual(corrupt('not-a-container'));
    expect(held(store, 'a').version).toBe(version);
    expect(await leafKeys(backend)).toEqual(['a']);
  });

  it('exchanged for another of this vault is refused', async () => {
    const { store, backend, other } = world(BOTH);
    await putText(backend, 'a', 'of a');
    await putText(backend, 'b', 'of b');
    plant(store, 'b', held(store, 'a'));
    for (const client of [backend, other]) await expect(client.stat('b')).rejects.toEqual(corrupt('wrong-place'));
    // Without the metadata the container speaks for itself.
    plant(store, 'b', { ...held(store, 'a'), meta: {} });
    await expect(other.get('b')).rejects.toEqual(corrupt('wrong-place'));
    expect(await textAt(other, 'a')).toBe('of a');
  });

  it('gave the bytes of another version is refused while it is read', async () => {
    const { store, backend, other } = world(BOTH);
    const old = await putText(backend, 'a', 'first');
    const { body } = held(store, 'a');
    await putText(backend, 'a', 'other', { condition: match(old) });
    plant(store, 'a', { ...held(store, 'a'), body });
    await expect(read(other, 'a')).rejects.toEqual(corrupt('mixed'));
  });

  it('took from another vault, or made with another key, is refused', async () => {
    const { store, backend } = world(BOTH);
    const foreign = createMemoryStore({ now: () => 1 });
    const elsewhere = sealedOn(foreign.client(), BOTH, { codec: testCodec(BOTH, 'f'.repeat(32)) });
    const forged = sealedOn(foreign.client(), BOTH, { codec: testCodec(BOTH, undefined, 99) });
    await putText(elsewhere, 'a', 'x');
    await putText(forged, 'b', 'x');
    plant(store, 'a', { ...held(foreign, 'a'), meta: {} });
    plant(store, 'b', { ...held(foreign, 'b'), meta: {} });
    await expect(backend.stat('a')).rejects.toEqual(corrupt('other-vault'));
    await expect(backend.stat('b')).rejects.toEqual(corrupt('wrong-key'));
    plant(store, 'a', held(foreign, 'a'));
    await expect(backend.stat('a')).rejects.toEqual(corrupt('wrong-place'));
    // Anyone who knows the vault's id can make one that is not encrypted.
    await putText(sealedOn(foreign.client(), FORMS.compressed), 'c', 'x');
    plant(store, 'c', { ...held(foreign, 'c'), meta: {} });
    await expect(backend.stat('c')).rejects.toEqual(corrupt('not-encrypted'));
  });

  it.each([
    ['cut off', (body: Uint8Array) => body.subarray(0, body.length - 5), 'truncated'],
    ['made longer', (body: Uint8Array) => Buffer.concat([body, Buffer.alloc(9)]), 'over-long'],
    ['changed in its last byte', flipped(-1), 'tampered'],
  ])('%s is refused (C58)', async (_, change, reason) => {
    const { store, backend, other } = world(FORMS.encrypted);
    await putText(backend, 'a', SECRET);
    plant(store, 'a', { ...held(store, 'a'), body: change(held(store, 'a').body) });
    await expect(read(other, 'a')).rejects.toEqual(corrupt(reason));
  });

  it('put back from the past is refused by whoever saw the newer one, after a restart too', async () => {
    const { store } = world(BOTH);
    const { notes } = memoryStateStore();
    const open = (): SealedBackend => sealedOn(store.client(), BOTH, { notes });
    const backend = open();
    const old = await putText(backend, 'a', 'old');
    const past = held(store, 'a');
    await putText(backend, 'a', 'new', { condition: match(old) });
    plant(store, 'a', past);
    await expect(backend.stat('a')).rejects.toEqual(corrupt('rolled-back'));
    await expect(open().get('a')).rejects.toEqual(corrupt('rolled-back'));
    await expect(putText(open(), 'a', 'over it', { condition: match(held(store, 'a').version) })).rejects.toEqual(corrupt('rolled-back'));
    // A device that never saw it cannot know.
    expect(await textAt(sealedOn(store.client(), BOTH), 'a')).toBe('old');
  });

  it('put back from the past is refused by whoever only read the newer one', async () => {
    const { store, backend, other } = world(BOTH);
    const old = await putText(backend, 'a', 'old');
    const past = held(store, 'a');
    await putText(backend, 'a', 'new', { condition: match(old) });
    expect(await textAt(other, 'a')).toBe('new');
    plant(store, 'a', past);
    await expect(other.stat('a')).rejects.toEqual(corrupt('rolled-back'));
  });

  it('put back after it was deleted is refused', async () => {
    const { store, backend } = world(BOTH);
    let version = await putText(backend, 'a', 'one');
    const past = held(store, 'a');
    version = await putText(backend, 'a', 'two', { condition: match(version) });
    await backend.delete('a', { version });
    plant(store, 'a', past);
    await expect(backend.stat('a')).rejects.toEqual(corrupt('rolled-back'));
  });

  it('named by itself is listed among what has no key', async () => {
    const { store, backend } = world(HIDDEN);
    await putText(backend, 'd/a', 'x');
    plant(store, 'plain.txt', { body: Buffer.from('x'), meta: {} });
    const unlisted: [string, string][] = [];
    const keys: string[] = [];
    for await (const info of backend.list('', { unlisted: (name, reason) => void unlisted.push([name, reason]) })) keys.push(info.key);
    expect([keys, unlisted]).toEqual([['d/a'], [['/plain.txt', 'foreign-name']]]);
  });

  it('swapped in a backup folder is refused', async () => {
    const folder = new FakeStore();
    const backend = sealedOn(await folder.open('one'), BOTH);
    await putText(backend, 'a', 'of a');
    await putText(backend, 'b', 'of b');
    folder.fs.edit.rename(`${STORE}/a`, `${STORE}/x`);
    folder.fs.edit.rename(`${STORE}/b`, `${STORE}/a`);
    await expect(backend.stat('a')).rejects.toEqual(corrupt('wrong-place'));
    await expect(read(sealedOn(await folder.open('two'), BOTH), 'x')).rejects.toEqual(corrupt('wrong-place'));
  });
});

describe('what two devices do at once is no roll-back', () => {
  it('a path deleted by one and made anew by another that never saw it', async () => {
    const { store, backend } = world(BOTH);
    let version = await putText(backend, 'a', '0');
    for (let n = 1; n < 5; n++) version = await putText(backend, 'a', `${n}`, { condition: match(version) });
    await backend.delete('a', { version });
    await putText(sealedOn(store.client(), BOTH), 'a', 'new life');
    expect(await textAt(backend, 'a')).toBe('new life');
  });

  it('a rename there and back', async () => {
    const { backend, other } = world(BOTH);
    const there = await putText(backend, 'a', 'x');
    expect(await textAt(other, 'a')).toBe('x');
    const moved = await backend.copy({ key: 'a', version: there }, 'b', { condition: ABSENT });
    await backend.delete('a', { version: there });
    const back = await other.copy({ key: 'b', version: moved.kind === 'done' ? moved.version : ('' as Version) }, 'a', { condition: ABSENT });
    expect(back.kind).toBe('done');
    expect([await textAt(backend, 'a'), await textAt(other, 'b')]).toEqual(['x', 'x']);
  });
});

describe('without the bytes', () => {
  it('a rename is a copy by the store with a new envelope, and keeping a version a copy as it is', async () => {
    const { store, backend, other } = world(HIDDEN);
    const version = await putText(backend, 'a', SECRET, { meta: SOME_META });
    const quiet = sealedOn(
      overBackend(store.client(), {
        get: () => Promise.reject(new SyncError('internal', 'no bytes are read')),
        put: () => Promise.reject(new SyncError('internal', 'no bytes are written')),
      }),
      HIDDEN,
    );
    const kept = '.file-sync/versions/a/0000000000001~0000000000002~r';
    expect((await quiet.copy({ key: 'a', version }, 'deep/er/b', { condition: ABSENT, meta: { ...SOME_META, op: 'moved' } })).kind).toBe('done');
    expect((await quiet.copy({ key: 'a', version }, kept, { condition: ABSENT })).kind).toBe('done');
    expect([await textAt(other, 'deep/er/b'), await textAt(other, kept)]).toEqual([SECRET, SECRET]);
    expect((await other.stat('deep/er/b'))?.meta).toMatchObject({ op: 'moved' });
    expect((await other.stat(kept))?.meta).toMatchObject(SOME_META);
  });

  it('where metadata is only a hint a rename writes the object anew, and lost journals cost nothing', async () => {
    const folder = new FakeStore();
    const backend = sealedOn(await folder.open('one'), BOTH);
    const version = await putText(backend, 'a', SECRET, { meta: SOME_META });
    await backend.copy({ key: 'a', version }, 'b', { condition: ABSENT, meta: SOME_META });
    for (const name of Object.keys(folder.fs.tree(`${STORE}/.file-sync/local/meta`, { all: true }))) folder.fs.edit.remove(`${STORE}/.file-sync/local/meta/${name}`);
    const other = sealedOn(await folder.open('two'), BOTH);
    expect(await other.stat('b')).toMatchObject({ size: SECRET.length, meta: SOME_META });
    expect([await textAt(other, 'a'), await textAt(other, 'b')]).toEqual([SECRET, SECRET]);
  });
});

describe('names too long for the store', () => {
  const long = `${'ä'.repeat(100)}/${'b'.repeat(240)}/${'c'.repeat(250)}/file`;

  it.each([HIDDEN, FORMS['with hidden names in base32']])('lie under a hash, and are listed, moved, kept and removed as others are', async (form) => {
    const { backend, other } = world(form);
    const version = await putText(backend, long, 'far down', { meta: SOME_META });
    const kept = `.file-sync/versions/${long}/0000000000001~0000000000002~r`;
    await backend.copy({ key: long, version }, kept, { condition: ABSENT });
    expect([await leafKeys(other), await leafKeys(other, '.file-sync/versions/')]).toEqual([[long], []]);
    const all: string[] = [];
    for await (const { key } of other.list('')) all.push(key);
    expect(all.sort()).toEqual([kept, long].sort());
    expect([await textAt(other, long), await textAt(other, kept)]).toEqual(['far down', 'far down']);
    await other.delete(long, { version: await versionAt(other, long) });
    expect(await leafKeys(backend)).toEqual([]);
  });
});

describe('large contents', () => {
  const large = noise(300_000, 'large');
  const limits = { notes: memoryStateStore().notes, random: { id: () => 'ab' }, newHasher: nodeHasher, largeFrom: 200_000 };
  const hashed = (bytes: Uint8Array): { readonly sha256: string } => {
    const hasher = nodeHasher();
    hasher.update(bytes);
    return { sha256: hasher.digest() };
  };

  it('that are replaced keep the bytes of what did not change', async () => {
    const { store } = world(FORMS.encrypted);
    const backend = new SealedBackend(store.client(), testCodec(FORMS.encrypted), limits);
    await backend.put('big', bytesBody(large), { condition: ABSENT, meta: { ...hashed(large), op: 'one' } });
    const before = held(store, 'big').body;
    const changed = Uint8Array.from(large);
    changed[150_000] = 255 - (changed[150_000] ?? 0);
    await backend.put('big', bytesBody(changed), { condition: match(await versionAt(backend, 'big')), meta: { ...hashed(changed), op: 'two' } });
    const after = held(store, 'big').body;
    const different = before.reduce((sum, byte, at) => sum + (byte === after[at] ? 0 : 1), 0);
    expect(after.length).toBe(before.length);
    // The head and one segment.
    expect(different).toBeLessThan(70_000);
    expect(different).toBeGreaterThan(60_000);
    expect((await read(sealedOn(store.client(), FORMS.encrypted), 'big')).equals(changed)).toBe(true);
  });

  it('that were not stored are sealed to the same bytes by the next try, whoever tries it', async () => {
    const { store } = world(FORMS.encrypted);
    const sent: { readonly bytes: Buffer; readonly meta: unknown }[] = [];
    const failing = overBackend(store.client(), {
      put: async (_, body, { meta }) => {
        sent.push({ bytes: await bytesOf(body.open()), meta });
        throw new SyncError('unreachable', 'gone');
      },
    });
    const ports = { ...limits, notes: memoryStateStore().notes };
    for (const op of ['one', 'two']) {
      const backend = new SealedBackend(failing, testCodec(FORMS.encrypted), ports);
      await expect(backend.put('big', bytesBody(large), { condition: ABSENT, meta: { ...hashed(large), op } })).rejects.toThrow('gone');
    }
    expect(sent[1]?.bytes.equals(sent[0]?.bytes ?? Buffer.alloc(0))).toBe(true);
    expect(sent[1]?.meta).toEqual(sent[0]?.meta);
  });

  it('and small ones are sealed to the same bytes again by the operation they belong to alone', async () => {
    const bodies: Uint8Array[] = [];
    for (const op of ['one', 'one', 'two']) {
      const { store, backend } = world(FORMS.encrypted);
      await backend.put('small', bytesBody(Buffer.from(SECRET)), { condition: ABSENT, meta: { ...hashed(Buffer.from(SECRET)), op } });
      bodies.push(held(store, 'small').body);
    }
    const [first, again, other] = bodies.map((body) => Buffer.from(body).toString('hex'));
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it('C57 a body that is not what its hash says is not stored', async () => {
    const { store, backend } = world(FORMS.encrypted);
    const meta = hashed(large);
    const torn = Uint8Array.from(large).fill(7, 200_000);
    await expect(backend.put('big', bytesBody(torn), { condition: ABSENT, meta })).rejects.toMatchObject({ code: 'busy' });
    expect(store.keys).toEqual([]);
  });
});

function flipped(at: number): (body: Uint8Array) => Uint8Array {
  return (body) => body.map((byte, i) => (i === (at + body.length) % body.length ? byte ^ 1 : byte));
}

describe('a large object whose key the vault gives up while it is sent', () => {
  function rotating(largeFrom: number) {
    const store = createMemoryStore({ now: () => 1_700_000_000_000 });
    const { vaultId, ...codec } = testCodec(FORMS.encrypted);
    const keysOf = (epoch: number): ContentKeys => new ContentKeys({ vaultId, epoch, root: Buffer.alloc(32, epoch) });
    const known = new Map([[1, keysOf(1)]]);
    let onStore = 1;
    let reads = 0;
    const keys: VaultKeys = {
      current: () => known.get(Math.max(...known.keys())) as ContentKeys,
      find: (epoch) => known.get(epoch) ?? null,
      refresh: async () => {
        reads++;
        // As retired there: the old one is forgotten here too.
        if (onStore === 2) known.clear();
        known.set(onStore, known.get(onStore) ?? keysOf(onStore));
        return onStore === 2;
      },
    };
    const backend = new SealedBackend(
      store.client(),
      { ...codec, vaultId, keys },
      { notes: memoryStateStore().notes, random: { id: () => 'op' }, newHasher: nodeHasher, largeFrom },
    );
    return {
      store,
      backend,
      rotate: () => {
        onStore = 2;
      },
      reads: () => reads,
    };
  }
  const content = noise(700_000, 'large');

  it('is not completed under it, and is sent again under the new one', async () => {
    const { store, backend, rotate } = rotating(500_000);
    const slow = { size: content.length, open: () => afterFirst(bytesBody(content).open(), rotate) };
    await expect(backend.put('big', slow, { condition: ABSENT, meta: {} })).rejects.toMatchObject({ code: 'busy', path: 'big' });
    expect(store.keys).toEqual([]);
    expect((await backend.put('big', bytesBody(content), { condition: ABSENT, meta: {} })).kind).toBe('done');
    expect((await read(backend, 'big')).equals(Buffer.from(content))).toBe(true);
  });

  it('costs one look at the vault for each large object, and none for others', async () => {
    const { backend, reads } = rotating(500_000);
    await putText(backend, 'small', 'x');
    expect(reads()).toBe(0);
    await backend.put('big', bytesBody(content), { condition: ABSENT, meta: {} });
    expect(reads()).toBe(1);
  });
});

async function* afterFirst(chunks: AsyncIterable<Uint8Array>, then: () => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    yield chunk;
    then();
  }
}

it('C64 what was seen of an object is on record once it is remembered, though it was only looked at', async () => {
  const { store, backend } = world(BOTH);
  const old = await putText(backend, 'a', 'old');
  const past = held(store, 'a');
  await putText(backend, 'a', 'new', { condition: match(old) });
  const newer = held(store, 'a');
  for (const remembers of [false, true]) {
    const { notes } = memoryStateStore();
    const device = sealedOn(store.client(), BOTH, { notes });
    await device.stat('a');
    if (remembers) await device.remember();
    // Killed here: what it did not write is gone.
    plant(store, 'a', past);
    const again = sealedOn(store.client(), BOTH, { notes }).stat('a');
    await (remembers ? expect(again).rejects.toEqual(corrupt('rolled-back')) : expect(again).resolves.not.toBeNull());
    plant(store, 'a', newer);
  }
});
