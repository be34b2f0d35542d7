import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import type { ComposeOptions, Pair } from '../compose.ts';
import { SyncError } from '../core/errors.ts';
import { parseRelPath, type RelPath } from '../core/rel-path.ts';
import { readText } from '../platform/text-file.ts';
import { backendWarnings } from '../settings/s3-settings.ts';
import { type Config, type ConfigSources, readConfig } from '../settings/settings.ts';
import { isSecret, isVariable, type VariableName } from '../settings/variables.ts';
import { clientName, defaultStateFolder } from '../state/state-dir.ts';
import type { AppFolder } from './app-folder.ts';
import type { CliContext } from './context.ts';
import type { Printer } from './printer.ts';
import { profileFile, profileNamed } from './profiles.ts';

/** What every command takes. */
export interface GlobalOptions {
  readonly config?: string;
  readonly profile?: string;
  readonly json?: boolean;
  readonly color: boolean;
  readonly logLevel?: string;
  readonly source?: string;
  readonly backend?: string;
  readonly backupDir?: string;
  readonly set?: readonly string[];
}

export interface Session {
  readonly context: CliContext;
  readonly printer: Printer;
  readonly globals: GlobalOptions;
}

/** Whether errors show where they come from. The settings file cannot say so: it may be what the error is about. */
export function isDebugging({ context, globals }: Session): boolean {
  return (globals.logLevel ?? context.env['LOG_LEVEL'])?.toLowerCase() === 'debug';
}

export const DEFAULT_CONFIG_FILE = '.env';

/** The settings file that the command line means; of a profile, where its file lies or would. */
export function configFile({ context, globals }: Session): string {
  const { config, profile } = globals;
  if (profile === undefined) return resolve(context.cwd, config ?? DEFAULT_CONFIG_FILE);
  if (config !== undefined) throw new SyncError('usage', '--config and --profile each name settings', { hint: 'Leave one of them.' });
  return profileFile(profile, context.platform.home);
}

/** The folder of the desktop app that `--profile` names; null where it names a file, or nothing. */
export async function appFolderOf({ context, globals: { profile, config } }: Session): Promise<AppFolder | null> {
  if (profile === undefined || config !== undefined) return null;
  const found = await profileNamed(profile, context.platform);
  return found.kind === 'app' ? found.folder : null;
}

/** Everything that says how a pair is to be treated, before it is judged. */
export async function settingsSources(session: Session): Promise<{ readonly sources: ConfigSources; readonly folder: AppFolder | null }> {
  const { context, globals } = session;
  const folder = await appFolderOf(session);
  const file = folder === null ? await readSettingsFile(session) : null;
  const sources: ConfigSources = {
    flags: flagsOf(globals),
    env: context.env,
    file,
    ...(folder === null && file === null ? { advice: `There is no settings file ${configFile(session)}: \`file-sync init\` writes one, --config names another.` } : {}),
    ...(folder === null ? {} : { base: { where: `folder ${folder.name} of the app`, values: folder.values } }),
    isProfile: globals.profile !== undefined,
    cwd: context.cwd,
    hostname: context.platform.home.hostname,
    resolve,
    dirname,
  };
  return { sources, folder };
}

/** Flags, environment and the settings file as one checked configuration. What is allowed and had better be known is said, unless `isQuiet`. */
export async function loadConfig(session: Session, { isQuiet = false }: { readonly isQuiet?: boolean } = {}): Promise<Config> {
  const { sources, folder } = await settingsSources(session);
  const read = readConfig(sources);
  const config = folder === null ? read : folder.refine(read);
  if (!isQuiet) for (const { text, fix } of await settingsWarnings(session, config)) session.printer.warn(`warning: ${text}${fix === null ? '' : ` (${fix})`}`);
  return config;
}

