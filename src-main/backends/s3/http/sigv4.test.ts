import { describe, expect, it } from 'vitest';
import { type AccessKeys, EMPTY_SHA256, Signer, sha256 } from './sigv4.ts';

// From "Signature Calculations for the Authorization Header" of the Amazon S3 API reference.
const S3_KEYS: AccessKeys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', sessionToken: null };
const S3_DAY = Date.UTC(2013, 4, 24);
const HOST = { host: 'examplebucket.s3.amazonaws.com' };
// From AWS's Signature Version 4 test suite.
const SUITE_KEYS: AccessKeys = { ...S3_KEYS, accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

function signature(signed: Record<string, string>): string {
  return signed['authorization']?.split('Signature=')[1] ?? '';
}

describe('published examples', () => {
  const get = { method: 'GET', path: '/', query: '', headers: { ...HOST, 'x-amz-content-sha256': EMPTY_SHA256 }, payload: EMPTY_SHA256 };

  it('get a range of an object', () => {
    const signed = new Signer().sign({ ...get, path: '/test.txt', headers: { ...get.headers, range: 'bytes=0-9' } }, S3_KEYS, 'us-east-1', S3_DAY);
    expect(signature(signed)).toBe('f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41');
    expect(signed['authorization']).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE\/20130524\/us-east-1\/s3\/aws4_request, SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, /,
    );
  });

  it('put an object', () => {
    const payload = sha256('Welcome to Amazon S3.');
    const headers = { ...HOST, date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-content-sha256': payload, 'x-amz-storage-class': 'REDUCED_REDUNDANCY' };
    const signed = new Signer().sign({ method: 'PUT', path: '/test%24file.text', query: '', headers, payload }, S3_KEYS, 'us-east-1', S3_DAY);
    expect(signature(signed)).toBe('98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd');
  });

  it.each([
    ['lifecycle=', 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'],
    ['max-keys=2&prefix=J', '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7'],
  ])('query %s', (query, expected) => {
    expect(signature(new Signer().sign({ ...get, query }, S3_KEYS, 'us-east-1', S3_DAY))).toBe(expected);
  });

  it('get-vanilla of the test suite', () => {
    const request = { method: 'GET', path: '/', query: '', headers: { host: 'example.amazonaws.com' }, payload: EMPTY_SHA256 };
    const signed = new Signer('service').sign(request, SUITE_KEYS, 'us-east-1', Date.UTC(2015, 7, 30, 12, 36));
    expect(signature(signed)).toBe('5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31');
  });

  it('the key kept for a day is made anew for another day, region or secret', () => {
    const signer = new Signer();
    const sign = (keys: AccessKeys, region: string, day: number): string => signature(signer.sign(get, keys, region, S3_DAY + day * 86_400_000));
    const fresh = (keys: AccessKeys, region: string, day: number): string => signature(new Signer().sign(get, keys, region, S3_DAY + day * 86_400_000));
    for (const [keys, region, day] of [
      [S3_KEYS, 'us-east-1', 0],
      [S3_KEYS, 'us-east-1', 1],
      [S3_KEYS, 'eu-west-1', 1],
      [{ ...S3_KEYS, secretAccessKey: 'other' }, 'eu-west-1', 1],
      [S3_KEYS, 'us-east-1', 0],
    ] as const) {
      expect(sign(keys, region, day)).toBe(fresh(keys, region, day));
    }
  });
});
