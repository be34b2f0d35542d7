import { z } from 'zod';
import type { Entry, Hash } from '../core/entry.ts';

const file = z.object({
  kind: z.literal('file'),
  size: z.number(),
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .transform((text) => text as Hash),
  mtimeNs: z
    .string()
    .regex(/^-?\d{1,30}$/)
    .transform((text) => BigInt(text)),
  mode: z.number().nullable(),
});
const symlink = z.object({ kind: z.literal('symlink'), target: z.string() });

/** An entry as {@link entryText} writes it. */
export const storedEntry: z.ZodType<Entry> = z.discriminatedUnion('kind', [file, z.object({ kind: z.literal('folder') }), symlink]);
export const storedLeaf = z.discriminatedUnion('kind', [file, symlink]);

/** JSON of something with entries in it. */
export function entryText(value: object): string {
  return JSON.stringify(value, (_key, one: unknown) => (typeof one === 'bigint' ? String(one) : one));
}
