import type { PairView, SettingsView } from '../../../src-preload/contract/model.ts';
import { slotsOf, timetableText } from '../../../src-preload/contract/timetable.ts';
import { DEFAULT_TUNING, type Tuning, tuningOf, tuningVariables } from '../../../src-preload/contract/tuning.ts';

type Every = Pick<SettingsView, 'ignorePatterns' | 'bandwidth' | 'bandwidthTimetable' | 'schedule' | 'tuning' | 'deviceName' | 'logLevel'>;

/** The command line that does for a folder what the app does. Holds no secret: where keys come from, at most. */
export function cliCommand(pair: PairView, settings: Every, verb: 'sync' | 'watch' = 'watch'): string {
  const { source, storage, protection, settings: own } = pair;
  const schedule = own.schedule ?? settings.schedule;
  const set: Readonly<Record<string, string | null>> = {
    ...(storage.kind === 's3'
      ? {
          S3_BUCKET: storage.bucket,
          S3_PREFIX: storage.prefix.replace(/\/$/, '') || null,
          S3_ENDPOINT: storage.endpoint,
          AWS_REGION: storage.region,
          AWS_PROFILE: storage.signIn.kind === 'profile' ? storage.signIn.name : null,
        }
      : {}),
    CONFLICT_RESOLUTION: own.conflictPolicy === 'keep_both' ? null : own.conflictPolicy,
    IGNORE_PATTERNS: [...settings.ignorePatterns, ...own.ignorePatterns].join(',') || null,
    ...changed(tuningOf(settings.tuning, own.tuning)),
    DEVICE_NAME: settings.deviceName,
    LOG_LEVEL: settings.logLevel === 'info' ? null : settings.logLevel,
    SYNC_SCHEDULE: schedule.cron,
    SYNC_TIME_ZONE: schedule.timeZone,
    QUIET_HOURS: schedule.quiet.join(',') || null,
    BANDWIDTH_LIMIT_UP: settings.bandwidth.up === null ? null : `${settings.bandwidth.up}B`,
    BANDWIDTH_LIMIT_DOWN: settings.bandwidth.down === null ? null : `${settings.bandwidth.down}B`,
    BANDWIDTH_TIMETABLE: timetableText(slotsOf(settings.bandwidthTimetable)) || null,
    COMPRESSION_ENABLED: protection?.compressed === true ? 'true' : null,
    ENCRYPTION_ENABLED: protection?.encrypted === true ? 'true' : null,
    ENCRYPT_NAMES: protection?.hidesNames === true ? 'true' : null,
  };
  const place = storage.kind === 's3' ? ['--backend s3'] : [`--backup-dir ${shellPath(storage.path)}`];
  const given = Object.entries(set).flatMap(([name, value]) => (value === null ? [] : [`--set ${shellWord(`${name}=${value}`)}`]));
  return [`file-sync ${verb}`, `--source ${shellPath(source)}`, ...place, ...given].join(' \\\n  ');
}

/** Those that are not as the command line has them by itself. */
function changed(tuning: Tuning): Readonly<Record<string, string | null>> {
  const standard: Readonly<Record<string, string>> = tuningVariables(DEFAULT_TUNING);
  return Object.fromEntries(Object.entries(tuningVariables(tuning)).map(([name, text]) => [name, text === standard[name] ? null : text]));
}

/** The same by the app's own settings. */
export function profileCommand({ name }: Pick<PairView, 'name'>): string {
  return `file-sync --profile ${shellWord(name)} watch`;
}

/** As a POSIX shell reads it back. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** `~` means the home folder only where it is not quoted. */
function shellPath(path: string): string {
  if (path === '~') return path;
  return path.startsWith('~/') ? `~/${path.length === 2 ? '' : shellWord(path.slice(2))}` : shellWord(path);
}
