import type { PairPatch } from '../../src-preload/contract/channels.ts';
import { TUNING_VARIABLES, type TuningKey, type TuningVariable } from '../../src-preload/contract/tuning.ts';
import { SyncError } from '../core/errors.ts';
import type { Schedule } from '../settings/schedule.ts';
import { VARIABLES, type VariableName } from '../settings/variables.ts';
import { scheduleFaultText } from './schedule-preview.ts';
import { type PairSetting, type Settings, settingsSchema } from './settings-schema.ts';

const TUNING = new Map<string, TuningKey>((Object.keys(TUNING_VARIABLES) as TuningKey[]).map((key) => [TUNING_VARIABLES[key], key]));
const OTHERS = [
  'CONFLICT_RESOLUTION',
  'IGNORE_PATTERNS',
  'SYNC_SCHEDULE',
  'SYNC_TIME_ZONE',
  'QUIET_HOURS',
  'BANDWIDTH_LIMIT_UP',
  'BANDWIDTH_LIMIT_DOWN',
  'DEVICE_NAME',
  'LOG_LEVEL',
] as const satisfies readonly VariableName[];

/** What a command can change of a folder, under the names of settings files. The others say what the folder is: it would be another one. */
export const FOLDER_SETTINGS: readonly FolderSetting[] = [...OTHERS, ...Object.values(TUNING_VARIABLES)];
type FolderSetting = (typeof OTHERS)[number] | TuningVariable;

/** What the app has once for all its folders. */
type Shared = Partial<Pick<Settings, 'bandwidth' | 'deviceName' | 'logLevel'>>;
export type SettingChange = { readonly kind: 'folder'; readonly patch: PairPatch } | { readonly kind: 'shared'; readonly settings: Shared };

export function isShared(name: VariableName): boolean {
  return name.startsWith('BANDWIDTH_') || name === 'DEVICE_NAME' || name === 'LOG_LEVEL';
}

/** What changes when a command sets a setting of a folder, or (null) takes it out. Throws `usage` where the app cannot hold that. */
export function settingChange(settings: Settings, id: string, name: string, value: string | null): SettingChange {
  const pair = settings.pairs.find((one) => one.id === id);
  if (pair === undefined) throw new SyncError('not-found', 'the app has no such folder (any more)');
  const change = changeOf(settings, pair, folderSetting(name), value);
  const result = settingsSchema.safeParse(change.kind === 'shared' ? { ...settings, ...change.settings } : { ...settings, pairs: [patched(pair, change.patch)] });
  const fault = change.kind === 'folder' && change.patch.schedule != null ? scheduleFaultText(change.patch.schedule) : null;
  if (!result.success || fault !== null) throw new SyncError('usage', `${name}: ${fault ?? result.error?.issues[0]?.message ?? 'more than the app takes'}`);
  return change;
}

/** The same in a settings file that no app holds. */
export function withFolderSetting(settings: Settings, id: string, name: string, value: string | null): Settings {
  const change = settingChange(settings, id, name, value);
  if (change.kind === 'shared') return { ...settings, ...change.settings };
  return { ...settings, pairs: settings.pairs.map((pair) => (pair.id === id ? patched(pair, change.patch) : pair)) };
}

export function patched(old: PairSetting, { name, conflictPolicy, conflictOverrides, ignorePatterns, ignoreJunk, schedule, tuning }: PairPatch): PairSetting {
  return {
    ...old,
    name: name ?? old.name,
    conflictPolicy: conflictPolicy ?? old.conflictPolicy,
    ignorePatterns: ignorePatterns === undefined ? old.ignorePatterns : [...ignorePatterns],
    ignoreJunk: ignoreJunk ?? old.ignoreJunk,
    conflictOverrides: conflictOverrides === undefined ? old.conflictOverrides : [...conflictOverrides],
    schedule: schedule === undefined ? old.schedule : schedule === null ? null : { ...schedule, quiet: [...schedule.quiet] },
    tuning: tuning ?? old.tuning,
  };
}

function folderSetting(name: string): FolderSetting {
  const found = FOLDER_SETTINGS.find((one) => one === name);
  if (found !== undefined) return found;
  throw new SyncError('usage', `${name} is nothing that a command can change in a folder of the app`, {
    hint: `These can be changed: ${FOLDER_SETTINGS.join(', ')}. The rest is in the window; for one command only: --set NAME=VALUE.`,
  });
}

function changeOf(settings: Settings, pair: PairSetting, name: FolderSetting, value: string | null): SettingChange {
  const { bandwidth } = settings;
  switch (name) {
    case 'CONFLICT_RESOLUTION':
      return { kind: 'folder', patch: { conflictPolicy: read(name, value ?? 'keep_both') } };
    case 'IGNORE_PATTERNS':
      return { kind: 'folder', patch: { ignorePatterns: value === null ? [] : read(name, value) } };
    case 'SYNC_SCHEDULE':
      return times(settings, pair, { cron: value === null ? null : read(name, value) });
    case 'SYNC_TIME_ZONE':
      return times(settings, pair, { timeZone: value === null ? null : read(name, value) });
    case 'QUIET_HOURS':
      return times(settings, pair, { quiet: value === null ? [] : read(name, value) });
    case 'BANDWIDTH_LIMIT_UP':
      return { kind: 'shared', settings: { bandwidth: { ...bandwidth, up: value === null ? null : read(name, value) } } };
    case 'BANDWIDTH_LIMIT_DOWN':
      return { kind: 'shared', settings: { bandwidth: { ...bandwidth, down: value === null ? null : read(name, value) } } };
    case 'DEVICE_NAME':
      return { kind: 'shared', settings: { deviceName: value === null ? null : read(name, value) } };
    case 'LOG_LEVEL':
      return { kind: 'shared', settings: { logLevel: value === null ? 'info' : read(name, value) } };
    default:
      return tuned(pair, name, value);
  }
}

/** Taken out, it is as for every folder. */
function tuned({ tuning }: PairSetting, name: TuningVariable, value: string | null): SettingChange {
  const others = Object.entries(tuning).filter(([key]) => key !== TUNING.get(name));
  const own = value === null ? [] : [[TUNING.get(name), read(name, value)] as const];
  return { kind: 'folder', patch: { tuning: Object.fromEntries([...others, ...own]) } };
}

function read<N extends FolderSetting>(name: N, value: string): ReturnType<(typeof VARIABLES)[N]['parse']> {
  const result = VARIABLES[name].safeParse(value);
  if (!result.success) throw new SyncError('usage', `${name} ${result.error.issues[0]?.message ?? 'is malformed'}`);
  return result.data as ReturnType<(typeof VARIABLES)[N]['parse']>;
}

/** A folder's own times begin as those of every folder, and are its own until they are the same again. */
function times({ schedule: every }: Settings, { schedule: own }: PairSetting, change: Partial<Schedule>): SettingChange {
  const next = { ...(own ?? every), ...change };
  const isEvery = next.cron === every.cron && next.timeZone === every.timeZone && next.quiet.join() === every.quiet.join();
  return { kind: 'folder', patch: { schedule: isEvery ? null : { ...next, quiet: [...next.quiet] } } };
}
