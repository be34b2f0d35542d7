import { describe, expect, it } from 'vitest';
import { SyncError } from '../core/errors.ts';
import { decode, encode, find, gather, headOf, KEYS, MemorySpool, open, recipe, stored, testKeys, VAULT } from '../testing/containers.ts';
import { SeededRandom } from '../testing/random.ts';
import { HAS_ZSTD, type Method } from './compress.ts';
import type { CompressionSettings, Spool } from './container.ts';
import { contentIdFor } from './content-keys.ts';
import { encodeContainer } from './encode-container.ts';
import { bodyOffset, HEADER_BYTES, MAX_BODY_OFFSET, parseHeader } from './header.ts';
import { openContainer } from './open-container.ts';
import { readContainerHead } from './read-head.ts';
import { encodedSize, plainSize, SEGMENT_BYTES, SEGMENT_TEXT } from './sizes.ts';

// Node 22.15 and newer has both.
const METHODS: readonly Method[] = HAS_ZSTD ? ['deflate', 'zstd'] : ['deflate'];
const DEFLATE: CompressionSettings = { method: 'deflate', level: 3 };
const failing = (reason: string) => expect.objectContaining({ code: 'corrupt', reason });

/** Text that shrinks, the same for every run. */
function text(length: number): Buffer {
  const random = new SeededRandom(length);
  const words = Array.from({ length: 200 }, () => `${random.id().slice(0, 2 + random.below(8))} `);
  const parts: string[] = [];
  for (let size = 0; size < length; size += parts.at(-1)?.length ?? 0) parts.push(random.pick(words));
  return Buffer.from(parts.join('')).subarray(0, length);
}

function noise(length: number): Buffer {
  const random = new SeededRandom(length);
  const bytes = Buffer.alloc(length + 4);
  for (let at = 0; at < length; at += 4) bytes.writeUInt32LE(Math.floor(random.fraction() * 2 ** 32), at);
  return bytes.subarray(0, length);
}

const SIZES = [0, 1, 5_000, SEGMENT_TEXT - 1, SEGMENT_TEXT, SEGMENT_TEXT + 1, 4 * SEGMENT_TEXT, 9 * SEGMENT_TEXT + 17];
const PACKED_SIZES = [1, 500, 1_048_576, 1_048_577, 2_500_000];

describe('a container', () => {
  it.each(SIZES)('of %i bytes is read as it was written, with and without a key', async (size) => {
    const content = noise(size);
    for (const keys of [KEYS, null]) {
      const bytes = await encode(content, { keys });
      const opening = keys === null ? { find: null } : {};
      expect((await decode(bytes, opening)).equals(content)).toBe(true);
      expect((await open(bytes, opening)).head).toEqual(headOf(content));
      expect(bytes.length).toBe(encodedSize(keys === null ? 'clear' : 'floe', headOf(content)));
      expect(plainSize(parseHeader(bytes), bytes.length)).toBe(size);
    }
  });

  it.each(PACKED_SIZES)('of %i bytes is read as it was written when compressed', async (size) => {
    const content = text(size);
    for (const [keys, method] of [KEYS, null].flatMap((keys) => METHODS.map((method) => [keys, method] as const))) {
      const bytes = await encode(content, { keys, compression: { method, level: 3 } });
      expect(parseHeader(bytes).compression).toBe(size < 128 ? 'none' : method);
      if (size > 1_000) expect(bytes.length).toBeLessThan(size * 0.9);
      expect((await decode(bytes, keys === null ? { find: null } : {})).equals(content)).toBe(true);
    }
  });

  it('is read from any place', async () => {
    const content = text(2_500_000);
    const offsets = [1, 1_000, SEGMENT_TEXT, SEGMENT_TEXT + 1, 5 * SEGMENT_TEXT - 1, 1_048_575, 1_048_576, 2_097_152, content.length - 1, content.length];
    for (const compression of [undefined, DEFLATE]) {
      for (const keys of [KEYS, null]) {
        const bytes = await encode(content, { keys, ...(compression === undefined ? {} : { compression }) });
        for (const offset of offsets) expect((await decode(bytes, keys === null ? { find: null } : {}, offset)).equals(content.subarray(offset))).toBe(true);
      }
    }
    await expect(decode(await encode(content), {}, content.length + 1)).rejects.toThrow(RangeError);
  });

  it('is read again and from several places once it is open, in chunks of any size', async () => {
    const content = text(300_000);
    for (const step of [1_000, 65_536, 1_000_000]) {
      const container = await open(await encode(content, { compression: DEFLATE }), {}, step);
      for (const offset of [0, 200_000, 7, 0]) expect((await gather(container.chunks(offset))).equals(content.subarray(offset))).toBe(true);
    }
  });

  it('is the same bytes each time it is opened, and each time it is made', async () => {
    const content = text(1_200_000);
    const make = () => encodeContainer(recipe(content), { vaultId: VAULT, keys: KEYS, contentId: contentIdFor(KEYS, 'op', 'p'), head: headOf(content), compression: DEFLATE });
    const [one, two] = [await make(), await make()];
    const bytes = await gather(one.open());
    expect((await gather(one.open())).equals(bytes)).toBe(true);
    expect((await gather(two.open())).equals(bytes)).toBe(true);
  });

  it('shows nothing of content, path or device', async () => {
    const content = Buffer.from('attack at dawn '.repeat(1_000));
    const bytes = await encode(content);
    for (const secret of ['attack', 'today.txt', 'laptop']) expect(bytes.includes(secret)).toBe(false);
  });

  it('is looked at by its first bytes alone', async () => {
    const content = noise(200_000);
    const bytes = await encode(content);
    const { head, header } = readContainerHead(bytes.subarray(0, MAX_BODY_OFFSET), bytes.length, { vaultId: VAULT, find });
    expect(head).toEqual(headOf(content));
    expect(header.epoch).toBe(1);
    expect(() => readContainerHead(bytes.subarray(0, bodyOffset(header) - 1), bytes.length, { vaultId: VAULT, find })).toThrow(failing('truncated'));
  });

  it('takes a stream once when it is read from the start, and closes it when nobody reads on', async () => {
    const bytes = await encode(noise(200_000));
    let [opened, closed] = [0, 0];
    const counted = {
      size: bytes.length,
      async *open(offset: number) {
        opened += 1;
        try {
          yield* recipe(bytes.subarray(offset), 10_000).open();
        } finally {
          closed += 1;
        }
      },
    };
    const opening = { vaultId: VAULT, find };
    await gather((await openContainer(counted, opening)).chunks());
    expect([opened, closed]).toEqual([1, 1]);
    await (await openContainer(counted, opening)).close();
    expect([opened, closed]).toEqual([2, 2]);
    for await (const _ of (await openContainer(counted, opening)).chunks()) break;
    expect([opened, closed]).toEqual([3, 3]);
    await gather((await openContainer(counted, opening)).chunks(190_000));
    expect(closed).toBe(opened);
  });
});

