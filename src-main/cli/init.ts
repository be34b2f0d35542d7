import { dirname, isAbsolute, relative, resolve } from 'node:path';
import type { S3Config } from '../backends/s3/s3-config.ts';
import { SyncError } from '../core/errors.ts';
import { storeKeys } from '../keychain/stored-keys.ts';
import type { Fs } from '../platform/fs.ts';
import { readText, writeTextBeside } from '../platform/text-file.ts';
import { checkApart, checkFolder, checkNothingNested, checkNotNested, checkStateOutside } from '../settings/check-folders.ts';
import { formatEnvValue } from '../settings/env-file.ts';
import { iamPolicy, takesBack } from '../settings/iam-policy.ts';
import { backendDocument, backendWarnings } from '../settings/s3-settings.ts';
import { type Config, readConfig } from '../settings/settings.ts';
import type { VariableName } from '../settings/variables.ts';
import { defaultStateFolder, ensurePrivateFolder } from '../state/state-dir.ts';
import { appFolders } from './app-folder.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { printable } from './format.ts';
import { askAbout, type Given, type InitFlags } from './init-questions.ts';
import { checkStore } from './init-store.ts';
import { planVault, type VaultPlan } from './init-vault.ts';
import { configFile, flagsOf, lookerName, type Session } from './session.ts';

export type { InitFlags };

/** Asks what is missing (on a terminal), checks the folder and the storage, and writes the settings file; joins or makes the encrypted vault. No file is synced yet. */
export async function initCommand(session: Session, flags: InitFlags): Promise<ExitCode> {
  const given = await askAbout(session, flags, flagsOf(session.globals));
  const config = configOf(session, given.values);
  if (flags.showPolicy === true) return showPolicy(session, config);
  if (flags.keepSecret !== undefined && !['keychain', 'file'].includes(flags.keepSecret)) throw new SyncError('usage', '--keep-secret takes keychain or file');
  const { context, printer } = session;
  const file = configFile(session);
  if ((await context.platform.fs.lstat(file)) !== null && flags.force !== true) {
    throw new SyncError('usage', `${file} is already there`, { path: file, hint: 'Write another one with --config FILE, or replace it with --force.' });
  }
  await checkFolders(session, config, flags.create ?? false);
  for (const warning of backendWarnings(config.backend)) printer.warn(`warning: ${warning}`);
  const report = config.backend.kind === 's3' ? await checkStore(session, config.backend, { ...flags, isNew: given.isNewBucket }) : null;
  if (session.globals.profile !== undefined) await ensurePrivateFolder(context.platform.fs, dirname(file));
  const vault = await setUpVault(session, config, { given, flags, file });
  printer.document({
    command: 'init',
    ok: true,
    exitCode: EXIT.inSync,
    file,
    source: config.source,
    backend: backendDocument(config.backend),
    ...(report === null ? {} : { protection: report.protection, findings: report.findings }),
    ...vault.document,
  });
  await saySharedName(session);
  for (const line of vault.words) printer.say(line);
  sayDone(session, config, file);
  return EXIT.inSync;
}

/** Writes the settings file, and after it the vault, if that is a new one: a vault whose key nobody has noted opens for nobody. */
async function setUpVault(
  session: Session,
  config: Config,
  { given, flags, file }: { readonly given: Given; readonly flags: InitFlags; readonly file: string },
): Promise<VaultPlan> {
  const { context } = session;
  const { fs, random } = context.platform;
  const store = await context.stores.open(config.backend, { client: await lookerName(session, config, 'keys') });
  try {
    const plan = await planVault(session, { store, config, flags, values: given.values });
    const before = (await fs.lstat(file)) === null ? null : await readText(fs, await fs.realPath(file));
    try {
      await writeTextBeside(fs, random, file, fileText({ ...(await toWrite(session, config, given)), ...plan.values }), 0o600);
      await plan.make();
    } catch (error) {
      await plan.undo().catch(() => undefined);
      await (before === null ? fs.unlink(file) : writeTextBeside(fs, random, file, before, 0o600)).catch(() => undefined);
      throw error;
    }
    return plan;
  } finally {
    await store.close();
  }
}

function configOf({ context }: Session, values: Given['values']): Config {
  const advice = values.BACKEND_TYPE === 's3' ? '--source DIR --backend s3 --bucket NAME' : '--source DIR --backup-dir DIR';
  return readConfig({
    flags: values,
    env: {},
    file: null,
    advice: `Give \`init\` what is missing (${advice}; \`file-sync init --help\` has examples), or run it on a terminal, where it asks.`,
    cwd: context.cwd,
    hostname: context.platform.home.hostname,
    resolve,
    dirname,
  });
}

