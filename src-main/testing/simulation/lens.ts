import type { SealedCodec } from '../../backends/wrap/sealed-ports.ts';
import { bodyContext } from '../../codec/contexts.ts';
import { FLOE_HEADER_BYTES, Floe } from '../../codec/floe.ts';
import { bodyOffset, looksLikeContainer, MAX_BODY_OFFSET } from '../../codec/header.ts';
import { readContainerHead } from '../../codec/read-head.ts';

/** How an all-knowing onlooker sees what lies in a store: under which path it counts, and what it holds. */
export interface Lens {
  /** A name that stands for none of ours is shown as devices list it. */
  path(stored: string): string;
  stored(path: string): string;
  text(bytes: Uint8Array): string;
}

export const PLAIN_LENS: Lens = { path: (stored) => stored, stored: (path) => path, text: textOf };

/** For a sealed store. What is no container of ours, or does not open, is what its bytes say. Contents of simulations are too short to be compressed. */
export function sealedLens({ vaultId, names, keys }: SealedCodec): Lens {
  const texts = new Map<string, string>();
  const opening = { vaultId, find: keys?.find ?? null };
  const open = (bytes: Uint8Array): string => {
    try {
      const { header } = readContainerHead(bytes.subarray(0, MAX_BODY_OFFSET), bytes.length, opening);
      const body = bytes.subarray(bodyOffset(header));
      if (keys === null) return textOf(body);
      const floe = Floe.open(keys.current().content, bodyContext(vaultId, bytes), body.subarray(0, FLOE_HEADER_BYTES));
      const text = floe?.openSegment(body.subarray(FLOE_HEADER_BYTES), 0, true) ?? null;
      return textOf(text ?? bytes);
    } catch {
      return textOf(bytes);
    }
  };
  return {
    path: (stored) => {
      const opened = names.openKey(stored);
      return opened.kind === 'key' ? opened.key : `/${stored}`;
    },
    stored: (path) => (path.startsWith('/') ? path.slice(1) : names.sealKey(path)),
    text: (bytes) => {
      if (!looksLikeContainer(bytes)) return textOf(bytes);
      const name = Buffer.from(bytes).toString('latin1');
      const known = texts.get(name) ?? open(bytes);
      texts.set(name, known);
      return known;
    },
  };
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}
