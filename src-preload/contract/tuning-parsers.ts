import { z } from 'zod';
import { DEVICE_NAME, DIRECTIONS, isSample, KEEP_IN, type Limits, PRICE_DECIMALS, SETTING_LIMITS, type TuningKey } from './tuning.ts';

const within = ({ min, max }: Limits) => z.int().min(min).max(max);
const price = z
  .number()
  .min(SETTING_LIMITS.price.min)
  .max(SETTING_LIMITS.price.max)
  .refine((dollars) => Number(dollars.toFixed(PRICE_DECIMALS)) === dollars, { error: `must have at most ${PRICE_DECIMALS} decimals` })
  .nullable();

/** Each by itself, with the limits that the variables of the command line have. */
export const TUNING_FIELDS = {
  direction: z.enum(DIRECTIONS),
  maxConcurrent: within(SETTING_LIMITS.maxConcurrent),
  debounceMs: within(SETTING_LIMITS.debounceMs),
  versionsKeep: within(SETTING_LIMITS.versionsKeep),
  versionsDays: within(SETTING_LIMITS.versionsDays),
  versionsThin: z.boolean(),
  versionsMaxBytes: z.int().min(1).max(Number.MAX_SAFE_INTEGER).nullable(),
  versionsKeepIn: z.enum(KEEP_IN),
  versionsPruneBucket: z.boolean(),
  trashDays: within(SETTING_LIMITS.trashDays),
  verifySample: z
    .discriminatedUnion('kind', [z.strictObject({ kind: z.literal('count'), files: z.number() }), z.strictObject({ kind: z.literal('part'), percent: z.number() })])
    .refine(isSample, { error: 'must be a number of files or a part of them' }),
  verifyEveryDays: within(SETTING_LIMITS.verifyEveryDays),
  compressionLevel: within(SETTING_LIMITS.compressionLevel),
  holdDeletions: within(SETTING_LIMITS.holdDeletions),
  holdDeletionsPercent: within(SETTING_LIMITS.holdDeletionsPercent),
  holdRewrites: within(SETTING_LIMITS.holdRewrites),
  priceStorage: price,
  priceDownload: price,
  priceWrites: price,
  priceReads: price,
} as const satisfies Readonly<Record<TuningKey, z.ZodType>>;

export const DEVICE_NAME_TEXT = z.string().trim().regex(DEVICE_NAME);