describe('what is compressed', () => {
  it('is what shrinks, and no known compressed type', async () => {
    const methodOf = async (content: Buffer, path = 'a.txt'): Promise<string> =>
      parseHeader(await encode(content, { head: headOf(content, { path }), compression: DEFLATE })).compression;
    expect(await methodOf(text(50_000))).toBe('deflate');
    expect(await methodOf(text(50_000), 'a.JPG')).toBe('none');
    expect(await methodOf(text(50_000), 'jpg/a')).toBe('deflate');
    expect(await methodOf(noise(50_000))).toBe('none');
    expect(await methodOf(noise(3_000_000))).toBe('none');
  });

  it('may be mixed: pieces that do not shrink are kept as they are', async () => {
    const content = Buffer.concat([text(1_048_576), noise(1_048_576), text(1_000)]);
    const bytes = await encode(content, { compression: DEFLATE });
    expect(parseHeader(bytes).compression).toBe('deflate');
    for (const offset of [0, 1_500_000, 2_097_152]) expect((await decode(bytes, {}, offset)).equals(content.subarray(offset))).toBe(true);
  });

  it('goes through a spool or is compressed twice when it is large, to the same bytes, and leaves nothing in the spool', async () => {
    const content = text(2_200_000);
    const spool = new MemorySpool();
    const bytes = await encode(content, { compression: DEFLATE, spool, memoryBytes: 1_000_000 });
    expect([spool.made, spool.files]).toEqual([1, 0]);
    expect((await encode(content, { compression: DEFLATE, memoryBytes: 1_000_000 })).equals(bytes)).toBe(true);
    expect((await encode(content, { compression: DEFLATE })).equals(bytes)).toBe(true);
    expect((await decode(bytes)).equals(content)).toBe(true);
  });

  it.each(['has no room', 'is on a disk that gets full'])('is compressed twice where the spool %s', async (why) => {
    const content = text(2_200_000);
    const spool = new MemorySpool();
    const full: Spool = {
      create: async () => (why === 'has no room' ? null : { ...(await spool.create()), write: () => Promise.reject(new SyncError('disk-full', 'no space is left')) }),
    };
    const bytes = await encode(content, { compression: DEFLATE, spool: full, memoryBytes: 1_000_000 });
    expect(spool.files).toBe(0);
    expect((await decode(bytes)).equals(content)).toBe(true);
  });

  it('that changes between the two times is not sent', async () => {
    const content = text(1_500_000);
    let times = 0;
    const changing = {
      size: content.length,
      open() {
        times += 1;
        if (times === 3) content[1_200_000] = (content[1_200_000] ?? 0) ^ 1;
        return recipe(content).open();
      },
    };
    const encoded = await encodeContainer(changing, { vaultId: VAULT, keys: KEYS, contentId: Buffer.alloc(16), head: headOf(content), compression: DEFLATE, memoryBytes: 0 });
    await expect(gather(encoded.open())).rejects.toMatchObject({ code: 'busy' });
  });
});

