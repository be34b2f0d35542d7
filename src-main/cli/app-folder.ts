import { tuningValues } from '../app/pair-rules.ts';
import type { PairSetting, Settings } from '../app/settings-schema.ts';
import { readSettings } from '../app/settings-schema.ts';
import { hasCode, SyncError } from '../core/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { readText } from '../platform/text-file.ts';
import { slotsOf, timetableText } from '../settings/bandwidth-rows.ts';
import { appSettingsFile } from '../settings/profile-places.ts';
import type { Config } from '../settings/settings.ts';
import type { VariableName } from '../settings/variables.ts';

/** A folder pair of the desktop app, as a command reads it. */
export interface AppFolder {
  readonly name: string;
  readonly id: string;
  readonly values: Readonly<Partial<Record<VariableName, string>>>;
  /** What settings files cannot say, or only worse. */
  readonly refine: (config: Config) => Config;
}

/** Keys that the app had in its memory only: the running app has them, nobody else. */
const SESSION_KEYS = 'keys that were for one session of the app only';

/** The app's folders; none where there is no app. Throws `config` where its settings are of a later version or damaged: guessing would sync something else. */
export async function appFolders(ports: Pick<Platform, 'fs' | 'home'>): Promise<readonly AppFolder[]> {
  const settings = await appSettings(ports);
  return settings === null ? [] : settings.pairs.map((pair) => appFolder(pair, settings));
}

export async function appSettings({ fs, home }: Pick<Platform, 'fs' | 'home'>): Promise<Settings | null> {
  const file = appSettingsFile(home);
  let text: string;
  try {
    text = await readText(fs, await fs.realPath(file));
  } catch (error) {
    if (hasCode(error, 'not-found', 'not-a-folder')) return null;
    throw new SyncError('config', `the settings of the desktop app (${file}) cannot be read`, { path: file, cause: error });
  }
  const read = readSettings(asJson(text));
  if (read.kind === 'ok') return read.settings;
  throw new SyncError('config', `the settings of the desktop app (${file}) ${read.kind === 'newer' ? 'were written by a later version' : 'are damaged'}`, {
    path: file,
    hint: read.kind === 'newer' ? 'Update this command to the version of the app.' : 'Open the app: it sets the file aside and says what it did.',
  });
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function appFolder(pair: PairSetting, { bandwidth, bandwidthTimetable, ...every }: Settings): AppFolder {
  const { id, name, source, conflictPolicy, conflictOverrides, ignoreJunk, protection } = pair;
  const ignorePatterns = [...every.ignorePatterns, ...pair.ignorePatterns];
  const { cron, timeZone, quiet } = pair.schedule ?? every.schedule;
  const timetable = timetableText(slotsOf(bandwidthTimetable));
  const isEncrypted = protection?.kind === 'encrypted';
  return {
    id,
    name,
    values: {
      WATCH_DIR: source,
      ...placeValues(pair.backend),
      CONFLICT_RESOLUTION: conflictPolicy,
      ...tuningValues(pair, every),
      ENCRYPTION_ENABLED: String(isEncrypted),
      COMPRESSION_ENABLED: String(protection?.kind === 'compressed' || (isEncrypted && protection.compression)),
      ...(isEncrypted ? { ENCRYPT_NAMES: String(protection.hideNames) } : {}),
      ...(cron === null ? {} : { SYNC_SCHEDULE: cron }),
      ...(timeZone === null ? {} : { SYNC_TIME_ZONE: timeZone }),
      ...(quiet.length === 0 ? {} : { QUIET_HOURS: quiet.join(',') }),
      ...(bandwidth.up === null ? {} : { BANDWIDTH_LIMIT_UP: `${bandwidth.up}B` }),
      ...(bandwidth.down === null ? {} : { BANDWIDTH_LIMIT_DOWN: `${bandwidth.down}B` }),
      ...(timetable === '' ? {} : { BANDWIDTH_TIMETABLE: timetable }),
      ...(pair.ignorePatterns.length > 0 && pair.ignorePatterns.every(fitsList) ? { IGNORE_PATTERNS: pair.ignorePatterns.join(',') } : {}),
    },
    refine: (config) => {
      const typed = config.settings.ignorePatterns.join() === pair.ignorePatterns.join() ? [] : config.settings.ignorePatterns;
      return { ...config, settings: { ...config.settings, ignorePatterns: [...ignorePatterns, ...typed], ignoreJunk, conflictOverrides } };
    },
  };
}

/** Whether it is read back from a list as it was: that is split at commas, and loses blanks around its parts. */
function fitsList(pattern: string): boolean {
  return !pattern.includes(',') && pattern.trim() === pattern;
}

function placeValues(backend: PairSetting['backend']): AppFolder['values'] {
  if (backend.kind === 'local') return { BACKEND_TYPE: 'local', BACKUP_DIR: backend.folder };
  const { bucket, prefix, endpoint, region, forcePathStyle, proxy, caFile, credentials } = backend;
  return {
    BACKEND_TYPE: 's3',
    S3_BUCKET: bucket,
    S3_PREFIX: prefix,
    ...(endpoint === null ? {} : { S3_ENDPOINT: endpoint }),
    ...(region === null ? {} : { AWS_REGION: region }),
    ...(forcePathStyle === null ? {} : { S3_FORCE_PATH_STYLE: String(forcePathStyle) }),
    ...(proxy === null ? {} : { S3_PROXY: proxy }),
    ...(caFile === null ? {} : { S3_CA_FILE: caFile }),
    ...(credentials.kind === 'profile' ? { AWS_PROFILE: credentials.name } : {}),
    ...(credentials.kind === 'keychain' ? { S3_KEYCHAIN: credentials.account } : {}),
    ...(credentials.kind === 'session' ? { S3_KEYCHAIN: SESSION_KEYS } : {}),
  };
}
