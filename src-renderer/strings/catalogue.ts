import type { english } from './english.ts';

/** What every language has to say: the keys of the English catalogue, with whatever is filled in there. */
export type Catalogue = Words<typeof english>;

type Words<T> = T extends string
  ? string
  : T extends (...given: infer Given) => infer Said
    ? (...given: Given) => Words<Said>
    : T extends readonly unknown[]
      ? readonly string[]
      : { readonly [K in keyof T]: Words<T[K]> };
