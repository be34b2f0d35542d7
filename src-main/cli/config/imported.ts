import type { StoredKeys } from '../../keychain/stored-keys.ts';
import type { VariableName } from '../../settings/variables.ts';

/** What another program's settings say, in our words. */
export interface Imported {
  readonly values: ReadonlyMap<VariableName, string>;
  /** Keys that lay in the clear: for the keychain. */
  readonly keys: StoredKeys | null;
  /** What is left out and why, by its line. */
  readonly notes: readonly ImportNote[];
  /** What is malformed: nothing is taken over then. Never with a value in it. */
  readonly faults: readonly ImportNote[];
}
export interface ImportNote {
  /** Null where it is no line's. */
  readonly line: number | null;
  readonly text: string;
}

export const NOTHING: Imported = { values: new Map(), keys: null, notes: [], faults: [] };
