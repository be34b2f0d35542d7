import type { ProblemReason } from '../../../src-main/core/entry.ts';
import type { StorageOwner, Stored } from './storage-owner.ts';

/** Where things lie in a container of a content that is not compressed (codec/FORMAT.md). */
const HEAD_LENGTH_AT = 44;
const HEADER_BYTES = 48;
const SEAL_BYTES = 48;
const FLOE_HEADER_BYTES = 74;
const SEGMENT_BYTES = 65_536;

/** What a tampering is done with: the stored key of its file and of another of the same vault, and what lay there before the file was changed. */
export interface Target {
  readonly owner: StorageOwner;
  readonly key: string;
  readonly partner: string;
  readonly past: Stored;
  /** At the same path of another vault. */
  readonly foreign: Stored;
}

export interface Tampering {
  readonly name: string;
  readonly act: (target: Target) => Promise<void>;
  /** How a device lists it that has the content already and reads only what objects say of themselves; null: it sees no news there. */
  readonly listed: ProblemReason | null;
  /** What whoever reads the content is told. */
  readonly says: RegExp;
  /** What a device gets that never saw the vault before: nothing, or, where it cannot know better, the older content; what is whole in the end, it gets. */
  readonly newcomer: 'nothing' | 'the older' | 'the content';
  /** The owner keeps a copy of the object, then the file is changed. */
  readonly revised?: true;
  /** Another object of this vault is needed; with `takesBoth` it is named as well. */
  readonly takesPartner?: true;
  readonly takesBoth?: true;
  /** What its user does with the file while the object is like that: the object stays for all that. */
  readonly meanwhile?: 'edited' | 'deleted' | 'renamed';
}

type Change = (body: Buffer, head: number) => Buffer;

/** Changes bytes and leaves the metadata. */
function body(name: string, says: RegExp, change: Change): Tampering {
  return {
    name,
    says,
    listed: null,
    newcomer: 'nothing',
    act: async ({ owner, key }) => {
      const stored = await owner.get(key);
      const bytes = Buffer.from(stored.body);
      await owner.put(key, { ...stored, body: change(bytes, HEADER_BYTES + SEAL_BYTES + bytes.readUInt32BE(HEAD_LENGTH_AT)) });
    },
  };
}

const turned =
  (at: (head: number) => number): Change =>
  (bytes, head) => {
    const place = at(head);
    bytes[place] = (bytes[place] ?? 0) ^ 0x10;
    return bytes;
  };
const inHeader = (at: number): Change => turned(() => at);
const inBody = (at: number): Change => turned((head) => head + at);
const FIRST_SEGMENT = FLOE_HEADER_BYTES;

const FIELDS: readonly Tampering[] = [
  body('a bit of the magic', /no File Sync container/, inHeader(0)),
  body('a bit of the format', /newer format/, inHeader(4)),
  body('a bit of the cipher suite', /cipher suite/, inHeader(5)),
  body('the suite of what is not encrypted', /nonsense \(epoch\)/, (bytes) => bytes.fill(0, 5, 6)),
  body('a header of what is not encrypted', /not encrypted, in an encrypted vault/, (bytes) => bytes.fill(0, 5, 6).fill(0, 8, 12).fill(0, 36, 44)),
  body('a bit of the compression', /compression/, inHeader(6)),
  body('a bit of the flags', /flags of a newer format/, inHeader(7)),
  body('a bit of the epoch', /key epoch \d+, which is not known/, inHeader(8)),
  body('a bit of the content id', /another key, or its first bytes were changed/, inHeader(12)),
  body('a bit of the vault tag', /of another vault/, inHeader(28)),
  body('a bit of the key check', /another key, or its first bytes were changed/, inHeader(36)),
  body('another length of the head', /ends within its head|not authentic/, (bytes) => {
    bytes.writeUInt32BE(512, HEAD_LENGTH_AT);
    return bytes;
  }),
  body('a bit of the sealed head', /head of a container is not authentic/, inHeader(HEADER_BYTES + 40)),
  body('a bit of the FLOE parameters', /tampered|not authentic|changed/, inBody(3)),
  body('a bit of the FLOE IV', /not authentic|changed/, inBody(10)),
  body('a bit of the FLOE tag', /not authentic|changed/, inBody(42)),
  body('a bit of the length of a segment', /not authentic|changed|segment/, inBody(FIRST_SEGMENT)),
  body('a bit of the IV of a segment', /not authentic|changed|segment/, inBody(FIRST_SEGMENT + 4)),
  body('a bit of the content', /not authentic|changed|segment/, inBody(FIRST_SEGMENT + SEGMENT_BYTES + 1_000)),
  body('a bit of the tag of a segment', /not authentic|changed|segment/, inBody(FIRST_SEGMENT + SEGMENT_BYTES - 1)),
];

