import { z } from 'zod';

const AT_ONCE = 500;

/** Where a list belongs in a result. */
export const PLACE = z.array(z.union([z.string(), z.int().min(0)])).max(16);
export type Place = z.output<typeof PLACE>;

/** A result whose long lists go ahead of it piece by piece, because they grow with the folder and a line may not. */
export function withoutLists(part: unknown, piece: (at: Place, items: readonly unknown[]) => void, at: Place = []): unknown {
  if (typeof part !== 'object' || part === null) return part;
  if (!Array.isArray(part)) return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, withoutLists(value, piece, [...at, name])]));
  if (part.length <= AT_ONCE) return part.map((value, i) => withoutLists(value, piece, [...at, i]));
  for (let from = 0; from < part.length; from += AT_ONCE) piece(at, part.slice(from, from + AT_ONCE));
  return [];
}

/** Puts the pieces back where they belong. */
export function withLists(result: unknown, pieces: readonly { readonly at: Place; readonly items: readonly unknown[] }[]): unknown {
  for (const { at, items } of pieces) {
    const list = at.reduce<unknown>((part, name) => (typeof part === 'object' && part !== null && Object.hasOwn(part, name) ? part[name as keyof typeof part] : null), result);
    if (Array.isArray(list)) for (const item of items) list.push(item);
  }
  return result;
}
