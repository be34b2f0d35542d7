import { describe, expect, it } from 'vitest';
import { hasCode } from '../core/errors.ts';
import { CHEAP, changeContext, keyOf, keyringOf, PASSPHRASE } from '../testing/keyring-kit.ts';
import { SeededRandom } from '../testing/random.ts';
import { openKeyring } from './keyring.ts';
import { addSlot } from './keyring-changes.ts';
import { parseVaultDocument } from './read-vault.ts';
import { encodeVaultDocument, isSealed } from './vault-document.ts';

const keyring = await addSlot(await keyringOf(keyOf('a')), { secret: PASSPHRASE, label: 'mine', cost: CHEAP }, changeContext(2));
const good = encodeVaultDocument(keyring.document);
const text = good.toString('utf8');

/** What a store may answer: opened with a right key, or why not. */
async function verdict(bytes: Uint8Array): Promise<string> {
  try {
    const document = parseVaultDocument(bytes);
    if (!isSealed(document)) return 'plain';
    await openKeyring(document, keyOf('a'));
    return 'opened';
  } catch (error) {
    return hasCode(error, 'corrupt', 'config') ? error.message : `a bug: ${String(error)}`;
  }
}

/** Every value in the file with where it stands. */
function* leaves(value: unknown, path: readonly (string | number)[] = []): Generator<readonly (string | number)[]> {
  if (typeof value === 'object' && value !== null) for (const [name, inner] of Object.entries(value)) yield* leaves(inner, [...path, name]);
  else yield path;
}

function changed(path: readonly (string | number)[], change: (value: unknown) => unknown): Buffer {
  const file: unknown = JSON.parse(text);
  let at = file as Record<string | number, unknown>;
  for (const name of path.slice(0, -1)) at = at[name] as Record<string | number, unknown>;
  const last = path.at(-1) ?? '';
  at[last] = change(at[last]);
  return Buffer.from(`${JSON.stringify(file, null, 2)}\n`);
}

const flipped = (value: unknown): unknown => {
  if (typeof value === 'string') return value.replace(/^[0-9a-f]/, (digit) => (Number.parseInt(digit, 16) ^ 1).toString(16)).replace(/^[g-zA-Z]/, 'Q');
  if (typeof value === 'number') return value + 1;
  return value === null ? 1 : !value;
};

