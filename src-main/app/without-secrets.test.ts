import { describe, expect, it } from 'vitest';
import { withoutSecrets } from './without-secrets.ts';

describe('I9 what looks like a secret is left out', () => {
  it.each([
    ['AKIAIOSFODNN7EXAMPLE signed it', 'AKIAIOSFODNN7'],
    ['the key wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY was refused', 'wJalrX'],
    ['AWS_SECRET_ACCESS_KEY=abc123', 'abc123'],
    ['{"secretAccessKey":"short","x":1}', 'short'],
    ['sessionToken: "FwoGZXIvYXdzEJr"', 'FwoG'],
    ['ENCRYPTION_KEY=passphrase:correct', 'correct'],
    ['passphrase:horse-battery was typed', 'horse'],
    ['http://joe:hunter2@proxy:8080/', 'hunter2'],
    ['https://b.s3.amazonaws.com/k?X-Amz-Credential=AB%2F20&X-Amz-Signature=0123abcd', '0123abcd'],
    ['Authorization: AWS4-HMAC-SHA256 Credential=AB/2026, Signature=99aa', '99aa'],
    ['key 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f', '0001020304'],
    ['-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----', 'MIIE'],
  ])('%s', (text, secret) => {
    const left = withoutSecrets(text);
    expect(left).not.toContain(secret);
    expect(left).toContain('[left out]');
  });

  it.each([
    '/home/anna/Documents/Projects/2026/Annual Report Final Version 3.docx could not be read',
    'C:\\Users\\Anna\\Documents\\a.txt',
    'unreachable: 127.0.0.1:9000 does not answer',
    'at Notifier.update (file:///opt/File%20Sync/resources/app.asar/out/main/main.js:120:11)',
    'cycle 0123456789abcdef',
  ])('%s stays', (text) => {
    expect(withoutSecrets(text)).toBe(text);
  });
});
