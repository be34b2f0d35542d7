import { createHash } from 'node:crypto';
import zlib from 'node:zlib';
import type { ContentKeys } from '../codec/content-keys.ts';
import { contentIdFor } from '../codec/content-keys.ts';
import { encodeContainer } from '../codec/encode-container.ts';
import { sealEnvelope } from '../codec/envelope.ts';
import { encodeHead, type Head } from '../codec/head.ts';
import { gather, headOf, recipe, testKeys, VAULT } from './containers.ts';
import { craft } from './craft-container.ts';
import { type Change, type ContentSpec, contentOf, type GoldenContainers, type GoldenHead, goldenHead } from './golden.ts';

/** Made once, by `node scripts/make-vectors.mjs` on a runtime with zstd; the files are the truth, not this. */
export async function makeVectors(): Promise<GoldenContainers> {
  return { about: ABOUT, vault: VAULT, epochs: { 1: '07'.repeat(32), 2: '08'.repeat(32) }, good: await good(), changed: changed(), crafted: crafted(), envelopes: envelopes() };
}

const ABOUT =
  'Examples of codec/FORMAT.md. good: containers and what they hold; a content is hex, or a text repeated to a length; container is base64, and where it is left out its SHA-256 alone. changed: a good one, what is done to it, and the reason for which it has to be refused. ' +
  'crafted: containers that are authentic and wrong. envelopes: the same for metadata.';
const KEYS = testKeys(1, 7);
const LATER = testKeys(2, 8);

interface Plan {
  readonly name: string;
  readonly content: ContentSpec;
  readonly keys?: ContentKeys | null;
  readonly head?: Partial<Head>;
  readonly method?: 'deflate' | 'zstd';
  readonly whole?: boolean;
}

const line = { repeat: Buffer.from('The quick brown fox jumps over the lazy dog.\n').toString('hex'), length: 0 };
const PLANS: readonly Plan[] = [
  { name: 'empty', content: { hex: '' } },
  { name: 'short', content: { hex: Buffer.from('hello, world\n').toString('hex') } },
  { name: 'short, of a later epoch', content: { hex: '00ff' }, keys: LATER },
  { name: 'symlink', content: { hex: Buffer.from('../elsewhere').toString('hex') }, head: { kind: 'symlink', mode: null, mtimeNs: null } },
  {
    name: 'every field',
    content: { hex: '01' },
    head: {
      kind: 'own',
      path: 'Fotos/Ärger & Co/😀.jpg',
      mode: 0o777,
      mtimeNs: -1n,
      generation: 2 ** 53 - 1,
      previous: '0123456789abcdef0123456789abcdef',
      reuse: 1_023,
      device: 'Zoës Rechner',
      op: 'A-z_09',
      extra: { a: '', 'x-note': 'two words' },
    },
  },
  { name: 'nothing known', content: { hex: '01' }, head: { path: 'x', mode: null, mtimeNs: null, device: null, op: null, generation: 0 } },
  { name: 'long path', content: { hex: '01' }, head: { path: `${'d/'.repeat(2_000)}${'é'.repeat(48)}` }, whole: false },
  { name: 'exactly one segment', content: { ...line, length: 65_504 }, whole: false },
  { name: 'one byte more than a segment', content: { ...line, length: 65_505 }, whole: false },
  { name: 'three segments', content: { ...line, length: 150_000 }, whole: false },
  { name: 'deflate', content: { ...line, length: 3_000 }, method: 'deflate' },
  { name: 'deflate, two pieces', content: { ...line, length: 1_050_000 }, method: 'deflate' },
  { name: 'zstd', content: { ...line, length: 3_000 }, method: 'zstd' },
  { name: 'zstd, two pieces', content: { ...line, length: 1_050_000 }, method: 'zstd' },
  { name: 'clear', content: { hex: Buffer.from('hello, world\n').toString('hex') }, keys: null },
  { name: 'clear, zstd', content: { ...line, length: 3_000 }, keys: null, method: 'zstd' },
  { name: 'clear, deflate', content: { ...line, length: 3_000 }, keys: null, method: 'deflate' },
];

