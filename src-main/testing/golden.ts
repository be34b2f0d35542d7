import type { Head } from '../codec/head.ts';
import type { Compression } from '../codec/header.ts';
import type { Hash } from '../core/entry.ts';

/** What `codec/vectors/containers.json` holds. */
export interface GoldenContainers {
  readonly about: string;
  readonly vault: string;
  readonly epochs: Readonly<Record<string, string>>;
  readonly good: readonly {
    readonly name: string;
    readonly content: ContentSpec;
    /** 0: in the clear. */
    readonly epoch: number;
    readonly contentId: string;
    readonly compression: Compression;
    readonly head: GoldenHead;
    /** Of the container. */
    readonly sha256: string;
    readonly container?: string;
  }[];
  readonly changed: readonly {
    readonly name: string;
    readonly from: string;
    readonly changes: readonly Change[];
    readonly reason: string;
    /** Other keys than those of the file; null: none. */
    readonly roots?: Readonly<Record<string, string>> | null;
    readonly vault?: string;
    /** False: containers in the clear are not accepted. */
    readonly clear?: boolean;
  }[];
  readonly crafted: readonly { readonly name: string; readonly reason: string; readonly container: string }[];
  readonly envelopes: {
    readonly good: readonly {
      readonly name: string;
      readonly storedKey: string;
      readonly contentId: string;
      readonly head: GoldenHead;
      readonly epoch: number;
      readonly envelope: string;
    }[];
    readonly bad: readonly { readonly name: string; readonly storedKey: string; readonly envelope: string; readonly reason: string }[];
  };
}
export type ContentSpec = { readonly hex: string } | { readonly repeat: string; readonly length: number };
export type GoldenHead = Omit<Head, 'mtimeNs' | 'sha256'> & { readonly mtimeNs: string | null; readonly sha256: string };
/** Negative places count from the end. `segments`: the numbers of segments in their new order. */
export type Change =
  | { readonly do: 'flip'; readonly at: number; readonly mask: number }
  | { readonly do: 'set'; readonly at: number; readonly hex: string }
  | { readonly do: 'cut'; readonly to: number }
  | { readonly do: 'append'; readonly hex: string }
  | { readonly do: 'segments'; readonly order: readonly number[] };

export function contentOf(spec: ContentSpec): Buffer {
  return 'hex' in spec ? Buffer.from(spec.hex, 'hex') : Buffer.alloc(spec.length, Buffer.from(spec.repeat, 'hex'));
}

export function goldenHead(head: Head): GoldenHead {
  return { ...head, mtimeNs: head.mtimeNs === null ? null : String(head.mtimeNs) };
}

export function plainHead(head: GoldenHead): Head {
  return { ...head, sha256: head.sha256 as Hash, mtimeNs: head.mtimeNs === null ? null : BigInt(head.mtimeNs) };
}

/** Changed as told; `body` is where the segments begin. */
export function change(bytes: Buffer, changes: readonly Change[], body: number): Buffer {
  return changes.reduce((now, step) => changeOnce(now, step, body), bytes);
}

function changeOnce(bytes: Buffer, step: Change, body: number): Buffer {
  const copy = Buffer.from(bytes);
  switch (step.do) {
    case 'flip': {
      const at = step.at < 0 ? bytes.length + step.at : step.at;
      copy[at] = (copy[at] ?? 0) ^ step.mask;
      return copy;
    }
    case 'set':
      copy.set(Buffer.from(step.hex, 'hex'), step.at);
      return copy;
    case 'cut':
      return copy.subarray(0, step.to);
    case 'append':
      return Buffer.concat([copy, Buffer.from(step.hex, 'hex')]);
    case 'segments':
      return Buffer.concat([copy.subarray(0, body), ...step.order.map((number) => copy.subarray(body + number * 65_536, body + (number + 1) * 65_536))]);
  }
}
