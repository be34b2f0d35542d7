import type { ContentKeys, FindKeys } from './content-keys.ts';
import type { Head } from './head.ts';
import type { Compression, Header } from './header.ts';

/** A recipe for bytes, as a backend's Body. */
export interface Recipe {
  readonly size: number;
  open(): AsyncIterable<Uint8Array>;
}

/** A container where it lies: its exact length, and its bytes from `offset` to the end; a reader that has enough stops early. */
export interface Stored {
  readonly size: number;
  open(offset: number): AsyncIterable<Uint8Array>;
}

/** Room for what does not fit in memory, on a disk of ours. */
export interface Spool {
  /** For at most so many bytes; null where there is no room for them now. */
  create(atMost: number): Promise<SpoolFile | null>;
}
export interface SpoolFile {
  write(chunk: Uint8Array): Promise<void>;
  /** From the start, any number of times, once writing is over. */
  read(): AsyncIterable<Uint8Array>;
  /** Once is enough, and again does nothing. */
  discard(): Promise<void>;
}

export interface CompressionSettings {
  /** `auto`: zstd where this runtime has it, else deflate. */
  readonly method: 'auto' | Compression;
  /** 1 (fast) to 9 (small). */
  readonly level: number;
}

export interface Encoding {
  readonly vaultId: string;
  /** Null: suite `clear`. */
  readonly keys: ContentKeys | null;
  /** 16 bytes: contentIdFor, or that of the content replaced (uncompressed contents only; `head.reuse` counts). */
  readonly contentId: Uint8Array;
  /** `size` and `sha256` are those of the plain bytes: a source that gives others is `busy` (it changed while it was read) before the last bytes are given out. */
  readonly head: Head;
  /** Default: none. Known compressed types (by `head.path`) and what does not shrink in samples are left as they are. */
  readonly compression?: CompressionSettings;
  /** Contents up to this size are compressed in memory. Default: MEMORY_BYTES. */
  readonly memoryBytes?: number;
  /** Holds the compressed form of larger ones; without it such contents are compressed twice, once for their length. */
  readonly spool?: Spool;
  readonly signal?: AbortSignal;
}

/** A container's bytes: `open()` again gives the same. `release` when done with, in any case. */
export interface Encoded extends Recipe {
  readonly header: Header;
  release(): Promise<void>;
}

export interface Opening {
  /** The vault it has to be of. */
  readonly vaultId: string;
  /** Null: only suite `clear` can be read. */
  readonly find: FindKeys | null;
  /** Containers of suite `clear` are accepted. Default: only where no keys are given; anyone can make such a container. */
  readonly acceptClear?: boolean;
  readonly signal?: AbortSignal;
}

/** An opened container: its header and head are authentic, its length is right. */
export interface Container {
  readonly header: Header;
  readonly head: Head;
  /**
   * The plain bytes from `offset` on. From 0 the first time, it goes on reading what `openContainer` began. Every segment is authentic before a byte of it is given out; read from 0, the whole is compared with `head.sha256` before
   * the last bytes are given out (`hash-mismatch`). From another offset the caller has to compare the whole himself.
   */
  chunks(offset?: number): AsyncIterable<Uint8Array>;
  /** Lets go of the stream that was begun; needed when `chunks` is not read to its end. */
  close(): Promise<void>;
}
