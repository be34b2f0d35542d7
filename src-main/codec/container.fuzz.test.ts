import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Hash } from '../core/entry.ts';
import { SyncError } from '../core/errors.ts';
import { decode, encode, find, headOf, KEYS, VAULT } from '../testing/containers.ts';
import { contentIdFor } from './content-keys.ts';
import { openEnvelope, sealEnvelope } from './envelope.ts';
import { encodeHead, type Head, parseHead } from './head.ts';
import { encodeHeader, type Header, parseHeader } from './header.ts';

/** fast-check prints the seed of a run that fails; give it to `fc.assert` to see it again. */
const runs = (numRuns: number) => ({ numRuns });
const digits = (length: number) => fc.uint8Array({ minLength: length / 2, maxLength: length / 2 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const text = (maxBytes: number) =>
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: maxBytes / 4 }).filter((value) => !value.includes('\0') && Buffer.byteLength(value) <= maxBytes);
const ascii = (pattern: RegExp) => fc.stringMatching(pattern);

const heads: fc.Arbitrary<Head> = fc.record({
  kind: fc.constantFrom('file', 'symlink', 'folder', 'own'),
  path: fc.oneof({ weight: 20, arbitrary: text(160) }, { weight: 1, arbitrary: text(4_000) }),
  size: fc.maxSafeNat(),
  sha256: digits(64).map((hex) => hex as Hash),
  mtimeNs: some(fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n })),
  mode: some(fc.integer({ min: 0, max: 0o777 })),
  generation: fc.maxSafeNat(),
  previous: some(digits(32).filter((hex) => /[1-9a-f]/.test(hex))),
  reuse: fc.integer({ min: 0, max: 1_023 }),
  device: some(text(255)),
  op: some(ascii(/^[0-9A-Za-z_-]{1,64}$/)),
  extra: fc.dictionary(ascii(/^[!-~]{1,20}$/), ascii(/^[ -~]{0,30}$/), { maxKeys: 5 }),
});

const headers: fc.Arbitrary<Header> = fc
  .record({
    suite: fc.constant('floe' as const),
    compression: fc.constantFrom('none', 'zstd', 'deflate'),
    epoch: fc.integer({ min: 1, max: 0xffff_ffff }),
    contentId: digits(32).map((hex) => Buffer.from(hex, 'hex')),
    vaultTag: digits(16).map((hex) => Buffer.from(hex, 'hex')),
    keyCheck: digits(16).map((hex) => Buffer.from(hex, 'hex')),
    headBytes: fc.integer({ min: 1, max: 32 }).map((steps) => steps * 256),
  })
  .chain((header) => fc.boolean().map((clear): Header => (clear ? { ...header, suite: 'clear', epoch: 0, keyCheck: Buffer.alloc(8) } : header)));

/** Bytes turned, cut out, put in, doubled or moved. */
const mutations = fc.array(
  fc.record({
    how: fc.constantFrom('turn', 'cut', 'insert', 'copy', 'fill'),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    to: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.integer({ min: 1, max: 400 }),
    byte: fc.integer({ min: 0, max: 255 }),
  }),
  { minLength: 1, maxLength: 4 },
);
type Mutation = typeof mutations extends fc.Arbitrary<(infer One)[]> ? One : never;

function mutate(bytes: Buffer, { how, at, to, length, byte }: Mutation): Buffer {
  const [from, target] = [Math.floor(at * bytes.length), Math.floor(to * bytes.length)];
  switch (how) {
    case 'turn':
      return Buffer.concat([bytes.subarray(0, from), Buffer.of((bytes[from] ?? 0) ^ (byte || 1)), bytes.subarray(from + 1)]);
    case 'cut':
      return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + length)]);
    case 'insert':
      return Buffer.concat([bytes.subarray(0, from), Buffer.alloc(length, byte), bytes.subarray(from)]);
    case 'copy':
      return Buffer.concat([bytes.subarray(0, target), bytes.subarray(from, from + length), bytes.subarray(target + length)]);
    case 'fill':
      return Buffer.concat([bytes.subarray(0, from), Buffer.alloc(Math.min(length, bytes.length - from), byte), bytes.subarray(from + length)]);
  }
}

/** Named by a reason, or it is a fault of ours. */
function named(error: unknown): void {
  if (!(error instanceof SyncError) || error.code !== 'corrupt' || error.reason === undefined) throw error;
}

