import { dirname, resolve } from 'node:path';
import { isShared } from '../../app/folder-setting.ts';
import { SyncError } from '../../core/errors.ts';
import { writeTextBeside } from '../../platform/text-file.ts';
import { withSetting } from '../../settings/edit-env.ts';
import { parseEnvFile } from '../../settings/env-file.ts';
import { gatherSettings } from '../../settings/gather-settings.ts';
import { appSettingsFile } from '../../settings/profile-places.ts';
import { isPlace, isSecret, type VariableName } from '../../settings/variables.ts';
import { ensurePrivateFolder } from '../../state/state-dir.ts';
import { type AppFolder, appFolders } from '../app-folder.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { printable } from '../format.ts';
import { appFolderOf, configFile, loadConfig, readSettingsFile, type Session, settingsSources } from '../session.ts';
import { faultOf, settingName } from './config-list.ts';
import { setInApp } from './set-in-app.ts';

export const NEW_FILE = '# File Sync settings. docs/configuration.md describes every setting.\n';

export async function configSetCommand(session: Session, text: string, value: string): Promise<ExitCode> {
  const name = settingName(text);
  // Others on this machine can read a command line (I9).
  if (isSecret(name))
    throw new SyncError('usage', `${name} is a secret and does not belong on a command line`, {
      hint:
        name === 'ENCRYPTION_KEY'
          ? 'Keep it in the keychain: `file-sync keys remember`. Or set it in the environment.'
          : 'Keep the keys in the keychain: `file-sync init --keep-keys keychain`, or `file-sync config import`. Or set them in the environment.',
    });
  if (value === '') throw new SyncError('usage', `an empty value means that ${name} is not set`, { hint: `file-sync config unset ${name}` });
  const absolute = isPlace(name) ? resolve(session.context.cwd, value) : value;
  const fault = faultOf(name, absolute);
  if (fault !== null) throw new SyncError('usage', `${name} ${fault}`, { hint: 'docs/configuration.md describes every setting.' });
  return change(session, 'config set', name, absolute);
}

export async function configUnsetCommand(session: Session, text: string): Promise<ExitCode> {
  return change(session, 'config unset', settingName(text), null);
}

async function change(session: Session, command: string, name: VariableName, value: string | null): Promise<ExitCode> {
  const { printer } = session;
  const folder = await folderOfApp(session);
  if (folder !== null) return changeInApp(session, command, folder, name, value);
  const { file, text } = await fileToChange(session);
  const before = parseEnvFile(text ?? '').values.get(name)?.value ?? null;
  if (value !== before) await writeSettings(session, file, withSetting(text ?? NEW_FILE, name, value));
  printer.document({ command, ok: true, exitCode: EXIT.inSync, file, name, value, changed: value !== before });
  printer.say(
    value === before
      ? `${name} ${value === null ? 'is not set' : 'is so already'} in ${printable(file)}.`
      : `${name} ${value === null ? 'taken out of' : 'written to'} ${printable(file)}.`,
  );
  await sayOutdone(session, name, file);
  if (value !== before) await sayStillOld(session);
  return EXIT.inSync;
}

/** The app does it where it runs, and else goes by it from its next start. */
async function changeInApp(session: Session, command: string, { id, name: called, values }: AppFolder, name: VariableName, value: string | null): Promise<ExitCode> {
  const { printer, context } = session;
  const isRunning = await setInApp(session, id, name, value);
  const now = (await appFolders(context.platform)).find((folder) => folder.id === id)?.values;
  const changed = now?.[name] !== values[name];
  printer.document({ command, ok: true, exitCode: EXIT.inSync, file: appSettingsFile(context.platform.home), name, value, changed });
  const place = `the app's folder ${printable(called)}`;
  if (!changed) printer.say(`${name} is so already in ${place}.`);
  else printer.say(`${name} ${value === null ? 'taken out of' : 'written to'} ${place}${isRunning ? ', which goes by it at once' : ''}.`);
  if (isShared(name)) printer.warn('note: the app has this once for all its folders');
  await sayOutdone(session, name, 'of the app');
  return EXIT.inSync;
}

/** The settings file a change goes to, and what it holds; null where it is to be made. */
export async function fileToChange(session: Session): Promise<{ readonly file: string; readonly text: string | null }> {
  if ((await folderOfApp(session)) !== null)
    throw new SyncError('usage', `${session.globals.profile} is a folder of the desktop app, which takes over no other settings`, {
      hint: 'Add a folder in the window, or change single settings: file-sync config set.',
    });
  const file = configFile(session);
  const { fs } = session.context.platform;
  const isThere = (await fs.lstat(file)) !== null;
  return { file, text: isThere ? ((await readSettingsFile(session))?.text ?? null) : null };
}

/** A profile that is not there yet is made; that it is no folder of the app must be known. */
async function folderOfApp(session: Session): Promise<AppFolder | null> {
  const { fs } = session.context.platform;
  if (session.globals.profile !== undefined && (await fs.lstat(configFile(session))) === null) {
    return (await appFolders(session.context.platform)).find(({ name, id }) => name === session.globals.profile || id === session.globals.profile) ?? null;
  }
  return appFolderOf(session);
}

/** A link into a folder of dotfiles stays one, and the file keeps its permissions; a new one is for this user alone. */
export async function writeSettings({ context }: Session, file: string, text: string): Promise<void> {
  const { fs, random } = context.platform;
  if ((await fs.lstat(file)) === null) await ensurePrivateFolder(fs, dirname(file));
  const real = await fs.realPath(file).catch(() => file);
  await writeTextBeside(fs, random, real, text, (await fs.lstat(real))?.mode ?? 0o600);
}

async function sayOutdone(session: Session, name: VariableName, file: string): Promise<void> {
  const from = gatherSettings((await settingsSources(session)).sources).given.get(name)?.where;
  if (from !== undefined && !from.endsWith(file)) session.printer.warn(`note: the ${from} says something else about ${name}, and goes before the file`);
}

/** Who runs already has read the file at its start. */
async function sayStillOld(session: Session): Promise<void> {
  const { context, printer } = session;
  const owner = await loadConfig(session, { isQuiet: true })
    .then((config) => context.owner(config, context.platform))
    .catch(() => null);
  if (owner === null) return;
  owner.close();
  const { kind, pid } = owner.who;
  printer.warn(
    kind === 'app'
      ? 'note: the desktop app keeps this folder in sync and goes by settings of its own: `file-sync profiles` names them'
      : `note: the File Sync that keeps this folder in sync (process ${pid}) goes by it from its next start`,
  );
}
