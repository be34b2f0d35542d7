import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { CONFLICT_POLICIES } from '../core/conflict.ts';
import { SyncError } from '../core/errors.ts';
import type { Fs } from '../platform/fs.ts';
import { writeText } from '../platform/text-file.ts';
import { checkApart, checkFolder, checkNothingNested, checkNotNested, checkStateOutside } from '../settings/check-folders.ts';
import { formatEnvValue } from '../settings/env-file.ts';
import { type Config, readConfig } from '../settings/settings.ts';
import type { VariableName } from '../settings/variables.ts';
import { defaultStateFolder } from '../state/state-dir.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { printable } from './format.ts';
import { configFile, flagsOf, type Session } from './session.ts';

export interface InitFlags {
  readonly deviceName?: string;
  readonly conflictResolution?: string;
  readonly force?: boolean;
  readonly create?: boolean;
}

type Values = Partial<Record<VariableName, string>>;

/** Asks what is missing (on a terminal), checks both folders and writes the settings file. Nothing is synced yet. */
export async function initCommand(session: Session, flags: InitFlags): Promise<ExitCode> {
  const { context, printer } = session;
  const { fs } = context.platform;
  const file = configFile(session);
  if ((await fs.lstat(file)) !== null && !flags.force) {
    throw new SyncError('usage', `${file} is already there`, { path: file, hint: 'Write another one with --config FILE, or replace it with --force.' });
  }
  const values = await askMissing(session, {
    BACKEND_TYPE: 'local',
    ...flagsOf(session.globals),
    ...(flags.deviceName === undefined ? {} : { DEVICE_NAME: flags.deviceName }),
    ...(flags.conflictResolution === undefined ? {} : { CONFLICT_RESOLUTION: flags.conflictResolution }),
  });
  const config = readConfig({ flags: values, env: {}, file: null, cwd: context.cwd, hostname: context.platform.home.hostname, resolve, dirname });
  await checkPair(session, config, flags.create ?? false);
  const absolute: Values = { ...values, WATCH_DIR: config.source, BACKUP_DIR: config.backend.folder, ...(config.stateDir === null ? {} : { STATE_DIR: config.stateDir }) };
  await writeText(fs, file, fileText(absolute), 0o600);
  printer.document({ command: 'init', ok: true, exitCode: EXIT.inSync, file, source: config.source, backend: config.backend });
  printer.say(`Wrote ${printable(file)}: ${printable(config.source)} syncs with ${printable(config.backend.folder)}.`);
  const inside = relative(config.source, file);
  if (!inside.startsWith('..') && !isAbsolute(inside))
    printer.warn('note: this settings file lies in the synced folder, so other devices will get it too; --config names another place');
  printer.say('Next: `file-sync sync --dry-run` shows what would happen, `file-sync sync` does it. The first sync merges both sides and deletes nothing.');
  return EXIT.inSync;
}

async function askMissing({ context, printer }: Session, given: Values): Promise<Values> {
  const { ask } = context;
  if (ask === null || printer.json) return given;
  const values = { ...given };
  const need = async (name: VariableName, question: string, fallback: string | null): Promise<void> => {
    while (values[name] === undefined) {
      const answer = (await ask(`${question}${fallback === null ? '' : ` [${fallback}]`}: `)).trim() || (fallback ?? '');
      if (answer !== '') values[name] = answer;
    }
  };
  await need('WATCH_DIR', 'Folder to keep in sync', null);
  await need('BACKUP_DIR', 'Backup folder (on another disk, a NAS or a USB drive)', null);
  await need('DEVICE_NAME', 'Name of this device', context.platform.home.hostname);
  await need('CONFLICT_RESOLUTION', `When both sides changed a file (${CONFLICT_POLICIES.join(', ')})`, 'keep_both');
  return values;
}

/** C29: both folders are there, can be read, lie apart, and are in nobody else's pair. */
async function checkPair(session: Session, config: Config, create: boolean): Promise<void> {
  const { fs } = session.context.platform;
  for (const folder of [config.source, config.backend.folder]) await offerFolder(session, fs, folder, create);
  const source = await checkFolder(fs, config.source, 'WATCH_DIR');
  const target = await checkFolder(fs, config.backend.folder, 'BACKUP_DIR');
  await checkApart(fs, source, target);
  await checkNotNested(fs, source, 'identity.json');
  await checkNotNested(fs, target, 'vault.json');
  await checkNothingNested(fs, source);
  await checkStateOutside(fs, config.stateDir ?? defaultStateFolder(session.context.platform.home), source, target);
}

async function offerFolder({ context, printer }: Session, fs: Fs, folder: string, create: boolean): Promise<void> {
  if ((await fs.lstat(folder)) !== null) return;
  const agreed = create || (context.ask !== null && !printer.json && /^y(es)?$/i.test((await context.ask(`${printable(folder)} does not exist. Create it? [y/N]: `)).trim()));
  if (!agreed) throw new SyncError('config', `there is no folder ${folder}`, { path: folder, hint: 'Create it, connect its drive, or let `init --create` create it.' });
  await makeFolders(fs, folder);
}

async function makeFolders(fs: Fs, folder: string): Promise<void> {
  if ((await fs.lstat(folder)) !== null) return;
  await makeFolders(fs, dirname(folder));
  await fs.mkdir(folder);
}

function fileText(values: Values): string {
  const lines = Object.entries(values).map(([name, value]) => `${name}=${formatEnvValue(value)}`);
  return ['# File Sync settings, written by `file-sync init`. docs/configuration.md describes every setting.', ...lines, ''].join('\n');
}