async function good(): Promise<GoldenContainers['good']> {
  return Promise.all(
    PLANS.map(async ({ name, content: spec, keys = KEYS, head: fields = {}, method, whole = true }) => {
      const content = contentOf(spec);
      const head = headOf(content, fields);
      const contentId = contentIdFor(keys, head.op ?? 'none', head.path);
      const settings = method === undefined ? {} : { compression: { method, level: 6 } };
      const encoded = await encodeContainer(recipe(content), { vaultId: VAULT, keys, contentId, head, ...settings });
      const bytes = await gather(encoded.open());
      return {
        name,
        content: spec,
        epoch: keys?.epoch ?? 0,
        contentId: contentId.toString('hex'),
        compression: encoded.header.compression,
        head: goldenHead(head),
        sha256: createHash('sha256').update(bytes).digest('hex'),
        ...(whole ? { container: bytes.toString('base64') } : {}),
      };
    }),
  );
}

/** Offsets: header 0, head from 48 (256 bytes of text, 48 of seal), FLOE header from 352, segments from 426. */
function changed(): GoldenContainers['changed'] {
  const flip = (at: number): readonly Change[] => [{ do: 'flip', at, mask: 0x40 }];
  const fields: readonly (readonly [string, number, string])[] = [
    ['magic', 0, 'not-a-container'],
    ['format', 4, 'newer-format'],
    ['suite', 5, 'newer-format'],
    ['compression', 6, 'newer-format'],
    ['flags', 7, 'newer-format'],
    ['epoch', 8, 'unknown-epoch'],
    ['content id', 12, 'wrong-key'],
    ['vault tag', 28, 'other-vault'],
    ['key check', 36, 'wrong-key'],
    ['length of the head', 44, 'malformed'],
    ['check of the head', 48, 'tampered'],
    ['text of the head', 80, 'tampered'],
    ['tag of the head', 351, 'tampered'],
    ['FLOE parameters', 354, 'tampered'],
    ['FLOE IV', 362, 'tampered'],
    ['FLOE header tag', 394, 'tampered'],
    ['length of a segment', 426, 'tampered'],
    ['IV of a segment', 430, 'tampered'],
    ['text of a segment', 442, 'tampered'],
  ];
  const of = (from: string, list: readonly (readonly [string, readonly Change[], string])[]) =>
    list.map(([name, changes, reason]) => ({ name: `${from}: ${name}`, from, changes, reason }));
  const cut = (to: number): readonly Change[] => [{ do: 'cut', to }];
  return [
    ...of(
      'short',
      fields.map(([name, at, reason]) => [`a bit of ${name}`, flip(at), reason]),
    ),
    ...of('short', [
      ['nothing left', cut(0), 'not-a-container'],
      ['cut in the magic', cut(3), 'not-a-container'],
      ['cut after the magic', cut(4), 'truncated'],
      ['cut in the header', cut(47), 'truncated'],
      ['cut after the header', cut(48), 'truncated'],
      ['cut in the head', cut(351), 'truncated'],
      ['cut after the head', cut(352), 'truncated'],
      ['cut after the FLOE header', cut(426), 'truncated'],
      ['cut by a byte', cut(470), 'truncated'],
      ['a byte behind it', [{ do: 'append', hex: '00' }], 'over-long'],
      ['made clear', [{ do: 'set', at: 5, hex: '00' }], 'malformed'],
    ]),
    ...of('three segments', [
      ['cut after the first segment', cut(426 + 65_536), 'truncated'],
      ['cut after the second segment', cut(426 + 131_072), 'truncated'],
      ['first and second exchanged', [{ do: 'segments', order: [1, 0, 2] }], 'tampered'],
      ['first doubled', [{ do: 'segments', order: [0, 0, 2] }], 'tampered'],
      ['second left out', [{ do: 'segments', order: [0, 2] }], 'truncated'],
      ['second twice', [{ do: 'segments', order: [0, 1, 1, 2] }], 'over-long'],
      ['last bit', [{ do: 'flip', at: -1, mask: 1 }], 'tampered'],
    ]),
    ...of('deflate', [['called zstd', [{ do: 'set', at: 6, hex: '01' }], 'tampered']]),
    ...of('clear, deflate', [
      ['called zstd', [{ do: 'set', at: 6, hex: '01' }], 'tampered'],
      ['a bit of the data', [{ do: 'flip', at: 345, mask: 0x20 }], 'malformed'],
    ]),
    ...of('clear', [
      ['a bit of the content', [{ do: 'flip', at: -1, mask: 1 }], 'hash-mismatch'],
      ['a bit of the head', flip(100), 'tampered'],
      ['a byte behind it', [{ do: 'append', hex: '00' }], 'over-long'],
      ['an epoch', [{ do: 'set', at: 8, hex: '00000001' }], 'malformed'],
      ['a key check', [{ do: 'set', at: 36, hex: '01' }], 'malformed'],
    ]),
    { name: 'short: another key', from: 'short', changes: [], reason: 'wrong-key', roots: { 1: '09'.repeat(32) } },
    { name: 'short: no such epoch', from: 'short', changes: [], reason: 'unknown-epoch', roots: { 2: '08'.repeat(32) } },
    { name: 'short: no key', from: 'short', changes: [], reason: 'wrong-key', roots: null },
    { name: 'short: another vault', from: 'short', changes: [], reason: 'other-vault', vault: 'ff'.repeat(16) },
    { name: 'clear: where a key is due', from: 'clear', changes: [], reason: 'not-encrypted', clear: false },
  ];
}

