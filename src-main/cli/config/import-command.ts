import { dirname, join, resolve } from 'node:path';
import { hasCode, SyncError } from '../../core/errors.ts';
import { storeKeys } from '../../keychain/stored-keys.ts';
import { readText } from '../../platform/text-file.ts';
import { withSetting } from '../../settings/edit-env.ts';
import { parseEnvFile } from '../../settings/env-file.ts';
import { readConfig } from '../../settings/settings.ts';
import type { VariableName } from '../../settings/variables.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { printable } from '../format.ts';
import type { Session } from '../session.ts';
import { fileToChange, NEW_FILE, writeSettings } from './config-set.ts';
import { importAws } from './import-aws.ts';
import { importEnv } from './import-env.ts';
import { importRclone } from './import-rclone.ts';
import type { Imported, ImportNote } from './imported.ts';

export const IMPORT_KINDS = ['env', 'aws', 'rclone'] as const;

export interface ImportFlags {
  readonly file?: string;
  readonly dryRun?: boolean;
}

interface Change {
  readonly name: VariableName;
  readonly before: string | null;
  /** Null: taken out, because what comes in takes its place. */
  readonly after: string | null;
}

/** Takes settings of another program over into the settings file; keys go into the keychain or nowhere. With anything malformed nothing is changed. */
export async function importCommand(session: Session, kind: string, what: string | undefined, { file: given, dryRun = false }: ImportFlags): Promise<ExitCode> {
  const { printer, context } = session;
  const { from, imported } = await read(session, kind, what, given);
  if (imported.faults.length > 0) throw malformed(from, imported.faults);
  const { file, text } = await fileToChange(session);
  if (resolve(file) === from) throw new SyncError('usage', `${file} is the very file that would be written`, { hint: 'Name another target by --config FILE or --profile NAME.' });
  const account = imported.keys === null ? null : accountOf(imported.values);
  const changes = changesTo(text ?? '', imported, account);
  if (!dryRun) {
    if (imported.keys !== null && account !== null) await keep(session, account, imported.keys);
    const next = changes.reduce((now, { name, after }) => withSetting(now, name, after), text ?? NEW_FILE);
    if (next !== text) await writeSettings(session, file, next);
  }
  printer.document({ command: 'config import', ok: true, exitCode: EXIT.inSync, dryRun, from, file, changes, keychain: account, notes: imported.notes });
  for (const { name, before, after } of changes)
    printer.say(after === null ? `- ${name}` : `${before === null ? '+' : '~'} ${name}=${printable(after)}${before === null ? '' : ` (was ${printable(before)})`}`);
  if (account !== null) printer.say(`${dryRun ? 'keys would go' : 'keys went'} into the keychain, account ${printable(account)}`);
  for (const note of imported.notes) printer.warn(`note: ${printable(placed(note, from))}`);
  if (dryRun) printer.say('This was a dry run: nothing was changed.');
  else {
    printer.say(`${changes.length === 0 ? 'All of it is so already' : `${changes.length} changed`} in ${printable(file)}.`);
    sayMissing(session, file, await readText(context.platform.fs, await context.platform.fs.realPath(file)).catch(() => ''));
  }
  return EXIT.inSync;
}

async function read(session: Session, kind: string, what: string | undefined, given: string | undefined): Promise<{ readonly from: string; readonly imported: Imported }> {
  const { cwd, platform } = session.context;
  const { homeDir, env } = platform.home;
  switch (kind) {
    case 'env': {
      const named = what ?? given;
      if (named === undefined) throw new SyncError('usage', 'which file?', { hint: 'file-sync config import env ../other/.env' });
      const from = resolve(cwd, named);
      return {
        from,
        imported: importEnv(await textOf(session, from, { hint: 'Name another: file-sync config import env ../other/.env.' }), (path) => resolve(dirname(from), path)),
      };
    }
    case 'aws': {
      const from = given === undefined ? env['AWS_CONFIG_FILE'] || join(homeDir, '.aws', 'config') : resolve(cwd, given);
      const credentials = env['AWS_SHARED_CREDENTIALS_FILE'] || join(dirname(from), 'credentials');
      return { from, imported: importAws(await textOf(session, from, { fallback: '' }), await textOf(session, credentials, { fallback: '' }), what ?? 'default') };
    }
    case 'rclone': {
      const from = given === undefined ? env['RCLONE_CONFIG'] || rcloneConf(session) : resolve(cwd, given);
      return { from, imported: importRclone(await textOf(session, from), what) };
    }
    default:
      throw new SyncError('usage', `${kind} is not known: it takes ${IMPORT_KINDS.join(', ')}`);
  }
}

