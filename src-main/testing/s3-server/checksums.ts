import { createHash } from 'node:crypto';
import { type Running, runningCrc32, runningCrc32c, runningCrc64Nvme } from './crc.ts';
import { S3Error } from './s3-error.ts';

export const ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];
/** Base64 by algorithm; that of a multipart object made of its parts' checksums ends in `-<parts>`. */
export type Checksums = Partial<Readonly<Record<Algorithm, string>>>;

const BYTES: Readonly<Record<Algorithm, number>> = { CRC32: 4, CRC32C: 4, CRC64NVME: 8, SHA1: 20, SHA256: 32 };

export function running(algorithm: Algorithm): Running {
  if (algorithm === 'CRC32') return runningCrc32();
  if (algorithm === 'CRC32C') return runningCrc32c();
  if (algorithm === 'CRC64NVME') return runningCrc64Nvme();
  const hash = createHash(algorithm.toLowerCase());
  return { update: (bytes) => hash.update(bytes), digest: () => hash.digest('base64') };
}

export function checksumHeader(algorithm: Algorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

/** The checksums that a set of headers (or trailers) states. */
export function statedChecksums(headers: Readonly<Record<string, string>>): Checksums {
  const stated = ALGORITHMS.flatMap((algorithm) => {
    const value = headers[checksumHeader(algorithm)];
    return value === undefined ? [] : [[algorithm, value] as const];
  });
  for (const [algorithm, value] of stated) checkForm(algorithm, value);
  return Object.fromEntries(stated);
}

function checkForm(algorithm: Algorithm, value: string): void {
  const [digest = ''] = value.split('-');
  if (Buffer.from(digest, 'base64').length !== BYTES[algorithm]) throw new S3Error('InvalidRequest', { Message: `Value for ${checksumHeader(algorithm)} header is invalid.` });
}

export function parseAlgorithm(text: string | undefined): Algorithm | undefined {
  if (text === undefined) return undefined;
  const found = ALGORITHMS.find((algorithm) => algorithm === text.toUpperCase());
  if (found === undefined) throw new S3Error('InvalidRequest', { Message: 'Checksum algorithm provided is unsupported.' });
  return found;
}

/** The algorithms that a request's trailer will state. */
export function announcedAlgorithms(headers: Readonly<Record<string, string>>): Algorithm[] {
  const names = (headers['x-amz-trailer'] ?? '').split(',').map((name) => name.trim().toLowerCase());
  return ALGORITHMS.filter((algorithm) => names.includes(checksumHeader(algorithm)));
}

/** The checksum of a multipart object: that of its parts' checksums, and how many they are. */
export function compositeChecksum(algorithm: Algorithm, parts: readonly string[]): string {
  const sum = running(algorithm);
  for (const part of parts) sum.update(Buffer.from(part, 'base64'));
  return `${sum.digest()}-${parts.length}`;
}

export function checksumHeaders(checksums: Checksums): Record<string, string> {
  return Object.fromEntries(ALGORITHMS.flatMap((algorithm) => (checksums[algorithm] === undefined ? [] : [[checksumHeader(algorithm), checksums[algorithm]]])));
}
