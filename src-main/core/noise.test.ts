import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../testing/random.ts';
import { isNoise } from './noise.ts';

const chance = new SeededRandom(11);
const noise = (size: number): Uint8Array => chance.bytes(size);
const headed = (beginning: string, offset = 0): Uint8Array => {
  const bytes = noise(4_096);
  Buffer.from(beginning, 'latin1').copy(bytes, offset);
  return bytes;
};
const prose = Array.from({ length: 400 }, (_, i) => `On the ${i}th day the ship went ${['north', 'east', 'south'][i % 3]}, and nobody knew why it had taken so long. `).join('');
const source = readFileSync(join(import.meta.dirname, 'plan.ts'));
const picture = readFileSync(join(import.meta.dirname, '../../assets/icon.png'));

describe('what looks like chance', () => {
  it.each([
    [512, 270],
    [1_024, 298],
    [4_096, 298],
    [100_000, 298],
  ])('bytes from chance do, of %d bytes at least %d in 300 times', (size, times) => {
    const tries = Array.from({ length: 300 }, () => isNoise(noise(size)));
    // One in some thousands begins like an MPEG frame.
    expect(tries.filter(Boolean).length).toBeGreaterThanOrEqual(times);
  });

  it.each([
    ['prose', Buffer.from(prose)],
    ['prose in UTF-16', Buffer.from(prose, 'utf16le')],
    ['source code', source],
    ['noise in base64', Buffer.from(Buffer.from(noise(4_096)).toString('base64'))],
    ['noise in hexadecimal', Buffer.from(Buffer.from(noise(4_096)).toString('hex'))],
    ['zeros', new Uint8Array(4_096)],
    ['numbers in a table', Buffer.from(new Float64Array(512).map((_, i) => i * 1.25).buffer)],
    ['a PNG', picture],
    ['gzip', gzipSync(source)],
    ['zlib', deflateSync(source)],
    ['nothing', new Uint8Array(0)],
    ['too few bytes to tell', noise(511)],
  ])('%s does not', (_what, bytes) => {
    expect(isNoise(bytes)).toBe(false);
  });

  it.each([
    'PK\x03\x04',
    '\x1f\x8b\x08',
    '7z\xbc\xaf\x27\x1c',
    '\xff\xd8\xff\xe0',
    '%PDF-1.7',
    'OggS',
    '\x28\xb5\x2f\xfd',
    'age-encryption.org/v1',
    '\0GITCRYPT\0',
  ])('nor does what begins with %j and goes on like chance', (beginning) => {
    expect(isNoise(headed(beginning))).toBe(false);
  });

  it('a film begins after four bytes', () => {
    expect(isNoise(headed('ftypisom', 4))).toBe(false);
    expect(isNoise(headed('ftypisom', 5))).toBe(true);
  });

  it('the same content once encrypted does', () => {
    const pad = noise(source.length);
    expect(isNoise(source.map((byte, i) => byte ^ (pad[i] ?? 0)))).toBe(true);
    expect(isNoise(picture.map((byte, i) => byte ^ (pad[i % pad.length] ?? 0)))).toBe(true);
  });
});
