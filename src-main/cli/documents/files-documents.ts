import { z } from 'zod';
import { documentOf } from './envelope.ts';
import { count, error } from './parts.ts';

const each = {
  done: z.array(z.strictObject({ file: z.string(), to: z.string() })),
  failures: z.array(z.strictObject({ file: z.string(), error })),
};

export const FILES_DOCUMENTS: Readonly<Record<string, z.ZodType>> = {
  encrypt: documentOf('encrypt', each),
  decrypt: z.union([
    documentOf('decrypt', each),
    documentOf('decrypt', {
      vault: z.string(),
      tree: z.string(),
      out: z.string(),
      counts: z.strictObject({ files: count, folders: count, links: count, versions: count, already: count, bytes: count, failed: count }),
      failures: z.array(z.strictObject({ key: z.string().describe('as it is stored'), path: z.string().nullable(), reason: z.string(), error })),
      notes: z.array(z.strictObject({ key: z.string(), path: z.string(), note: z.string() })).describe('decrypted, and worth a look'),
    }).describe('with --tree'),
  ]),
};