export async function settingsWarnings(session: Session, { backend, vaultSecret }: Config): Promise<readonly { readonly text: string; readonly fix: string | null }[]> {
  const { fs, home } = session.context.platform;
  const warnings = backendWarnings(backend).map((text) => ({ text, fix: null }));
  const mayHoldKeys = vaultSecret !== undefined || (backend.kind === 's3' && backend.credentials.kind === 'keys');
  if (!mayHoldKeys || home.platform === 'win32') return warnings;
  if ((await appFolderOf(session)) !== null) return warnings;
  const file = configFile(session);
  const real = await fs.realPath(file).catch(() => file);
  const mode = (await fs.lstat(real))?.mode ?? 0;
  if ((mode & 0o077) === 0) return warnings;
  return [...warnings, { text: `others can read the keys in ${file} (mode ${mode.toString(8)})`, fix: `chmod 600 '${file}'` }];
}

export async function readSettingsFile(session: Session): Promise<{ readonly path: string; readonly text: string } | null> {
  const { fs } = session.context.platform;
  const path = configFile(session);
  try {
    // A settings file may be a link into a folder of dotfiles.
    return { path, text: await readText(fs, await fs.realPath(path)) };
  } catch (error) {
    const missing = error instanceof SyncError && error.code === 'not-found';
    if (missing && session.globals.config === undefined && session.globals.profile === undefined) return null;
    throw new SyncError('config', missing ? `there is no settings file ${path}` : `the settings file ${path} cannot be read`, {
      path,
      cause: error,
      hint: 'Name another by --config, or write one with `file-sync init`.',
    });
  }
}

/** What the command line says, by variable. */
export function flagsOf({ source, backend, backupDir, logLevel, set = [] }: GlobalOptions): Partial<Record<VariableName, string>> {
  const flags: Partial<Record<VariableName, string>> = {};
  for (const assignment of set) {
    const [, name = '', value = ''] = /^([A-Za-z0-9_]+)=([\s\S]*)$/.exec(assignment) ?? [];
    if (!isVariable(name))
      throw new SyncError('usage', name === '' ? '--set takes NAME=VALUE' : `--set: ${name} is not a known setting`, { hint: 'docs/configuration.md lists every setting.' });
    // Other users of the machine can read a command line (I9).
    if (isSecret(name))
      throw new SyncError('usage', `--set: ${name} is a secret and does not belong on a command line`, { hint: 'Put it into the settings file or the environment.' });
    flags[name] = value;
  }
  return {
    ...flags,
    ...(source === undefined ? {} : { WATCH_DIR: source }),
    ...(backend === undefined ? {} : { BACKEND_TYPE: backend }),
    ...(backupDir === undefined ? {} : { BACKUP_DIR: backupDir }),
    ...(logLevel === undefined ? {} : { LOG_LEVEL: logLevel }),
  };
}

/** A name for a client that only looks, beside the engine's own; the same at every run, so that it leaves no new traces each time. */
export function lookerName({ context }: Session, { source, stateDir }: Pick<Config, 'source' | 'stateDir'>, role: string): Promise<string> {
  const { fs, random, newHasher, home } = context.platform;
  return clientName({ fs, folder: stateDir ?? defaultStateFolder(home), source: `${source}\0${role}`, host: home.hostname, random, newHasher, create: false });
}

/** Opens the pair, hands it to `work` and closes it again. `look`: without owning the folder and without changing anything. */
export async function withPair<T>(session: Session, mode: 'own' | 'look', work: (pair: Pair, config: Config) => Promise<T>, more: Pick<ComposeOptions, 'serves'> = {}): Promise<T> {
  const config = await loadConfig(session);
  const pair = await session.context.compose(config, session.context.platform, { kind: 'cli', mode, ...more });
  try {
    return await work(pair, config);
  } finally {
    await pair.close();
  }
}

/** A path argument: absolute, relative to the current folder when it starts with a dot, else relative to the synced folder. */
export function pathArgument(session: Session, source: string, text: string): RelPath {
  const fromHere = isAbsolute(text) || /^\.{1,2}([/\\]|$)/.test(text);
  const inside = fromHere ? relative(source, resolve(session.context.cwd, text)) : text;
  const parsed = parseRelPath(inside.split(sep).join('/').replace(/\/+$/, ''));
  if ('fault' in parsed) {
    throw new SyncError('usage', `${text} does not name a file or folder inside ${source}`, { hint: 'Give a path relative to the synced folder, or an absolute one inside it.' });
  }
  return parsed.path;
}
