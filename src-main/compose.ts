import { dirname, resolve, sep } from 'node:path';
import type { Backend } from './backends/backend.ts';
import { openBackend } from './backends/catalog.ts';
import { hasCode, SyncError } from './core/errors.ts';
import type { PairSettings } from './core/settings.ts';
import { SyncEngine } from './engine/sync-engine.ts';
import { type EngineLog, silentLog } from './engine/log.ts';
import type { PairEngine } from './engine/sync-manager.ts';
import { openLocalTree } from './local/local-tree-on-fs.ts';
import { openFileLog } from './platform/pino-log.ts';
import type { Platform } from './platform/platform.ts';
import { openRemoteTree } from './remote/remote-tree-on-backend.ts';
import { checkApart, checkFolder, checkNotNested, checkNothingNested } from './settings/check-folders.ts';
import type { BackendConfig, Config } from './settings/settings.ts';
import { acquireLock, currentHolder, type Holder } from './state/lock.ts';
import { openStateSnapshot } from './state/snapshot-store.ts';
import { openSqliteState } from './state/sqlite-store.ts';
import { defaultStateFolder, ensurePrivateFolder, stateFiles } from './state/state-dir.ts';
import type { StateStore } from './state/state-store.ts';
import { createWatcher } from './watch/create-watcher.ts';

export type { Platform };

/** What one pair is made of: a checked configuration, or the same with a backend of the caller's own. */
export type PairConfig = Omit<Config, 'backend'> & { readonly backend: BackendConfig | Backend };

export interface ComposeOptions {
  /** What kind of program owns the engine; named to whoever finds the folder taken. */
  readonly kind: Holder['kind'];
  /** `own`: takes the folder's lock. `look`: needs none and changes nothing that lasts; for dry runs and questions. */
  readonly mode: 'own' | 'look';
}

export interface Pair {
  readonly engine: PairEngine;
  /** The real path of the synced folder. */
  readonly source: string;
  /** Who owns the folder now; null when nobody does. */
  holder(): Promise<Holder | null>;
  /** Stops the engine, writes what waits, lets go of the folder. */
  close(): Promise<void>;
}

/** The one place where the parts of a pair are put together; used by the app, the command line and the library. Throws when the folders are wrong or the folder is `locked`; then nothing is left open. */
export async function composePair(config: PairConfig, platform: Platform, { kind, mode }: ComposeOptions): Promise<Pair> {
  const { fs, clock, random, newHasher, home } = platform;
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    const results = [];
    for (let closer = closers.pop(); closer !== undefined; closer = closers.pop()) results.push(await Promise.allSettled([closer()]));
    for (const [result] of results) if (result?.status === 'rejected') throw result.reason;
  };
  try {
    const source = await checkFolder(fs, config.source, 'WATCH_DIR');
    await checkNotNested(fs, source, 'identity.json');
    const backend = await backendOf(config.backend, source, platform);
    closers.push(() => backend.close());

    const stateFolder = config.stateDir ?? defaultStateFolder(home);
    const files = stateFiles(stateFolder, source, backend.id, newHasher);
    const lockOptions = { file: files.lock, fs, clock };
    // The walk over every folder is for the first time only; later on a pair inside this one is refused when that one is set up.
    if ((await fs.lstat(files.database)) === null) await checkNothingNested(fs, source);
    let log: EngineLog = silentLog;
    let state: StateStore;
    if (mode === 'own') {
      await ensurePrivateFolder(fs, stateFolder);
      const lock = await acquireLock(lockOptions, { pid: home.pid, host: home.hostname, kind });
      closers.push(() => lock.release());
      await ensurePrivateFolder(fs, dirname(files.log));
      const fileLog = await openFileLog({ file: files.log, level: config.logLevel, fs, clock });
      closers.push(() => fileLog.close());
      log = fileLog;
      state = await openSqliteState({ file: files.database, fs, clock });
    } else state = await openStateSnapshot({ file: files.database, fs, clock });
    closers.push(() => state.close());

    const local = await openLocalTree({ root: source, platform, settings: config.settings });
    closers.push(() => local.close());
    const remote = openRemoteTree({ backend, newHasher, clock, device: config.settings.deviceName, keepVersions: keepsVersions(config.settings) });
    const watcher = mode === 'own' ? createWatcher({ platform, settings: config.settings }) : null;
    const engine = await SyncEngine.open({ local, remote, state, watcher, clock, random, log, settings: config.settings });
    closers.push(() => engine.stop());
    return { engine, source, holder: () => currentHolder(lockOptions), close };
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
}

function keepsVersions({ versionsKeep, versionsDays }: PairSettings): boolean {
  return versionsKeep > 0 && versionsDays > 0;
}

async function backendOf(config: BackendConfig | Backend, source: string, platform: Platform): Promise<Backend> {
  if (!('folder' in config)) return config;
  const { fs } = platform;
  const folder = await realTarget(config.folder, source, platform);
  if ((await fs.lstat(folder)) !== null) {
    await checkFolder(fs, folder, 'BACKUP_DIR');
    await checkApart(fs, source, folder);
    await checkNotNested(fs, folder, 'vault.json');
  }
  return openBackend({ ...config, folder }, platform);
}

/** The real path of the backup folder; of one that is not there now (a drive that is not connected) the path as given, which must not lie in the source either. */
async function realTarget(folder: string, source: string, { fs }: Platform): Promise<string> {
  try {
    return await fs.realPath(folder);
  } catch (error) {
    if (!hasCode(error, 'not-found')) throw error;
    if (`${resolve(folder)}${sep}`.startsWith(`${source}${sep}`)) throw new SyncError('overlap', `the backup folder ${folder} would lie inside the synced folder ${source}`, { path: folder, cause: error });
    return folder;
  }
}