function parsed<T>(parse: () => T): T | null {
  try {
    return parse();
  } catch (error) {
    named(error);
    return null;
  }
}

describe('what parses has one encoding', () => {
  it('heads', () => {
    fc.assert(
      fc.property(heads, (head) => {
        // Reads what it wrote, field by field, or throws.
        const bytes = encodeHead(head);
        expect(encodeHead(parseHead(bytes)).equals(bytes)).toBe(true);
      }),
      runs(300),
    );
    fc.assert(
      fc.property(heads, mutations, (head, steps) => {
        const bytes = steps.reduce(mutate, encodeHead(head));
        const read = parsed(() => parseHead(bytes));
        if (read !== null) expect(encodeHead(read).equals(bytes)).toBe(true);
      }),
      runs(600),
    );
  });

  it('headers', () => {
    fc.assert(
      fc.property(headers, (header) => {
        const bytes = encodeHeader(header);
        expect(encodeHeader(parseHeader(bytes)).equals(bytes)).toBe(true);
      }),
      runs(300),
    );
    fc.assert(
      fc.property(headers, mutations, (header, steps) => {
        const bytes = steps.reduce(mutate, encodeHeader(header));
        const read = parsed(() => parseHeader(bytes));
        if (read !== null) expect(encodeHeader(read).equals(bytes.subarray(0, 48))).toBe(true);
      }),
      runs(600),
    );
  });

  it('envelopes', () => {
    const place = { vaultId: VAULT, storedKey: 'x' };
    fc.assert(
      fc.property(heads, fc.boolean(), (head, clear) => {
        const plain = { head, contentId: contentIdFor(KEYS, 'op', head.path) };
        const sealed = sealEnvelope(clear ? null : KEYS, place, plain);
        if (sealed === null) expect(encodeHead(head).length).toBeGreaterThan(1_024);
        else expect(openEnvelope(sealed, place, { find, acceptClear: clear })).toEqual(plain);
      }),
      runs(60),
    );
  });
});

describe('C64 C65 fuzz: bytes of any kind are refused by name or are what they were', () => {
  it('random bytes, with and without a beginning that looks right', async () => {
    const starts = fc.constantFrom(Buffer.alloc(0), Buffer.from('FSC1'), Buffer.from([0x46, 0x53, 0x43, 0x31, 1, 1, 0, 0]), Buffer.from([0x46, 0x53, 0x43, 0x31, 1, 0, 2, 0]));
    await fc.assert(
      fc.asyncProperty(starts, fc.uint8Array({ maxLength: 600 }), async (start, rest) => {
        const content = await decode(Buffer.concat([start, rest]), { acceptClear: true }).catch(named);
        expect(content).toBeUndefined();
      }),
      runs(500),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
        ),
        (envelope) => {
          expect(parsed(() => openEnvelope(envelope, { vaultId: VAULT, storedKey: 'x' }, { find, acceptClear: true }))).toBeNull();
        },
      ),
      runs(500),
    );
  });

  it('containers with bytes turned, cut, added and moved', async () => {
    const lines = Buffer.from('The quick brown fox jumps over the lazy dog.\n'.repeat(3_000));
    const contents = [Buffer.alloc(0), lines.subarray(0, 700), lines];
    const all: { readonly content: Buffer; readonly bytes: Buffer; readonly clear: boolean }[] = [];
    for (const content of contents) {
      for (const keys of [KEYS, null]) {
        all.push({ content, bytes: await encode(content, { keys }), clear: keys === null });
        all.push({ content, bytes: await encode(content, { keys, head: headOf(content, { path: 'b' }), compression: { method: 'deflate', level: 9 } }), clear: keys === null });
      }
    }
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...all), mutations, fc.boolean(), async ({ content, bytes, clear }, steps, fromMiddle) => {
        const wrong = steps.reduce(mutate, bytes);
        const offset = fromMiddle ? Math.floor(content.length / 2) : 0;
        const read = await decode(wrong, { acceptClear: clear }, offset).catch(named);
        // Read from the middle in the clear, nothing can tell; that is why such reads are compared as a whole by whoever makes them.
        if (read !== undefined && !(clear && fromMiddle)) expect(read.equals(content.subarray(offset))).toBe(true);
        if (read !== undefined && !clear && !fromMiddle) expect(wrong.equals(bytes)).toBe(true);
      }),
      runs(500),
    );
  });
});
