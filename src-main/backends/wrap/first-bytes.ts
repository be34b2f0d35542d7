/** The first bytes of a stream, which is closed then. */
export async function firstBytes(chunks: AsyncIterable<Uint8Array>, most: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    parts.push(Uint8Array.from(chunk.subarray(0, most - length)));
    length += Math.min(chunk.length, most - length);
    if (length === most) break;
  }
  return Buffer.concat(parts);
}