function crafted(): GoldenContainers['crafted'] {
  const contentId = Buffer.alloc(16, 0x11);
  const content = contentOf({ ...line, length: 2_000 });
  const text = encodeHead(headOf(content));
  const patched = (at: number, hex: string): Buffer => {
    const copy = Buffer.from(text);
    Buffer.from(hex, 'hex').copy(copy, at);
    return copy;
  };
  const frame = (data: Uint8Array, says = data.length): Buffer => {
    const field = Buffer.alloc(4);
    field.writeUInt32BE(says >>> 0);
    return Buffer.concat([field, data]);
  };
  const framed = (data: Uint8Array): Buffer => Buffer.concat([frame(data), frame(data).subarray(0, 4)]);
  const make = (name: string, reason: string, more: Partial<Parameters<typeof craft>[0]>) => ({
    name,
    reason,
    container: craft({ vaultId: VAULT, keys: KEYS, contentId, headText: text, stream: content, ...more }).toString('base64'),
  });
  const deflated = zlib.deflateRawSync(content);
  const zstd = (bytes: Uint8Array, params: Record<number, number> = {}): Buffer => zlib.zstdCompressSync(bytes, { params });
  const asDeflate = (stream: Uint8Array) => ({ compression: 'deflate' as const, stream });
  const asZstd = (stream: Uint8Array) => ({ compression: 'zstd' as const, stream });
  const zeros = Buffer.alloc(10_000_000);
  return [
    make('a head of a newer version', 'newer-format', { headText: patched(0, '02') }),
    make('a head of version 0', 'malformed', { headText: patched(0, '00') }),
    make('a kind that there is not', 'malformed', { headText: patched(1, '04') }),
    make('a mode that there is not', 'malformed', { headText: patched(2, '0200') }),
    make('a size beyond 2^53', 'malformed', { headText: patched(4, '0020000000000000') }),
    make('too often reused', 'malformed', { headText: patched(76, '0400') }),
    make('something in the padding', 'malformed', { headText: patched(255, '01') }),
    make('padding of a step too much', 'malformed', { headText: Buffer.concat([text, Buffer.alloc(256)]) }),
    make('fields that go past the end', 'malformed', { headText: patched(78, 'ff') }),
    make('another hash', 'hash-mismatch', { headText: patched(12, '00') }),
    make('fewer bytes than the head says', 'truncated', { stream: content.subarray(1) }),
    make('more bytes than the head says', 'over-long', { stream: Buffer.concat([content, Buffer.alloc(1)]) }),
    make('an empty content, compressed', 'malformed', { headText: encodeHead(headOf(Buffer.alloc(0))), ...asDeflate(Buffer.alloc(0)) }),
    make('deflate bomb', 'bomb', asDeflate(framed(zlib.deflateRawSync(zeros.subarray(0, 900_000))))),
    make('deflate, too little', 'malformed', asDeflate(framed(zlib.deflateRawSync(content.subarray(1))))),
    make('deflate, something after it', 'malformed', asDeflate(framed(Buffer.concat([deflated, Buffer.alloc(1)])))),
    make('deflate, cut', 'malformed', asDeflate(framed(deflated.subarray(0, -3)))),
    make('zstd bomb', 'bomb', asZstd(framed(zstd(zeros)))),
    make('zstd, too little', 'malformed', asZstd(framed(zstd(content.subarray(1))))),
    make('zstd, something after it', 'malformed', asZstd(framed(Buffer.concat([zstd(content), Buffer.alloc(1)])))),
    make('zstd, two frames', 'malformed', asZstd(framed(Buffer.concat([zstd(content.subarray(0, 1_000)), zstd(content.subarray(1_000))])))),
    make('zstd without its size', 'malformed', asZstd(framed(zstd(content, { [zlib.constants.ZSTD_c_contentSizeFlag]: 0 })))),
    make('zstd, cut', 'malformed', asZstd(framed(zstd(content).subarray(0, -3)))),
    make('a frame longer than its piece', 'malformed', asDeflate(Buffer.concat([frame(deflated, 2_001), Buffer.alloc(4)]))),
    make('a frame of nothing', 'malformed', asDeflate(Buffer.concat([frame(Buffer.alloc(0)), Buffer.alloc(20)]))),
    make('a piece as it is, of another length', 'malformed', asDeflate(Buffer.concat([frame(content.subarray(1), 0x8000_0000 + 1_999), Buffer.alloc(4)]))),
    make('an index that says otherwise', 'malformed', asDeflate(Buffer.concat([frame(deflated), Buffer.alloc(4)]))),
    make('something after the index', 'malformed', asDeflate(Buffer.concat([framed(deflated), Buffer.alloc(1)]))),
    make('no index', 'malformed', asDeflate(frame(deflated))),
    make('shorter than any frames', 'truncated', asDeflate(Buffer.alloc(3))),
  ];
}