describe('a content that is not what was announced', () => {
  const content = noise(300_000);
  const other = Buffer.from(content);
  other[1] = 1;
  it.each([
    ['others', other],
    ['fewer', content.subarray(1)],
    ['more', Buffer.concat([content, content])],
  ])('(%s bytes) is never sent to its end', async (_, given) => {
    for (const keys of [KEYS, null]) {
      const lying = { size: content.length, open: () => recipe(given).open() };
      const encoded = await encodeContainer(lying, { vaultId: VAULT, keys, contentId: Buffer.alloc(16), head: headOf(content) });
      let sent = 0;
      const reading = (async () => {
        for await (const chunk of encoded.open()) sent += chunk.length;
      })();
      await expect(reading).rejects.toMatchObject({ code: 'busy' });
      expect(sent).toBeLessThan(encoded.size);
    }
  });
});

describe('a content id taken over', () => {
  it('leaves segments that did not change byte-identical, and a mix of two versions is refused as a whole', async () => {
    const before = noise(10 * SEGMENT_TEXT);
    const after = Buffer.from(before);
    after[5 * SEGMENT_TEXT + 3] = (after[5 * SEGMENT_TEXT + 3] ?? 0) ^ 1;
    const contentId = contentIdFor(KEYS, 'first', 'x');
    const [one, two] = [await encode(before, { contentId }), await encode(after, { contentId, head: headOf(after, { generation: 2, reuse: 1, op: 'second' }) })];
    const start = bodyOffset(parseHeader(one)) + 74;
    const segment = (bytes: Buffer, number: number): Buffer => bytes.subarray(start + number * SEGMENT_BYTES, start + (number + 1) * SEGMENT_BYTES);
    expect(Array.from({ length: 10 }, (_, number) => segment(one, number).equals(segment(two, number)))).toEqual([true, true, true, true, true, false, true, true, true, true]);
    expect(segment(one, 5).subarray(4, 16).equals(segment(two, 5).subarray(4, 16))).toBe(false);
    expect((await decode(two)).equals(after)).toBe(true);
    const mixed = Buffer.from(two);
    segment(one, 5).copy(mixed, start + 5 * SEGMENT_BYTES);
    await expect(decode(mixed)).rejects.toEqual(failing('hash-mismatch'));
  });

  it('no nonce is ever used for two texts, whatever is tried again or changed', async () => {
    const contentId = contentIdFor(KEYS, 'op', 'x');
    const random = new SeededRandom(99);
    const content = noise(3 * SEGMENT_TEXT + 100);
    const seen = new Map<string, string>();
    for (let round = 0; round < 60; round += 1) {
      content[random.below(content.length)] = random.below(256);
      const now = content.subarray(0, content.length - random.below(200));
      const bytes = await encode(now, { contentId, head: headOf(now, { generation: round }) });
      for (let at = bodyOffset(parseHeader(bytes)) + 74; at < bytes.length; at += SEGMENT_BYTES) {
        const sealed = bytes.subarray(at, at + SEGMENT_BYTES);
        const nonce = sealed.toString('hex', 4, 16);
        const body = sealed.toString('hex');
        expect(seen.get(nonce) ?? body).toBe(body);
        seen.set(nonce, body);
      }
    }
    expect(seen.size).toBeGreaterThan(60);
  });
});