function rcloneConf({ context }: Session): string {
  const { platform, homeDir, env } = context.platform.home;
  const folder = platform === 'win32' ? env['APPDATA'] || join(homeDir, 'AppData', 'Roaming') : env['XDG_CONFIG_HOME'] || join(homeDir, '.config');
  return join(folder, 'rclone', 'rclone.conf');
}

async function textOf(
  { context }: Session,
  file: string,
  { fallback, hint = 'Name another by --file.' }: { readonly fallback?: string; readonly hint?: string } = {},
): Promise<string> {
  const { fs } = context.platform;
  try {
    return await readText(fs, await fs.realPath(file));
  } catch (error) {
    if (fallback !== undefined && hasCode(error, 'not-found')) return fallback;
    throw new SyncError('config', hasCode(error, 'not-found') ? `there is no file ${file}` : `${file} cannot be read`, {
      path: file,
      cause: error,
      hint,
    });
  }
}

function malformed(from: string, faults: readonly ImportNote[]): SyncError {
  const lines = faults.map((fault) => placed(fault, from));
  return new SyncError('config', lines.length === 1 ? (lines[0] ?? '') : `${from} has ${lines.length} faults:\n${lines.map((line) => `  - ${line}`).join('\n')}`, {
    path: from,
    hint: 'Correct it there and import again; nothing was changed.',
  });
}

function placed({ line, text }: ImportNote, from: string): string {
  return line === null ? text : `line ${line} of ${from}: ${text}`;
}

function accountOf(values: Imported['values']): string {
  const endpoint = values.get('S3_ENDPOINT');
  return `s3://${values.get('S3_BUCKET') ?? ''}/${values.get('S3_PREFIX') ?? ''}${endpoint === undefined ? '' : ` at ${new URL(endpoint).host}`}`;
}

/** Credentials come from one place, so what comes in puts the others out. */
function changesTo(text: string, { values }: Imported, account: string | null): readonly Change[] {
  const before = parseEnvFile(text).values;
  const wanted = new Map<VariableName, string | null>(values);
  if (account !== null) wanted.set('S3_KEYCHAIN', account);
  if (wanted.has('S3_KEYCHAIN') || wanted.has('AWS_PROFILE')) {
    const own = SECRETS.filter((name) => before.has(name));
    // Keys that may be nowhere else are not ours to remove.
    if (own.length > 0)
      throw new SyncError('usage', `the settings file holds keys of its own (${own.join(', ')})`, {
        hint: `Take them out first (${own.map((name) => `file-sync config unset ${name}`).join('; ')}), or import into another profile.`,
      });
    for (const name of ['S3_KEYCHAIN', 'AWS_PROFILE'] as const) if (!wanted.has(name) && before.has(name)) wanted.set(name, null);
  }
  if (values.get('BACKEND_TYPE') === 's3' && before.has('BACKUP_DIR')) wanted.set('BACKUP_DIR', null);
  return [...wanted].flatMap(([name, after]) => {
    const was = before.get(name)?.value ?? null;
    return was === after ? [] : [{ name, before: was, after }];
  });
}

const SECRETS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] as const;

async function keep({ context }: Session, account: string, keys: NonNullable<Imported['keys']>): Promise<void> {
  try {
    await storeKeys(context.keychain, account, keys);
  } catch (error) {
    if (!hasCode(error, 'refused')) throw error;
    throw new SyncError('refused', 'the keys could not be put into the keychain, so nothing was changed', {
      cause: error,
      hint: 'Unlock the keychain and try again; or put the keys into ~/.aws (aws configure --profile NAME) and run `file-sync config import aws NAME`.',
    });
  }
}

/** What the file still lacks to be used. */
function sayMissing({ printer, context }: Session, path: string, text: string): void {
  try {
    readConfig({ flags: {}, env: {}, file: { path, text }, cwd: context.cwd, hostname: context.platform.home.hostname, resolve, dirname });
    printer.say('Next: `file-sync doctor` looks at all of it, `file-sync sync --dry-run` shows what would happen.');
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    printer.warn(`note: ${printable(error.message.replaceAll('\n', ' '))}`);
  }
}
