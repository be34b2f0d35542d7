import { type ContentKeys, floeIv, keyCheck, vaultTag } from '../codec/content-keys.ts';
import { bodyContext, headContext } from '../codec/contexts.ts';
import { FLOE_64K, Floe } from '../codec/floe.ts';
import { encodeHeader, type Header } from '../codec/header.ts';
import { seal, sealClear } from '../codec/seal.ts';
import { bodySize, SEGMENT_TEXT, segmentsOf } from '../codec/sizes.ts';

/** Makes containers that our encoder never would: authentic, whatever their head and stream hold. */
export function craft({ vaultId, keys, contentId, compression = 'none', headText, stream }: Crafted): Buffer {
  const header = encodeHeader({
    suite: keys === null ? 'clear' : 'floe',
    compression,
    epoch: keys?.epoch ?? 0,
    contentId,
    vaultTag: vaultTag(vaultId),
    keyCheck: keys === null ? Buffer.alloc(8) : keyCheck(keys, contentId),
    headBytes: headText.length,
  });
  const context = headContext(vaultId, header);
  if (keys === null) return Buffer.concat([header, sealClear(context, headText), stream]);
  const floe = Floe.start(keys.content, bodyContext(vaultId, header), floeIv(keys, contentId), FLOE_64K);
  const body = Buffer.alloc(bodySize('floe', stream.length) - floe.header.length);
  const count = segmentsOf(stream.length);
  let at = 0;
  for (let number = 0; number < count; number += 1)
    at = floe.sealSegment(stream.subarray(number * SEGMENT_TEXT, (number + 1) * SEGMENT_TEXT), number, number === count - 1, body, at);
  return Buffer.concat([header, seal(keys.head, context, headText), floe.header, body]);
}

export interface Crafted {
  readonly vaultId: string;
  readonly keys: ContentKeys | null;
  readonly contentId: Uint8Array;
  readonly compression?: Header['compression'];
  readonly headText: Uint8Array;
  readonly stream: Uint8Array;
}
