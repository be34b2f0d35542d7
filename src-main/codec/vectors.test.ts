import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { encode, gather, open, testKeys } from '../testing/containers.ts';
import { change, contentOf, type GoldenContainers, plainHead } from '../testing/golden.ts';
import { ContentKeys, type FindKeys } from './content-keys.ts';
import { openEnvelope, sealEnvelope } from './envelope.ts';
import { encodeHead } from './head.ts';
import { bodyOffset, encodeHeader, parseHeader } from './header.ts';

const golden = JSON.parse(readFileSync(new URL('./vectors/containers.json', import.meta.url), 'utf8')) as GoldenContainers;
const keysOf = (roots: Readonly<Record<string, string>>): FindKeys => {
  const all = Object.entries(roots).map(([epoch, root]) => new ContentKeys({ vaultId: golden.vault, epoch: Number(epoch), root: Buffer.from(root, 'hex') }));
  return (epoch) => all.find((keys) => keys.epoch === epoch) ?? null;
};
const find = keysOf(golden.epochs);
const refused = (reason: string) => expect.objectContaining({ code: 'corrupt', reason });

/** A good container of the file, or one of its SHA-256. */
async function containerOf(name: string): Promise<Buffer> {
  const vector = golden.good.find((one) => one.name === name);
  if (vector === undefined) throw new RangeError(`no vector ${name}`);
  const given = vector.container === undefined ? null : Buffer.from(vector.container, 'base64');
  const made = given ?? (await encode(contentOf(vector.content), { head: plainHead(vector.head), keys: find(vector.epoch), contentId: Buffer.from(vector.contentId, 'hex') }));
  expect(createHash('sha256').update(made).digest('hex')).toBe(vector.sha256);
  return made;
}

describe('golden containers', () => {
  it.each(golden.good)('good: $name', async ({ name, content, head, contentId, compression, epoch }) => {
    const bytes = await containerOf(name);
    const opened = await open(bytes, { find, acceptClear: epoch === 0 });
    expect(opened.head).toEqual(plainHead(head));
    expect(opened.header).toMatchObject({ epoch, compression, contentId: Buffer.from(contentId, 'hex') });
    expect((await gather(opened.chunks())).equals(contentOf(content))).toBe(true);
    expect((await gather(opened.chunks(Math.floor(head.size / 2)))).equals(contentOf(content).subarray(Math.floor(head.size / 2)))).toBe(true);
    expect(encodeHeader(opened.header).equals(bytes.subarray(0, 48))).toBe(true);
    expect(opened.header.headBytes).toBe(encodeHead(opened.head).length);
  });

  it.each(golden.good.filter(({ compression }) => compression === 'none'))('made again: $name', async ({ name, content, head, contentId, epoch }) => {
    const again = await encode(contentOf(content), { head: plainHead(head), keys: find(epoch), contentId: Buffer.from(contentId, 'hex') });
    expect(again.equals(await containerOf(name))).toBe(true);
  });

  it.each(golden.changed)('C64 refused: $name', async ({ from, changes, reason, roots = golden.epochs, vault = golden.vault, clear = true }) => {
    const bytes = await containerOf(from);
    const wrong = change(bytes, changes, bodyOffset(parseHeader(bytes)) + 74);
    const reading = open(wrong, { vaultId: vault, find: roots === null ? null : keysOf(roots), acceptClear: clear }).then((opened) => gather(opened.chunks()));
    await expect(reading).rejects.toEqual(refused(reason));
  });

  it.each(golden.crafted)('C64 C65 refused: $name', async ({ container, reason }) => {
    const reading = open(Buffer.from(container, 'base64'), { find }).then((opened) => gather(opened.chunks()));
    await expect(reading).rejects.toEqual(refused(reason));
  });
});

describe('golden envelopes', () => {
  it.each(golden.envelopes.good)('good: $name', ({ storedKey, contentId, head, epoch, envelope }) => {
    const place = { vaultId: golden.vault, storedKey };
    const plain = { head: plainHead(head), contentId: Buffer.from(contentId, 'hex') };
    expect(openEnvelope(envelope, place, { find, acceptClear: epoch === 0 })).toEqual(plain);
    expect(sealEnvelope(find(epoch), place, plain)).toBe(envelope);
  });

  it.each(golden.envelopes.bad)('C64 refused: $name', ({ storedKey, envelope, reason }) => {
    expect(() => openEnvelope(envelope, { vaultId: golden.vault, storedKey }, { find })).toThrow(refused(reason));
  });

  it('refused: of another vault', () => {
    const [good] = golden.envelopes.good;
    expect(() => openEnvelope(good?.envelope ?? '', { vaultId: 'ff'.repeat(16), storedKey: good?.storedKey ?? '' }, { find: () => testKeys() })).toThrow(refused('wrong-place'));
  });
});
