import { z } from 'zod';
import { documentOf } from './envelope.ts';

const words = z.string().nullable();
const note = z.strictObject({ line: z.number().int().nullable(), text: z.string() });
const changed = { file: z.string(), name: z.string(), value: words, changed: z.boolean().describe('false: it was so already') };

export const CONFIG_DOCUMENTS: Readonly<Record<string, z.ZodType>> = {
  profiles: documentOf('profiles', {
    profiles: z.array(
      z.strictObject({
        name: z.string(),
        kind: z.enum(['file', 'app']).describe('app: a folder of the desktop app'),
        source: words,
        backup: words,
        id: z.string().optional().describe('of a folder of the app'),
        file: z.string().optional(),
      }),
    ),
  }),
  'config list': documentOf('config list', {
    file: words.describe('the settings file, if there is one'),
    folder: words.describe('the id of the folder of the app'),
    settings: z.array(z.strictObject({ name: z.string(), value: words.describe('null: a secret'), secret: z.boolean(), from: z.string() })),
    faults: z.array(z.string()),
  }),
  'config get': documentOf('config get', { name: z.string(), value: words.describe('null: not set, or a secret'), secret: z.boolean(), from: words.describe('null: not set') }),
  'config set': documentOf('config set', changed),
  'config unset': documentOf('config unset', changed),
  'config import': documentOf('config import', {
    dryRun: z.boolean(),
    from: z.string(),
    file: z.string().describe('the settings file'),
    changes: z.array(z.strictObject({ name: z.string(), before: words, after: words.describe('null: taken out') })),
    keychain: words.describe('the account the keys are under'),
    notes: z.array(note).describe('what was left out'),
  }),
};
