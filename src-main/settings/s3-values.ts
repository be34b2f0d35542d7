import { z } from 'zod';
import { asPrefix } from './s3-presets.ts';

/** How the values of one bucket's settings look. A message never repeats the value. */
export const bucket = z
  .string()
  .refine((text) => !/[/:]/.test(text), { error: 'must be the bucket’s name alone; the folder in it goes into S3_PREFIX, the address into S3_ENDPOINT' })
  .refine((text) => /^[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]$/.test(text) && !text.includes('..'), {
    error: 'must be the name of a bucket: 3 to 63 letters, digits, dots and hyphens',
  });

/** Longer ones leave too little of the 1,024 bytes of a key to the paths below. */
const LONGEST_PREFIX = 256;
export const prefix = z
  .string()
  .refine((text) => !/[\p{Cc}\p{Cs}\\]/u.test(text) && text === text.normalize('NFC'), { error: 'must be a folder within the bucket, without backslashes and control characters' })
  .transform(asPrefix)
  .refine((text) => text === '' || text.slice(0, -1).split('/').every(isPlainName), {
    error: 'must be a folder within the bucket, without empty parts, `.`, `..` and `.file-sync`',
  })
  .refine((text) => Buffer.byteLength(text) <= LONGEST_PREFIX, { error: `must be at most ${LONGEST_PREFIX - 1} bytes long` });

function isPlainName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && name.toLowerCase() !== '.file-sync';
}

export const endpoint = z
  .string()
  .transform((text) => originOf(text) ?? '')
  .refine((text) => text !== '', { error: 'must be an address such as https://s3.example.org, without a user, a path or the bucket’s name' });
export const proxy = z
  .string()
  .transform((text) => originOf(text) ?? '')
  .refine((text) => text !== '', { error: 'must be an address such as http://proxy.example.org:3128, without a user and a path' });

/** Scheme, host and port; null for any other text. */
function originOf(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const { protocol, username, password, pathname, search, hash, origin } = new URL(text);
  const isPlain = username === '' && password === '' && pathname === '/' && search === '' && hash === '';
  return isPlain && (protocol === 'https:' || protocol === 'http:') ? origin : null;
}

export const region = z.string().regex(/^[A-Za-z0-9-]{1,64}$/, { error: 'must be the name of a region, such as eu-central-1' });
export const accessKeyId = z.string().regex(/^[\x21-\x7e]{1,256}$/, { error: 'must be an access key id' });
export const profile = z.string().regex(/^[^\p{Cc}[\]]{1,128}$/u, { error: 'must be the name of a profile in ~/.aws' });
export const keychainAccount = z.string().regex(/^[^\p{Cc}]{1,256}$/u, { error: 'must be the name of an account in the keychain' });
