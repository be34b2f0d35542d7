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

/** For a store that is switched from plain to sealed in the middle: what is no sealed name is a plain one. */
export class ShiftingLens implements Lens {
  #lens: Lens = PLAIN_LENS;

  shift(codec: SealedCodec): void {
    this.#lens = sealedLens(codec);
  }

  path(stored: string): string {
    const path = this.#lens.path(stored);
    return path === `/${stored}` ? stored : path;
  }
  /** Another tool knows the names that are hidden, and writes under them. */
  stored(path: string): string {
    return this.#lens.stored(path);
  }
  text(bytes: Uint8Array): string {
    return this.#lens.text(bytes);
  }
}

/** Names as they count, with the new form of an object after its old one. */
export function newFormLast(stored: Iterable<string>, lens: Lens): readonly (readonly [stored: string, path: string])[] {
  const named = [...stored].map((key) => [key, lens.path(key)] as const);
  return lens instanceof ShiftingLens ? named.sort(([a, pathA], [b, pathB]) => Number(a !== pathA) - Number(b !== pathB)) : named;
}

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
