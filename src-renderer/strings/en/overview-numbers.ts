import { count } from '../format.ts';

/** Age, rate and cost on the overview. */
export const numbers = {
  ageTitle: (name: string, age: string) => `${name} was last in step ${age}`,
  ageNever: (name: string) => `${name} has not been in step yet`,
  ageText: 'What changed since then may be in one place only. Look at what stands in its way, or sync now.',
  rate: 'Transfer',
  rateNow: (rate: string) => `${rate}/s`,
  rateMeasuring: 'measuring…',
  rateNone: 'Nothing is being transferred.',
  rateGraph: (now: string, peak: string) => `Transfer over the last two minutes: now ${now} a second, at most ${peak} a second`,
  peak: (rate: string) => `peak ${rate}/s in the last two minutes`,
  month: 'Backup this month',
  stored: 'Stored',
  versions: (n: number, size: string) => `${count(n, 'old version')} besides, ${size}`,
  requests: 'Requests',
  cost: 'Cost',
  costNotes: {
    list: 'Estimated by list prices, for this device.',
    own: 'Estimated by your own prices, for this device.',
    both: 'Estimated by list prices and your own, for this device.',
  },
  unknownCost: 'unknown',
  unknownCostNote: 'Prices are known of the large providers only. Enter yours in the folder’s settings.',
} as const;
