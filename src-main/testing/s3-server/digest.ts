import { createHash } from 'node:crypto';
import type { Content } from './content.ts';

/** Hexadecimal. */
export async function md5Of(content: Content): Promise<string> {
  const hash = createHash('md5');
  for await (const piece of content.read(0, content.size)) hash.update(piece);
  return hash.digest('hex');
}
