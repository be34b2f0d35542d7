import { z } from 'zod';
import { CONFLICT_POLICIES, type ConflictPolicy } from '../../src-main/core/conflict.ts';
import { type Channel, PAUSE_LENGTHS, type Requests } from './channels.ts';
import { NOTIFY_LEVELS, THEMES } from './model.ts';

const id = z.string().regex(/^[0-9a-f]{16}$/);
const token = z.string().regex(/^[0-9a-f]{16}$/);
const policy = z.enum(CONFLICT_POLICIES as readonly [ConflictPolicy, ...ConflictPolicy[]]);
/** Paths are read again as RelPath where they are used. */
const path = z.string().min(1).max(4096);
const line = (max: number) =>
  z
    .string()
    .max(max)
    .refine((text) => !/[\0\r\n]/.test(text), { error: 'must be one line' });
export const PAIR_NAME = line(80).trim().min(1);
/** Limits keep a pasted file from becoming a rule set that takes seconds to match. */
export const IGNORE_PATTERNS = z.array(line(256).min(1)).max(200);

const pair = { pair: id };
const somePair = { pair: id.nullable() };
const tokens = { source: token, target: token };

/** Reads each request's input in the main process. Unknown keys are refused: the renderer is ours, so they mean a mistake or an attack. */
export const PARSERS: { readonly [C in Channel]: z.ZodType<Requests[C]['input']> } = {
  'app/state': z.null(),
  'app/set': z.strictObject({ theme: z.enum(THEMES), startAtLogin: z.boolean(), notify: z.enum(NOTIFY_LEVELS) }).partial(),
  'app/dismiss': z.strictObject({ notice: z.string().max(64) }),
  'app/quit': z.null(),
  'engine/restart': z.null(),
  'folder/choose': z.strictObject({ purpose: z.enum(['source', 'target']) }),
  'pair/check': z.strictObject(tokens),
  'pair/add': z.strictObject({ ...tokens, name: PAIR_NAME, conflictPolicy: policy }),
  'pair/remove': z.strictObject(pair),
  'pair/change': z.strictObject({
    ...pair,
    name: PAIR_NAME.optional(),
    conflictPolicy: policy.optional(),
    ignorePatterns: IGNORE_PATTERNS.optional(),
    ignoreJunk: z.boolean().optional(),
  }),
  'pair/open': z.strictObject({ ...pair, side: z.enum(['source', 'target']) }),
  'pair/reveal': z.strictObject({ ...pair, path }),
  'sync/now': z.strictObject(somePair),
  'sync/pause': z.strictObject({ ...somePair, length: z.enum(PAUSE_LENGTHS) }),
  'sync/resume': z.strictObject(somePair),
  'held/release': z.strictObject({ ...pair, shown: z.int().min(1) }),
  'conflict/resolve': z.strictObject({ ...pair, path, choice: z.enum(['local', 'remote', 'both']) }),
  'conflict/preview': z.strictObject({ ...pair, path }),
  'activity/list': z.strictObject({
    ...somePair,
    search: line(200),
    only: z.enum(['all', 'failed']),
    before: z.number().nullable(),
    limit: z.int().min(1).max(500),
  }),
};
