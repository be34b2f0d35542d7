import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { secretOf } from '../testing/keyring-kit.ts';
import { openKeyring } from './keyring.ts';
import { parseVaultDocument } from './read-vault.ts';
import { sealedNames } from './sealed-names.ts';
import { encodeVaultDocument, isSealed } from './vault-document.ts';

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`./vectors/${name}`, import.meta.url), 'utf8'));
const keyring = z
  .object({
    file: z.array(z.string()),
    opens: z.array(z.string()),
    gives: z.object({ revision: z.number(), epoch: z.number(), roots: z.record(z.string(), z.string()), names: z.string() }),
    fails: z.array(z.object({ name: z.string(), secret: z.string(), replace: z.tuple([z.string(), z.string()]).optional(), code: z.string(), why: z.string() })),
  })
  .parse(read('keyring.json'));
const names = z
  .object({ vault: z.string(), root: z.string(), base64url: z.record(z.string(), z.string()), base32: z.record(z.string(), z.string()), foreign: z.record(z.string(), z.string()) })
  .parse(read('names.json'));
const switched = z
  .object({
    secret: z.string(),
    file: z.array(z.string()),
    ended: z.array(z.string()),
    gives: z.object({ switch: z.unknown(), root: z.string() }),
    fails: z.array(z.object({ name: z.string(), replace: z.tuple([z.string(), z.string()]), code: z.string(), why: z.string() })),
  })
  .parse(read('switched.json'));
const file = keyring.file.join('\n');

async function open(text: string, secret: string) {
  const document = parseVaultDocument(Buffer.from(text));
  if (!isSealed(document)) throw new RangeError('plain');
  return openKeyring(document, secretOf(secret));
}

describe('the golden keyring', () => {
  it.each(keyring.opens)('opens with %.16s…, and is written again as it was', async (secret) => {
    const opened = await open(file, secret);
    const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
    const roots = Object.fromEntries(opened.document.keyring.epochs.map(({ id }) => [String(id), hex(opened.keysOf(id).root)]));
    expect({ revision: opened.document.keyring.revision, epoch: opened.currentEpoch, roots, names: hex(opened.namesRoot()) }).toEqual(keyring.gives);
    expect(encodeVaultDocument(opened.document).toString()).toBe(file);
  });

  it.each(keyring.fails)('C64 C69 $name: $code', async ({ secret, replace: [from, to] = ['', ''], code, why }) => {
    expect(file).toContain(from);
    await expect(open(file.replace(from, to), secret)).rejects.toMatchObject({ code, message: expect.stringContaining(why) });
  });
});

describe('the golden vault that is switched', () => {
  const text = switched.file.join('\n');

  it('C68 opens, says what it was, and is written again as it was', async () => {
    const opened = await open(text, switched.secret);
    expect({ switch: opened.document.switch, root: Buffer.from(opened.keysOf(1).root).toString('hex') }).toEqual(switched.gives);
    expect(encodeVaultDocument(opened.document).toString()).toBe(text);
  });

  it('C68 is one of format 2 when that is over, under the same keys', async () => {
    const opened = await open(switched.ended.join('\n'), switched.secret);
    expect(opened.document.switch).toBeUndefined();
    expect([opened.document.keyring.revision, Buffer.from(opened.keysOf(1).root).toString('hex')]).toEqual([2, switched.gives.root]);
  });

  it.each(switched.fails)('C64 C68 $name: $code', async ({ replace: [from, to], code, why }) => {
    expect(text).toContain(from);
    await expect(open(text.replace(from, to), switched.secret)).rejects.toMatchObject({ code, message: expect.stringContaining(why) });
  });
});

describe.each(['base64url', 'base32'] as const)('the golden names in %s', (form) => {
  const codec = sealedNames({ vaultId: names.vault, root: Buffer.from(names.root, 'hex'), form });

  it.each(Object.entries(names[form]))('%.40s', (key, stored) => {
    expect(codec.sealKey(key)).toBe(stored);
    const opened = codec.openKey(stored);
    const headKey = key.startsWith('.file-sync/versions/') ? key.slice('.file-sync/versions/'.length, key.lastIndexOf('/')) : key;
    expect(opened.kind === 'in-head' ? opened.keyOf(headKey) : opened).toEqual(opened.kind === 'in-head' ? key : { kind: 'key', key });
  });
});

it.each(Object.entries(names.foreign))('C64 a name %s is foreign', (_why, stored) => {
  expect(sealedNames({ vaultId: names.vault, root: Buffer.from(names.root, 'hex'), form: 'base64url' }).openKey(stored)).toEqual({ kind: 'foreign' });
});
