import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../testing/random.ts';
import { candidatesOf, newRecoveryKey, parseEncryptionKey, parseRecoveryWords, passphraseFault, readStoredSecret, recoveryWords, storedSecret } from './secret-key.ts';

const BYTES = Buffer.from('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff', 'hex');
const ABOUT = `${'abandon '.repeat(23)}art`;

function read(text: string): string {
  const result = parseEncryptionKey(text);
  return 'fault' in result ? `fault: ${result.fault}` : `${result.secret.kind}:${result.secret.secret.reveal()}`;
}

describe('ENCRYPTION_KEY', () => {
  it.each([
    ['64 hex digits', BYTES.toString('hex')],
    ['64 capital hex digits', BYTES.toString('hex').toUpperCase()],
    ['base64', BYTES.toString('base64')],
    ['base64 without =', BYTES.toString('base64').replace('=', '')],
    ['base64url', BYTES.toString('base64url')],
  ])('C69 may be %s', (_name, text) => expect(read(text)).toBe(`key:${BYTES.toString('hex')}`));

  it.each([
    ['32 ASCII characters', 'abcdefghijklmnopqrstuvwxyz012345', `key:${Buffer.from('abcdefghijklmnopqrstuvwxyz012345').toString('hex')}`],
    ['32 with spaces and marks', 'a b c d e f g h i j k l m n o ~!', `key:${Buffer.from('a b c d e f g h i j k l m n o ~!').toString('hex')}`],
    ['24 words', ABOUT, `recovery:${'00'.repeat(32)}`],
    ['24 words, oddly spaced', `  ${ABOUT.toUpperCase().replaceAll(' ', ' \n')} `, `recovery:${'00'.repeat(32)}`],
    ['a passphrase that says so', 'passphrase:my long words ', 'passphrase:my long words '],
  ])('C69 may be %s', (_name, text, expected) => expect(read(text)).toBe(expected));

  it.each([
    ['abcdefghijklmnopqrstuvwxyz01234', '31 bytes long'],
    ['abcdefghijklmnopqrstuvwxyz0123456', '33 bytes long'],
    ['', '0 bytes long'],
    ['x', '1 byte long'],
    [BYTES.toString('hex').slice(1), '63 hexadecimal digits'],
    [`${BYTES.toString('hex')}00`, '66 hexadecimal digits'],
    ['abcdefghijklmnopqrstuvwxyz01234\u0007', 'not printable'],
    ['éééééééééééééééé', '32 bytes long but not printable'],
    [`${'A'.repeat(42)}B`, 'no valid base64'],
    ['passphrase:', 'no passphrase after'],
    [ABOUT.replace('art', 'abandon'), 'do not fit together'],
    [ABOUT.replace('art', 'arts'), 'word 24 is not one of the list'],
    [ABOUT.replace('abandon ', ''), 'has 23 words'],
  ])('C70 that is %j is refused: %s; and is not repeated', (text, fault) => {
    const answer = read(text);
    expect(answer).toContain(`fault: `);
    expect(answer).toContain(fault);
    if (text.length > 11) expect(answer).not.toContain(text.slice(12, 40));
  });
});

describe('a typed secret', () => {
  it('is tried as everything it may be, the most particular first', () => {
    const kinds = (text: string): readonly string[] => candidatesOf(text).map(({ kind }) => kind);
    expect(kinds(ABOUT)).toEqual(['recovery', 'passphrase']);
    expect(kinds('abcdefghijklmnopqrstuvwxyz012345')).toEqual(['key', 'passphrase']);
    expect(kinds('hunter2')).toEqual(['passphrase']);
    expect(kinds('')).toEqual([]);
  });
});

describe('recovery words', () => {
  it('are 24 and give the key back, whatever it is', () => {
    for (let seed = 0; seed < 200; seed++) {
      const key = newRecoveryKey(new SeededRandom(seed).bytes);
      const words = recoveryWords(key).map((word) => word.reveal());
      expect(words).toHaveLength(24);
      expect(parseRecoveryWords(words.join(' '))).toEqual({ secret: { kind: 'recovery', secret: expect.objectContaining({}) } });
      const again = parseRecoveryWords(words.join('  '));
      expect('secret' in again && again.secret.secret.reveal()).toBe(key.secret.reveal());
    }
  });

  it('I9 do not show when they are printed', () => {
    expect(inspect(recoveryWords(newRecoveryKey(() => new Uint8Array(32))))).not.toContain('abandon');
  });

  it('C69 two swapped are seen, but for one time in 256', () => {
    const words = recoveryWords(newRecoveryKey(new SeededRandom(3).bytes)).map((word) => word.reveal());
    const faults = Array.from({ length: 23 }, (_, i) => parseRecoveryWords([...words.slice(0, i), words[i + 1], words[i], ...words.slice(i + 2)].join(' ')));
    expect(faults.filter((result) => 'fault' in result).length).toBeGreaterThanOrEqual(22);
  });
});

describe('a secret in a keychain', () => {
  it('comes back as it was kept', () => {
    for (const text of ['passphrase:my: long\nwords', BYTES.toString('hex'), ABOUT]) {
      const { secret } = parseEncryptionKey(text) as Extract<ReturnType<typeof parseEncryptionKey>, { secret: unknown }>;
      const again = readStoredSecret(storedSecret(secret));
      expect([again?.kind, again?.secret.reveal()]).toEqual([secret.kind, secret.secret.reveal()]);
      expect(JSON.stringify(storedSecret(secret))).toBe('"[secret]"');
    }
  });
});

it('a passphrase that is set has at least 12 characters', () => {
  expect(passphraseFault('elevenchars')).toContain('12');
  expect(passphraseFault('twelve chars')).toBeNull();
  expect(passphraseFault('🔑'.repeat(6))).toContain('12');
});