describe('C64 a container that is not what it should be is refused by name', () => {
  const content = noise(2 * SEGMENT_TEXT + 500);
  const packed = text(150_000);

  it('cut anywhere', async () => {
    const bytes = await encode(content);
    const start = bodyOffset(parseHeader(bytes));
    const cuts = [0, 3, 4, 47, 48, start - 1, start, start + 73, start + 74, start + 74 + SEGMENT_BYTES, start + 74 + 2 * SEGMENT_BYTES, bytes.length - 1];
    for (const cut of cuts) await expect(decode(bytes.subarray(0, cut))).rejects.toEqual(failing(cut < 4 ? 'not-a-container' : 'truncated'));
    // The store says the whole length and gives less.
    for (const cut of cuts.slice(1)) {
      const short = { size: bytes.length, open: (offset: number) => stored(bytes.subarray(0, cut)).open(offset) };
      await expect(openContainer(short, { vaultId: VAULT, find }).then((container) => gather(container.chunks()))).rejects.toEqual(failing('truncated'));
    }
  });

  it('with anything behind it', async () => {
    for (const bytes of [await encode(content), await encode(content, { keys: null })]) {
      for (const more of [Buffer.alloc(1), Buffer.alloc(40), bytes.subarray(-SEGMENT_BYTES)]) {
        const longer = Buffer.concat([bytes, more]);
        await expect(decode(longer, { acceptClear: true })).rejects.toEqual(failing('over-long'));
        // The store says the right length and gives more.
        const gives = { size: bytes.length, open: (offset: number) => stored(longer).open(offset) };
        await expect(openContainer(gives, { vaultId: VAULT, find, acceptClear: true }).then((container) => gather(container.chunks()))).rejects.toEqual(failing('over-long'));
      }
    }
  });

  it('with segments in another order, doubled or of another content', async () => {
    const bytes = await encode(content);
    const start = bodyOffset(parseHeader(bytes)) + 74;
    const other = await encode(content, { contentId: Buffer.alloc(16, 1) });
    const part = (from: Buffer, number: number): Buffer => from.subarray(start + number * SEGMENT_BYTES, start + (number + 1) * SEGMENT_BYTES);
    const head = bytes.subarray(0, start);
    for (const parts of [
      [part(bytes, 1), part(bytes, 0), part(bytes, 2)],
      [part(bytes, 0), part(bytes, 0), part(bytes, 2)],
      [part(bytes, 0), part(other, 1), part(bytes, 2)],
    ]) {
      await expect(decode(Buffer.concat([head, ...parts]))).rejects.toEqual(failing('tampered'));
    }
    await expect(decode(Buffer.concat([head.subarray(0, -74), other.subarray(start - 74)]))).rejects.toEqual(failing('tampered'));
  });

  it('of another key, epoch or vault, or in the clear where a key is due', async () => {
    const bytes = await encode(content);
    const stranger = testKeys(1, 8);
    await expect(decode(bytes, { find: () => stranger })).rejects.toEqual(failing('wrong-key'));
    await expect(decode(bytes, { find: () => null })).rejects.toEqual(failing('unknown-epoch'));
    await expect(decode(bytes, { find: null })).rejects.toEqual(failing('wrong-key'));
    await expect(decode(bytes, { vaultId: 'ff'.repeat(16) })).rejects.toEqual(failing('other-vault'));
    const clear = await encode(content, { keys: null });
    await expect(decode(clear)).rejects.toEqual(failing('not-encrypted'));
    expect((await decode(clear, { acceptClear: true })).equals(content)).toBe(true);
  });

  it('with any byte of header and head changed, and with changes all over the body', async () => {
    for (const compression of [undefined, DEFLATE]) {
      const bytes = await encode(packed, compression === undefined ? {} : { compression });
      const body = bodyOffset(parseHeader(bytes));
      const places = [...Array.from({ length: body + 74 + 20 }, (_, at) => at), ...Array.from({ length: 40 }, (_, at) => body + Math.floor(((bytes.length - body - 1) * at) / 39))];
      for (const at of places) {
        const wrong = Buffer.from(bytes);
        wrong[at] = (wrong[at] ?? 0) ^ 0x10;
        await expect(decode(wrong)).rejects.toMatchObject({ code: 'corrupt', reason: expect.any(String) });
      }
    }
  }, 60_000);

  it('names the field of the header', async () => {
    const bytes = await encode(content);
    const reasonAt = async (at: number): Promise<unknown> => {
      const wrong = Buffer.from(bytes);
      wrong[at] = (wrong[at] ?? 0) ^ 0x40;
      return decode(wrong).then(
        () => 'accepted',
        (error: unknown) => (error as { reason?: string }).reason,
      );
    };
    const fields = {
      magic: 0,
      format: 4,
      suite: 5,
      compression: 6,
      flags: 7,
      epoch: 8,
      contentId: 12,
      vaultTag: 28,
      keyCheck: 36,
      headLength: 44,
      check: HEADER_BYTES,
      head: HEADER_BYTES + 40,
    };
    const named = Object.fromEntries(await Promise.all(Object.entries(fields).map(async ([name, at]) => [name, await reasonAt(at)])));
    expect(named).toEqual({
      magic: 'not-a-container',
      format: 'newer-format',
      suite: 'newer-format',
      compression: 'newer-format',
      flags: 'newer-format',
      epoch: 'unknown-epoch',
      contentId: 'wrong-key',
      vaultTag: 'other-vault',
      keyCheck: 'wrong-key',
      headLength: 'malformed',
      check: 'tampered',
      head: 'tampered',
    });
  });
});
