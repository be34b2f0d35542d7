import notes from './migrations/0002.sql?raw';
import movedTo from './migrations/0003.sql?raw';
import failures from './migrations/0004.sql?raw';
import schema from './schema.sql?raw';

/** The statements that turn a store of version `to - 1` into one of version `to`. */
export interface Migration {
  readonly to: number;
  readonly sql: string;
}

/** What a new store is made of, and the steps that bring an older one there. A step lies in `migrations/NNNN.sql`, named after the version it makes, and never changes once released. */
export interface Schema {
  readonly version: number;
  readonly sql: string;
  readonly migrations: readonly Migration[];
}

export const SCHEMA: Schema = {
  version: 4,
  sql: schema,
  migrations: [
    { to: 2, sql: notes },
    { to: 3, sql: movedTo },
    { to: 4, sql: failures },
  ],
};
