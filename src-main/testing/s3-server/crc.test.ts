import { expect, it } from 'vitest';
import { ALGORITHMS, running } from './checksums.ts';

// The check values of the CRC catalogue for "123456789"; the hashes as openssl gives them.
const OF_DIGITS = {
  CRC32: 'cbf43926',
  CRC32C: 'e3069283',
  CRC64NVME: 'ae8b14860a799888',
  SHA1: 'f7c3bc1d808e04732adf679965ccc34ca7ae3441',
  SHA256: '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225',
};

it.each(ALGORITHMS)('%s of the nine digits, whole and in pieces', (algorithm) => {
  const [whole, pieces] = [running(algorithm), running(algorithm)];
  whole.update(Buffer.from('123456789'));
  for (const piece of ['1', '2345', '', '6789']) pieces.update(Buffer.from(piece));
  const expected = Buffer.from(OF_DIGITS[algorithm], 'hex').toString('base64');
  expect([whole.digest(), pieces.digest()]).toEqual([expected, expected]);
});
