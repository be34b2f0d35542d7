import type { CompressionSettings, Spool } from '../../codec/container.ts';
import type { ContentKeys, FindKeys } from '../../codec/content-keys.ts';
import type { NameCodec } from '../../codec/names.ts';
import type { Notes } from '../../core/notes.ts';
import type { NewHasher, Random } from '../../platform/clock.ts';
import type { CallOptions } from '../backend.ts';
import type { SeenGenerations } from './seen-generations.ts';

/** How the objects of one vault are made and read. */
export interface SealedCodec {
  readonly vaultId: string;
  readonly names: NameCodec;
  /** Stored names are others than the keys. */
  readonly hidesNames: boolean;
  /** Null: nothing is encrypted. */
  readonly keys: VaultKeys | null;
  /** Null: nothing is compressed. */
  readonly compression: CompressionSettings | null;
}
export interface VaultKeys {
  /** Of the epoch of new writes, as it is now. */
  current(): ContentKeys;
  readonly find: FindKeys;
  /** Looks whether the vault has newer keys than these; true where it does, and they are in use now. */
  refresh?(options: CallOptions): Promise<boolean>;
}

export interface SealedPorts {
  readonly notes: Notes;
  readonly random: Pick<Random, 'id'>;
  readonly newHasher: NewHasher;
  readonly spool?: Spool;
  /** Contents of so many bytes are replaced in part, and taken up again after a failure; default 8 MiB. */
  readonly largeFrom?: number;
  /** What was seen at which path, where several backends of one pair share it; left out: this one's own. */
  readonly seen?: SeenGenerations;
}