describe('vault.json', () => {
  it('is read and written again to the same bytes', async () => {
    expect(encodeVaultDocument(parseVaultDocument(good))).toEqual(good);
    expect(await verdict(good)).toBe('opened');
    const plain = encodeVaultDocument({ format: 1, vault: 'ab'.repeat(8) });
    expect(encodeVaultDocument(parseVaultDocument(plain))).toEqual(plain);
    const coded = encodeVaultDocument({ format: 2, vault: 'ab'.repeat(8), codec: { encryption: false, compression: true, names: 'plain' }, keyring: null });
    expect(parseVaultDocument(coded)).toMatchObject({ format: 2, keyring: null });
  });

  const paths = [...leaves(JSON.parse(text))].map((path) => [path.join('.'), path] as const);
  it.each(paths)('C64 with a bit of %s changed does not open', async (_name, path) => {
    const answer = await verdict(changed(path, flipped));
    expect(answer).not.toMatch(/^opened|^a bug/);
    expect(answer).not.toBe('plain');
  });

  it.each([
    ['format', 4, 'newer'],
    ['format', 3, 'switch is missing'],
    ['vault', '../etc', 'vault is no id'],
    ['codec.names', 'base16', 'codec.names'],
    ['codec.encryption', false, 'codec.names'],
    ['keyring.revision', 0, 'keyring.revision'],
    ['keyring.revision', 1.5, 'keyring.revision'],
    ['keyring.slots', [], 'keyring.slots'],
    ['keyring.epochs', Array(65).fill({}), 'keyring.epochs'],
    ['keyring.epochs.0.id', 0, 'epochs[0].id'],
    ['keyring.epochs.0.id', 2 ** 32, 'epochs[0].id'],
    ['keyring.epochs.0.sealed', '00', '48 bytes'],
    ['keyring.slots.0.kind', 'passphrase', 'slots[0].kdf'],
    ['keyring.slots.1.kdf', null, 'slots[1].kdf'],
    ['keyring.slots.0.commitment', 'AA'.repeat(32), '32 bytes'],
    ['keyring.slots.0.label', 'a\u0007b', 'label'],
    ['keyring.slots.0.made', -1, 'made'],
    ['keyring.mac', '', 'keyring.mac'],
    ['keyring', null, 'keyring is missing'],
  ])('C64 with %s = %j is refused, and the field is named', async (path, value, named) => {
    expect(await verdict(changed(path.split('.'), () => value))).toContain(named);
  });

  it.each([
    ['memoryKiB', 8, 'guessed'],
    ['memoryKiB', 19_455, 'guessed'],
    ['passes', 1, 'guessed'],
    ['memoryKiB', 2 ** 31, 'dear'],
    ['memoryKiB', 1_048_577, 'dear'],
    ['passes', 17, 'dear'],
    ['lanes', 0, 'guessed'],
    ['lanes', 5, 'dear'],
  ])('C64 that asks for %s = %j is refused before anything is derived, whichever slot is used', async (name, value, why) => {
    expect(await verdict(changed(['keyring', 'slots', 1, 'kdf', name], () => value))).toContain(why);
  });

  it('C64 that asks for much memory and many passes at once is refused', () => {
    const dear = text.replace(/"memoryKiB": \d+/, '"memoryKiB": 1048576').replace(/"passes": \d+/, '"passes": 5');
    expect(() => parseVaultDocument(Buffer.from(dear))).toThrow(/dear/);
  });

  it.each([
    ['other white space', () => text.replaceAll('  ', ' ')],
    ['no line feed', () => text.trimEnd()],
    ['a byte order mark', () => `\ufeff${text}`],
    ['a member more', () => text.replace('"format": 2,', '"format": 2,\n  "extra": 1,')],
    ['a member twice', () => text.replace('"format": 2,', '"format": 2,\n  "format": 2,')],
    ['another order', () => text.replace(/("memoryKiB": \d+),\n(\s+)("passes": \d+)/, '$3,\n$2$1')],
    ['a number in other digits', () => text.replace('"format": 2', '"format": 2.0')],
    ['a text in other letters', () => text.replace('"first"', '"f\\u0069rst"')],
    ['capital hex', () => text.replace(/"mac": "(.*)"/, (_all, mac: string) => `"mac": "${mac.toUpperCase()}"`)],
    ['its about changed', () => text.replace('Please', 'please')],
    ['more bytes than it may have', () => text + ' '.repeat(65_536)],
  ])('with %s is not canonical, and refused', (_name, make) => {
    expect(make()).not.toBe(text);
    expect(() => parseVaultDocument(Buffer.from(make()))).toThrow(expect.objectContaining({ code: 'corrupt' }));
  });

  it('C64 fuzz: bytes and texts of any kind are refused by name', async () => {
    const random = new SeededRandom(20_261_126);
    const words = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"format"',
      '"vault"',
      '"codec"',
      '"keyring"',
      '"slots"',
      '1',
      '2',
      '-0',
      '1e999',
      'null',
      'true',
      '"00112233445566778899aabbccddeeff"',
      '"__proto__"',
      ' ',
    ];
    for (let round = 0; round < 2_000; round++) {
      const bytes = Buffer.from(Array.from({ length: random.below(300) }, () => random.below(256)));
      const texts = Buffer.from(Array.from({ length: random.below(40) }, () => random.pick(words)).join(''));
      for (const tried of [bytes, texts]) expect(await verdict(tried), tried.toString('latin1')).not.toMatch(/^opened|^plain|^a bug/);
    }
    expect(await verdict(Buffer.from('['.repeat(65_000)))).toMatch(/cannot be read/);
  });

  it('C64 fuzz: whatever is done to it, it opens only as it was', async () => {
    const random = new SeededRandom(20_261_125);
    for (let round = 0; round < 3_000; round++) {
      const bytes = Buffer.from(good);
      for (let n = 1 + random.below(3); n > 0; n--) bytes[random.below(bytes.length)] = random.pick([random.below(256), 0x22, 0x2c, 0x30, 0x7d]);
      const cut = random.below(8) === 0 ? bytes.subarray(0, random.below(bytes.length)) : bytes;
      const answer = await verdict(cut);
      if (!cut.equals(good)) expect(answer, `round ${round}: ${cut.toString('latin1')}`).not.toMatch(/^opened|^a bug/);
    }
  });
});
