/** So much of a file's beginning tells. Programs that encrypt only parts of a file begin with it, since that is what makes it unreadable. */
export const NOISE_SAMPLE_BYTES = 4_096;
/** Fewer bytes than this are spread evenly by chance too seldom to tell noise from text. */
const LEAST_BYTES = 512;
/** Below what pure chance would give, in bits a byte. Measured on 4 KiB: noise is 7.95 on average and above 7.93 in all but one of a thousand; text lies between 4 and 6, programs and databases below 7.2. */
const SLACK = 0.12;

/** How what is compressed or encrypted by ordinary means begins, as latin1 text at an offset: containers, pictures, sound, films, fonts. Files with such a beginning are no noise however even their bytes are. */
const BEGINNINGS: readonly (readonly [number, string])[] = [
  ...['PK\x03\x04', 'PK\x05\x06', '7z\xbc\xaf\x27\x1c', 'Rar!', '\x1f\x8b', '\x1f\x9d', 'BZh', '\xfd7zXZ', '\x28\xb5\x2f\xfd', '\x04\x22\x4d\x18', 'MSCF', 'xar!'],
  ...['\xff\xd8\xff', '\x89PNG', 'GIF8', 'RIFF', 'II*\0', 'MM\0*', '8BPS', 'FUJIFILM', '\0\0\0\x0cJXL ', 'qoif'],
  ...['OggS', 'fLaC', 'ID3', '\x1a\x45\xdf\xa3', '\x30\x26\xb2\x75', '\0\0\x01', 'FLV', 'FORM'],
  ...['%PDF', '\xd0\xcf\x11\xe0', 'wOFF', 'wOF2', 'AC10', 'BLENDER', 'SQLite format 3', '!BDN'],
  ...['age-encryption.org', '\0GITCRYPT\0', '-----BEGIN'],
].map((text) => [0, text] as const);
const LATER: readonly (readonly [number, string])[] = [
  [4, 'ftyp'],
  [4, 'moov'],
  [4, 'mdat'],
  [257, 'ustar'],
];

/** Whether a file that begins so looks like chance: no known kind of file begins so, and its bytes are as evenly spread as chance would have them. Pure; at most {@link NOISE_SAMPLE_BYTES} are looked at. */
export function isNoise(head: Uint8Array): boolean {
  const sample = head.subarray(0, NOISE_SAMPLE_BYTES);
  if (sample.length < LEAST_BYTES || hasKnownBeginning(sample)) return false;
  // What chance gives on so few bytes lies below 8 bits (Miller and Madow).
  const chance = 8 - 255 / (2 * sample.length * Math.LN2);
  return entropyOf(sample) >= chance - SLACK;
}

function hasKnownBeginning(sample: Uint8Array): boolean {
  const [first = 0, second = 0] = sample;
  // An MPEG audio frame; a zlib stream.
  if ((first === 0xff && (second & 0xe0) === 0xe0) || (first === 0x78 && [0x01, 0x5e, 0x9c, 0xda].includes(second))) return true;
  return [...BEGINNINGS, ...LATER].some(([offset, text]) => startsWith(sample, offset, text));
}

function startsWith(sample: Uint8Array, offset: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (sample[offset + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** Shannon's, in bits a byte. */
function entropyOf(sample: Uint8Array): number {
  const counts = new Uint32Array(256);
  for (const byte of sample) counts[byte] = (counts[byte] ?? 0) + 1;
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= (count / sample.length) * Math.log2(count / sample.length);
  return bits;
}
