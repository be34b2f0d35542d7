import { tuningOf, tuningVariables } from '../../src-preload/contract/tuning.ts';
import type { VariableName } from '../settings/variables.ts';
import type { PairRules } from './engine-protocol.ts';
import type { PairSetting, Settings } from './settings-schema.ts';

/** What counts for a folder: its own, else what every folder goes by. */
export function pairRules(pair: PairSetting, every: Settings): PairRules {
  const { conflictPolicy, conflictOverrides, ignoreJunk } = pair;
  return {
    conflictPolicy,
    conflictOverrides,
    ignorePatterns: [...every.ignorePatterns, ...pair.ignorePatterns],
    ignoreJunk,
    schedule: pair.schedule ?? every.schedule,
    tuning: tuningOf(every.tuning, pair.tuning),
    deviceName: every.deviceName,
    logLevel: every.logLevel,
    freeSpace: every.freeSpace,
  };
}

/** The same for the command line, beside rules and times. */
export function tuningValues(pair: PairSetting, every: Pick<Settings, 'tuning' | 'deviceName' | 'logLevel'>): Partial<Record<VariableName, string>> {
  return {
    ...tuningVariables(tuningOf(every.tuning, pair.tuning)),
    ...(every.deviceName === null ? {} : { DEVICE_NAME: every.deviceName }),
    LOG_LEVEL: every.logLevel,
  };
}

/** The folders for which something else counts after a change; an engine takes that up only when it is made anew. */
export function ruledAnew(before: Settings, after: Settings): readonly PairSetting[] {
  const said = (settings: Settings, pair: PairSetting): string => JSON.stringify(pairRules(pair, settings));
  return after.pairs.filter((pair) => {
    const old = before.pairs.find(({ id }) => id === pair.id);
    return old === undefined || said(before, old) !== said(after, pair);
  });
}
