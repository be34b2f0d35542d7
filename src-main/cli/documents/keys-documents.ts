import { z } from 'zod';
import { documentOf } from './envelope.ts';
import { count, time } from './parts.ts';

const keyring = z.strictObject({
  revision: count,
  checked: z.boolean().describe('false: no key is at hand, so it is as the store says'),
  slots: z.array(
    z.strictObject({
      id: z.string(),
      kind: z.enum(['passphrase', 'key', 'recovery']),
      label: z.string(),
      made: time,
      kdf: z.strictObject({ memoryKiB: count, passes: count, lanes: count }).nullable(),
      used: z.boolean().describe('opens the vault here'),
    }),
  ),
  epochs: z.array(z.strictObject({ id: z.union([z.string(), z.number()]), made: time, current: z.boolean() })),
});
const vault = {
  vault: z.string(),
  format: z.number().int(),
  codec: z.looseObject({}).nullable().describe('encryption, compression, names; null: plain'),
  switch: z
    .strictObject({ from: z.looseObject({}), began: time })
    .nullable()
    .describe('while it is being switched: how objects lay there before'),
  keyring: keyring.nullable(),
};
const changed = { ...vault, file: z.string().nullable().describe('where a new secret was written') };

const reencrypted = {
  reencrypted: z.strictObject({
    seen: count.describe('objects that were looked at'),
    resealed: count.describe('objects that were written again'),
    bytes: count.describe('of those, as stored'),
    complete: z.boolean().describe('nothing is under an old epoch'),
    refused: z.array(z.strictObject({ key: z.string(), code: z.string(), reason: z.string().nullable(), message: z.string() })).describe('left as they are'),
  }),
  retired: z.array(count).describe('epochs whose keys are gone from the vault'),
  retireAfter: time.nullable().describe('old epochs stay until then'),
};
const switched = {
  file: z.string().nullable().describe('where a new key was written'),
  switched: reencrypted.reencrypted.describe('resealed: objects that were brought into the new form'),
  ended: z.boolean().describe('nothing of the old form is there, and none is read any more'),
  endAfter: time.nullable().describe('one more run after that ends it'),
};
const switchPlan = z.strictObject({ objects: count, bytes: count.describe('as stored'), to: z.looseObject({}), begun: z.boolean() });
const plan = z.strictObject({ objects: count, bytes: count.describe('as stored'), oldEpochs: z.array(count) });

export const KEYS_DOCUMENTS: Readonly<Record<string, z.ZodType>> = {
  keys: documentOf('keys', { store: z.string(), ...vault }),
  'keys add': documentOf('keys add', changed),
  'keys change': documentOf('keys change', changed),
  'keys remove': documentOf('keys remove', changed),
  'keys rotate': documentOf('keys rotate', {
    ...changed,
    dropped: z.array(z.string()).describe('slots that open the vault no more'),
    ...z.strictObject(reencrypted).partial().shape,
  }),
  'keys reencrypt': documentOf('keys reencrypt', { ...vault, ...z.strictObject({ plan: plan.describe('with --dry-run, and nothing else then'), ...reencrypted }).partial().shape }),
  'keys switch': documentOf('keys switch', { ...vault, ...z.strictObject({ plan: switchPlan.describe('with --dry-run, and nothing else then'), ...switched }).partial().shape }),
  'keys sheet': documentOf('keys sheet', changed),
  'keys remember': documentOf('keys remember', { vault: z.string() }),
  'keys forget': documentOf('keys forget', { vault: z.string().nullable() }),
  'keys save': documentOf('keys save', { vault: z.string(), revision: count, file: z.string() }),
  'keys restore': documentOf('keys restore', { vault: z.string(), revision: count.nullable().describe('null: not encrypted') }),
};