function showPolicy({ printer }: Session, { backend }: Config): ExitCode {
  if (backend.kind !== 's3') throw new SyncError('usage', '--show-policy is for a bucket', { hint: 'Add --backend s3 --bucket NAME.' });
  const policy = iamPolicy(backend, { lifecycle: true });
  printer.document({ command: 'init', ok: true, exitCode: EXIT.inSync, policy });
  printer.say(JSON.stringify(policy, null, 2));
  if (takesBack(backend))
    printer.warn('s3:DeleteObjectVersion is for a bucket that keeps versions at a store that judges no conditions; where `doctor` says that the store lets one win, leave it out.');
  return EXIT.inSync;
}

/** The values with absolute places, and with the keys where they are to stay. */
async function toWrite({ context }: Session, config: Config, { values, keep }: Given): Promise<Given['values']> {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, ...plain } = values;
  const { backend } = config;
  const absolute = {
    ...plain,
    WATCH_DIR: config.source,
    ...(backend.kind === 'local' ? { BACKUP_DIR: backend.folder } : {}),
    ...(backend.kind === 's3' && backend.caFile !== null ? { S3_CA_FILE: backend.caFile } : {}),
    ...(config.stateDir === null ? {} : { STATE_DIR: config.stateDir }),
  };
  if (backend.kind !== 's3' || backend.credentials.kind !== 'keys') return absolute;
  if (keep !== 'keychain') return { ...absolute, ...defined({ AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN }) };
  const account = accountOf(backend);
  await storeKeys(context.keychain, account, backend.credentials);
  return { ...absolute, S3_KEYCHAIN: account };
}

function defined(values: Readonly<Record<string, string | undefined>>): Given['values'] {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** Two settings files for one place share the keys of that place. */
function accountOf({ bucket, prefix, endpoint }: S3Config): string {
  return `s3://${bucket}/${prefix}${endpoint === null ? '' : ` at ${new URL(endpoint).host}`}`;
}

/** C29: the folders are there, can be read, lie apart, and are in nobody else's pair. */
async function checkFolders(session: Session, { source: wanted, backend, stateDir }: Config, create: boolean): Promise<void> {
  const { fs, home } = session.context.platform;
  const folders = [wanted, ...(backend.kind === 'local' ? [backend.folder] : [])];
  for (const folder of folders) await offerFolder(session, fs, folder, create);
  const source = await checkFolder(fs, wanted, 'WATCH_DIR');
  const targets = backend.kind === 'local' ? [await checkFolder(fs, backend.folder, 'BACKUP_DIR')] : [];
  for (const target of targets) await checkApart(fs, source, target);
  await checkNotNested(fs, source, 'identity.json');
  for (const target of targets) await checkNotNested(fs, target, 'vault.json');
  await checkNothingNested(fs, source);
  await checkStateOutside(fs, stateDir ?? defaultStateFolder(home), source, ...targets);
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

function fileText(values: Partial<Record<VariableName, string>>): string {
  const lines = Object.entries(values).map(([name, value]) => `${name}=${formatEnvValue(value)}`);
  return ['# File Sync settings, written by `file-sync init`. docs/configuration.md describes every setting.', ...lines, ''].join('\n');
}

/** From now on the name alone is not enough. */
async function saySharedName({ printer, context, globals: { profile } }: Session): Promise<void> {
  if (profile === undefined || !(await appFolders(context.platform)).some(({ name }) => name === profile)) return;
  printer.warn(`note: the desktop app has a folder named ${printable(profile)} too: give one of them another name, or name the app's by its id (file-sync profiles --json)`);
}

function sayDone({ printer, globals: { profile } }: Session, { source, backend }: Config, file: string): void {
  const target = backend.kind === 'local' ? backend.folder : accountOf(backend);
  printer.say(`Wrote ${printable(file)}: ${printable(source)} syncs with ${printable(target)}.`);
  const inside = relative(source, file);
  if (!inside.startsWith('..') && !isAbsolute(inside)) {
    const risk = backend.kind === 's3' && backend.credentials.kind === 'keys' ? ', with the keys in it if they are there' : '';
    printer.warn(`note: this settings file lies in the synced folder, so other devices will get it too${risk}; --config names another place`);
  }
  const more = profile === undefined ? '' : ` --profile ${/^[\w.-]+$/.test(profile) ? profile : `'${profile}'`}`;
  printer.say(`Next: \`file-sync sync${more} --dry-run\` shows what would happen, \`file-sync sync${more}\` does it. The first sync merges both sides and deletes nothing.`);
}