function envelopes(): GoldenContainers['envelopes'] {
  const head: GoldenHead = goldenHead(headOf(Buffer.from('hello, world\n')));
  const contentId = '22'.repeat(16);
  const storedKey = 'q7/x0=geheim';
  const sealed = (keys: ContentKeys | null): string =>
    sealEnvelope(keys, { vaultId: VAULT, storedKey }, { head: headOf(Buffer.from('hello, world\n')), contentId: Buffer.from(contentId, 'hex') }) ?? '';
  const text = sealed(KEYS);
  const turned = (at: number): string => {
    const bytes = Buffer.from(text, 'base64url');
    bytes[at] = (bytes[at] ?? 0) ^ 0x40;
    return bytes.toString('base64url');
  };
  const bad = (name: string, envelope: string, reason: string, key = storedKey) => ({ name, storedKey: key, envelope, reason });
  return {
    good: [
      { name: 'sealed', storedKey, contentId, head, epoch: 1, envelope: text },
      { name: 'clear', storedKey, contentId, head, epoch: 0, envelope: sealed(null) },
    ],
    bad: [
      bad('under another key', text, 'wrong-place', 'q7/other'),
      bad('a bit of version', turned(0), 'newer-format'),
      bad('a bit of suite', turned(1), 'newer-format'),
      bad('a bit of epoch', turned(2), 'unknown-epoch'),
      bad('a bit of content id', turned(6), 'wrong-place'),
      bad('a bit of check', turned(22), 'wrong-place'),
      bad('a bit of text', turned(60), 'wrong-place'),
      bad('the last bit', turned(325), 'wrong-place'),
      bad('cut', text.slice(0, 80), 'truncated'),
      bad('nothing', '', 'malformed'),
      bad('padded', `${text}==`, 'malformed'),
      bad('in another alphabet', `${text.slice(0, -4)}+/+/`, 'malformed'),
      bad('with a line end', `${text}\n`, 'malformed'),
    ],
  };
}