const LENGTHS: readonly Tampering[] = [
  body('emptied', /no File Sync container|empty/, () => Buffer.alloc(0)),
  body('cut off within the header', /ends within its header/, (bytes) => bytes.subarray(0, 30)),
  body('cut off by a byte', /shorter than its content/, (bytes) => bytes.subarray(0, -1)),
  body('cut off between two segments', /shorter than its content/, (bytes, head) => bytes.subarray(0, head + FIRST_SEGMENT + 2 * SEGMENT_BYTES)),
  body('made longer', /longer than its content/, (bytes) => Buffer.concat([bytes, Buffer.alloc(17)])),
  body('two segments exchanged', /not authentic|changed|segment/, (bytes, head) => {
    const [first, second] = [0, 1].map((n) => Buffer.from(bytes.subarray(head + FIRST_SEGMENT + n * SEGMENT_BYTES, head + FIRST_SEGMENT + (n + 1) * SEGMENT_BYTES)));
    first?.copy(bytes, head + FIRST_SEGMENT + SEGMENT_BYTES);
    second?.copy(bytes, head + FIRST_SEGMENT);
    return bytes;
  }),
  body('a segment of another file', /not authentic|changed|segment/, (bytes, head) => {
    bytes.copy(bytes, head + FIRST_SEGMENT + SEGMENT_BYTES, head + FIRST_SEGMENT, head + FIRST_SEGMENT + SEGMENT_BYTES);
    return bytes;
  }),
];

const PLACES: readonly Tampering[] = [
  {
    name: 'exchanged with another object',
    listed: 'misplaced',
    says: /for another place/,
    newcomer: 'nothing',
    takesBoth: true,
    meanwhile: 'edited',
    takesPartner: true,
    act: async ({ owner, key, partner }) => {
      const [one, other] = [await owner.get(key), await owner.get(partner)];
      await owner.put(key, other);
      await owner.put(partner, one);
    },
  },
  {
    name: 'replaced by a copy of another object, without its metadata',
    listed: 'misplaced',
    says: /was made for/,
    newcomer: 'nothing',
    meanwhile: 'deleted',
    takesPartner: true,
    act: async ({ owner, key, partner }) => owner.put(key, { body: (await owner.get(partner)).body, meta: {} }),
  },
  {
    name: 'the bytes of another object under its own metadata',
    listed: null,
    says: /another version than its bytes/,
    newcomer: 'nothing',
    takesPartner: true,
    act: async ({ owner, key, partner }) => owner.put(key, { ...(await owner.get(key)), body: (await owner.get(partner)).body }),
  },
  {
    name: 'the metadata of another object',
    listed: 'misplaced',
    says: /for another place/,
    newcomer: 'nothing',
    takesPartner: true,
    act: async ({ owner, key, partner }) => owner.put(key, { ...(await owner.get(key)), meta: (await owner.get(partner)).meta }),
  },
  {
    name: 'a letter of the metadata changed',
    listed: 'misplaced',
    says: /for another place, or was changed/,
    newcomer: 'nothing',
    act: async ({ owner, key }) => {
      const stored = await owner.get(key);
      const text = stored.meta['e'] ?? '';
      await owner.put(key, { ...stored, meta: { e: `${text.slice(0, 90)}${text[90] === 'A' ? 'B' : 'A'}${text.slice(91)}` } });
    },
  },
  {
    name: 'metadata cut off',
    listed: 'corrupt',
    says: /envelope/,
    newcomer: 'nothing',
    act: async ({ owner, key }) => owner.put(key, { ...(await owner.get(key)), meta: { e: 'AQ' } }),
  },
  {
    name: 'metadata taken away, which the bytes can do without',
    listed: null,
    says: /^$/,
    newcomer: 'the content',
    act: async ({ owner, key }) => owner.put(key, { ...(await owner.get(key)), meta: {} }),
  },
  {
    name: 'replaced by an object of another vault',
    listed: 'misplaced',
    says: /for another place/,
    newcomer: 'nothing',
    act: async ({ owner, key, foreign }) => owner.put(key, foreign),
  },
  {
    name: 'replaced by an object of another vault, without its metadata',
    listed: 'other-key',
    says: /of another vault.*a copy of it under another name is stored/,
    newcomer: 'nothing',
    meanwhile: 'renamed',
    act: async ({ owner, key, foreign }) => owner.put(key, { ...foreign, meta: {} }),
  },
  {
    name: 'replaced by a file that is not encrypted',
    listed: 'not-sealed',
    says: /no File Sync container/,
    newcomer: 'nothing',
    meanwhile: 'edited',
    act: async ({ owner, key }) => owner.put(key, { body: Buffer.from('pay to account 666 instead '.repeat(100)), meta: {} }),
  },
];

const TIMES: readonly Tampering[] = [
  {
    name: 'an older version put back',
    listed: 'rolled-back',
    says: /an older version came back/,
    newcomer: 'the older',
    revised: true,
    meanwhile: 'edited',
    act: async ({ owner, key, past }) => owner.put(key, past),
  },
  {
    name: 'an older version put back without its metadata',
    listed: 'rolled-back',
    says: /an older version came back/,
    newcomer: 'the older',
    revised: true,
    act: async ({ owner, key, past }) => owner.put(key, { ...past, meta: {} }),
  },
  {
    name: 'the bytes of an older version under the newer metadata',
    listed: null,
    says: /another version than its bytes/,
    newcomer: 'nothing',
    revised: true,
    act: async ({ owner, key, past }) => owner.put(key, { ...(await owner.get(key)), body: past.body }),
  },
  {
    name: 'the metadata of an older version over the newer bytes',
    listed: 'rolled-back',
    says: /another version than its bytes|an older version came back/,
    newcomer: 'nothing',
    revised: true,
    act: async ({ owner, key, past }) => owner.put(key, { ...(await owner.get(key)), meta: past.meta }),
  },
];

/** What the owner of the storage can do to one object of an encrypted vault, each by hand; and what is made of it. */
export const TAMPERINGS: readonly Tampering[] = [...FIELDS, ...LENGTHS, ...PLACES, ...TIMES];
