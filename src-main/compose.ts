import { basename, dirname, join, resolve, sep } from 'node:path';
import type { Backend, StoreReport } from './backends/backend.ts';
import { type BackendConfig, backendId, type LocalConfig, openBackend } from './backends/catalog.ts';
import { throttled } from './backends/wrap/throttled.ts';
import { vaultBackend } from './backends/wrap/vault-backend.ts';
import { clearSpool, fsSpool } from './codec/fs-spool.ts';
import type { CodecSettings, VaultDocument } from './codec/vault-document.ts';
import { bandwidthOf } from './compose/bandwidth.ts';
import { pairDesk } from './compose/desk.ts';
import { readSeenVault } from './compose/seen-vault.ts';
import { protectionOf, withKeys } from './compose/store.ts';
import { UserWord } from './compose/user-word.ts';
import { PairVault } from './compose/vault.ts';
import { localWatcher, storeWatch } from './compose/watchers.ts';
import { openControl } from './control/pair-control.ts';
import type { DeskRest } from './control/pair-desk.ts';
import type { WordyReviser } from './control/restore-request.ts';
import type { Version } from './core/entry.ts';
import { hasCode, SyncError } from './core/errors.ts';
import { nameRules } from './core/name-rules.ts';
import type { Notes } from './core/notes.ts';
import { CONTROL_FOLDER, type RelPath } from './core/rel-path.ts';
import type { PairSettings } from './core/settings.ts';
import { type EngineLog, silentLog } from './engine/log.ts';
import { SyncEngine } from './engine/sync-engine.ts';
import type { PairEngine, Restorer, StateBook, Verifier, Waiter } from './engine/sync-manager.ts';
import type { Keychain } from './keychain/keychain.ts';
import { keytarKeychain } from './keychain/keytar-keychain.ts';
import { openLocalTree } from './local/open-local-tree.ts';
import { type TrashReader, trashReader } from './local/trash-reader.ts';
import { workerScanner } from './local/worker-scanner.ts';
import type { Bandwidth } from './platform/bandwidth.ts';
import type { Fs } from './platform/fs.ts';
import { remoteFileSystem } from './platform/node-watch.ts';
import { openFileLog } from './platform/pino-log.ts';
import type { Platform } from './platform/platform.ts';
import type { Past } from './remote/history/past.ts';
import { openPast } from './remote/history/past-on-backend.ts';
import { openRemoteTree } from './remote/remote-tree-on-backend.ts';
import { checkApart, checkFolder, checkNothingNested, checkNotNested, checkStateOutside } from './settings/check-folders.ts';
import type { Config, VaultWish } from './settings/settings.ts';
import { acquireLock, currentHolder, type Holder, type Lock } from './state/lock.ts';
import { openStateSnapshot } from './state/snapshot-store.ts';
import { openSqliteState } from './state/sqlite-store.ts';
import { clientName, defaultStateFolder, ensurePrivateFolder, ensureStateFolder, stateFiles } from './state/state-dir.ts';
import type { StateStore } from './state/state-store.ts';

export type { Platform };

/** What one pair is made of: a checked configuration, or the same with a backend of the caller's own. */
export type PairConfig = Omit<Config, 'backend'> & { readonly backend: BackendConfig | Backend };

const PLAIN: VaultWish = { encryption: false, compression: false, hideNames: false };

export interface ComposeOptions {
  /** What kind of program owns the engine; named to whoever finds the folder taken. */
  readonly kind: Holder['kind'];
  /** `own`: takes the folder's lock. `look`: needs none and changes nothing that lasts; for dry runs and questions. */
  readonly mode: 'own' | 'look';
  /** How fast this and the caller's other pairs may be together. Left out: this pair has `config.bandwidth` to itself. */
  readonly bandwidth?: Bandwidth;
  /** Where keys of a bucket and of a vault may lie; left out: the system's. */
  readonly keychain?: Keychain;
  /** Looks at the folder without a thread of its own. */
  readonly scansHere?: boolean;
  /** Hears commands for this folder from other processes of the user and carries them out (docs/control.md). What it says of pausing goes before the engine's own. */
  readonly serves?: Partial<DeskRest>;
}

export interface Pair {
  readonly engine: PairEngine;
  readonly verifier: Verifier;
  readonly reviser: WordyReviser;
  readonly restorer: Restorer;
  readonly book: StateBook;
  readonly waiter: Waiter;
  readonly past: Past;
  /** What changes from elsewhere replaced or removed here. */
  readonly trash: TrashReader;
  /** The store's time, ms. */
  storeNow(): Promise<number>;
  /** The real path of the synced folder. */
  readonly source: string;
  /** What happens when two devices save one file at once; null while nobody has found out. */
  protection(): Promise<StoreReport['protection'] | null>;
  /** Small things the pair remembers; with `look` changes of them do not last. */
  readonly notes: Notes;
  /** How objects lie on the other side; null in the open, or not known yet. */
  codec(): CodecSettings | null;
  /** The vault's file as this device last opened it; null where it never did, or the vault is plain. */
  seenVault(): Promise<VaultDocument | null>;
  /** The bytes of one version on the other side; null when it is no longer there. */
  readRemote(path: RelPath, version: Version): Promise<AsyncIterable<Uint8Array> | null>;
  /** Who owns the folder now; null when nobody does. */
  holder(): Promise<Holder | null>;
  /** Stops the engine, writes what waits, lets go of the folder. */
  close(): Promise<void>;
}

/** The one place where the parts of a pair are put together; used by the app, the command line and the library. Throws when the folders are wrong or the folder is `locked`; then nothing is left open. */
export async function composePair(config: PairConfig, platform: Platform, { kind, mode, bandwidth: shared, keychain, scansHere = false, serves }: ComposeOptions): Promise<Pair> {
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
    const target = isConfig(config.backend) ? await placeOf(config.backend, source, platform, keychain) : config.backend;
    const stateFolder = config.stateDir ?? defaultStateFolder(home);
    await checkStateOutside(fs, stateFolder, source, ...(isConfig(target) && target.kind === 'local' ? [target.folder] : []));
    if (mode === 'own') await ensureStateFolder(fs, stateFolder, random);
    const client = await clientName({ fs, folder: stateFolder, source, host: home.hostname, random, newHasher, create: mode === 'own' });
    const files = stateFiles(stateFolder, source, isConfig(target) ? backendId(target) : target.id, newHasher);
    const lockOptions = { file: files.lock, fs, clock };
    // The walk over every folder is for the first time only; later on a pair inside this one is refused when that one is set up.
    if ((await fs.lstat(files.database)) === null) await checkNothingNested(fs, source);
    let log: EngineLog = silentLog;
    let state: StateStore;
    if (mode === 'own') {
      const lock = await acquireLock(lockOptions, { pid: home.pid, host: home.hostname, kind });
      closers.push(() => lock.release());
      const rootLock = await lockRoot(source, stateFolder, { pid: home.pid, host: home.hostname, kind }, platform);
      if (rootLock !== null) closers.push(() => rootLock.release());
      await ensurePrivateFolder(fs, dirname(files.log));
      const fileLog = await openFileLog({ file: files.log, level: config.logLevel, format: config.logFormat ?? 'json', fs, clock });
      closers.push(() => fileLog.close());
      log = fileLog;
      state = await openSqliteState({ file: files.database, fs, clock });
      await clearSpool(fs, files.spool);
    } else state = await openStateSnapshot({ file: files.database, fs, clock });
    closers.push(() => state.close());
    const control = mode === 'own' && serves !== undefined ? await openControl({ ...platform, lockFile: files.lock, kind, source, log }) : null;
    if (control !== null) closers.push(() => control.close());

    const bandwidth = shared ?? bandwidthOf(config, clock, closers);
    const store = isConfig(target)
      ? await openBackend(target, {
          ...platform,
          fs: target.kind === 'local' ? await fsFor(target.folder, platform) : fs,
          client,
          bandwidth,
          watch: storeWatch(platform, config.settings),
          notes: state.notes,
        })
      : throttled(target, bandwidth);
    const vault = new PairVault({
      ...platform,
      store,
      notes: state.notes,
      keychain: keychain ?? keytarKeychain(platform),
      wish: config.vault ?? PLAIN,
      ...(config.settings.compressionLevel === undefined ? {} : { compressionLevel: config.settings.compressionLevel }),
      given: config.vaultSecret,
      ...(mode === 'own' ? { spool: fsSpool({ fs, folder: files.spool, random, chance: platform.chance }) } : {}),
      settles: mode === 'own',
    });
    const backend = vaultBackend(store, (options) => vault.open(options));
    closers.push(() => backend.close());
    const local = await openLocalTree({
      fs: await fsFor(source, platform),
      clock,
      random,
      newHasher,
      root: source,
      trashDays: config.settings.trashDays,
      client,
      ...(scansHere ? {} : { scanner: workerScanner() }),
    });
    closers.push(() => local.close());
    const remote = openRemoteTree({
      backend,
      newHasher,
      clock,
      random,
      device: config.settings.deviceName,
      keepVersions: keepsVersions(config.settings),
      alwaysCopies: config.settings.versionsKeepIn === 'copies',
      vaults: vault,
    });
    const words = new UserWord();
    const engine = await SyncEngine.open({
      local,
      remote,
      state: words.state(state),
      watcher: mode === 'own' ? localWatcher(platform, config.settings) : null,
      clock,
      random,
      newHasher,
      log,
      settings: config.settings,
    });
    closers.push(() => engine.stop());
    const pair: Pair = {
      engine,
      verifier: engine,
      reviser: words.reviser(engine),
      restorer: engine,
      book: engine,
      waiter: engine,
      past: openPast({ backend, newHasher }),
      trash: trashReader({ fs, newHasher, root: source, names: nameRules(home.platform) }),
      storeNow: () => remote.now(),
      source,
      readRemote: (path, version) => remote.read(path, version),
      protection: () => protectionOf(store, state.notes),
      notes: state.notes,
      codec: () => vault.codec,
      seenVault: () => readSeenVault(state.notes),
      holder: () => currentHolder(lockOptions),
      close,
    };
    control?.attach(pairDesk(pair, { schedule: config.schedule, ...(serves === undefined ? {} : { hold: serves }) }));
    // Before the engine stops: whoever waits for its word finds the folder free and goes on alone.
    if (control !== null) closers.push(() => control.close());
    return pair;
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
}

/**
 * A second lock, in the synced folder itself: two engines with different state folders must not share it either (scenario 99). Only where a marker says that the folder is ours, so that nothing is left in an
 * empty mount point; and not on a network, whose file systems may not lock. A file that is held open keeps a drive from being unmounted, so on any other disk than the state's one only looks whether it is taken.
 * What cannot be written there is no reason to stop.
 */
async function lockRoot(source: string, stateFolder: string, me: Parameters<typeof acquireLock>[1], { fs, clock }: Platform): Promise<Lock | null> {
  const control = join(source, CONTROL_FOLDER);
  if ((await remoteFileSystem(source)) !== null || (await fs.lstat(join(control, 'identity.json')).catch(() => null)) === null) return null;
  try {
    const isKept = (await fs.lstat(source))?.dev === (await fs.lstat(stateFolder))?.dev;
    const lock = await acquireLock({ file: join(control, 'lock'), fs, clock }, me);
    if (isKept) return lock;
    await lock.release();
    return null;
  } catch (error) {
    if (!(error instanceof SyncError) || error.code === 'locked') throw error;
    return null;
  }
}

/** A folder on a network is asked through the thread pool, so that one slow answer holds up nothing else. */
async function fsFor(folder: string, { fs, quickFs }: Platform): Promise<Fs> {
  return quickFs !== undefined && (await remoteFileSystem(folder)) === null ? quickFs : fs;
}

function keepsVersions({ versionsKeep, versionsDays }: PairSettings): boolean {
  return versionsKeep > 0 && versionsDays > 0;
}

function isConfig(backend: BackendConfig | Backend): backend is BackendConfig {
  return !('put' in backend);
}

/** The other side, ready to be opened: a folder that is checked, a bucket with its keys. */
async function placeOf(config: BackendConfig, source: string, platform: Platform, keychain: Keychain = keytarKeychain(platform)): Promise<BackendConfig> {
  return config.kind === 'local' ? checkTarget(config, source, platform) : withKeys(config, keychain);
}

/** C29: the backup folder lies apart from the source and from every other pair. */
async function checkTarget(config: LocalConfig, source: string, platform: Platform): Promise<BackendConfig> {
  const { fs } = platform;
  const folder = await realTarget(config.folder, source, platform);
  if ((await fs.lstat(folder)) === null) return { ...config, folder };
  await checkFolder(fs, folder, 'BACKUP_DIR');
  await checkApart(fs, source, folder);
  await checkNotNested(fs, folder, 'vault.json');
  return { ...config, folder };
}

/** The real path of the backup folder; of one that is not there now (a drive that is not connected), what it will be. That must not lie in the source either. */
export async function realTarget(folder: string, source: string, { fs }: Platform): Promise<string> {
  const real = await realPathOf(fs, resolve(folder));
  if (`${real}${sep}`.startsWith(`${source}${sep}`) && real !== source && (await fs.lstat(real)) === null)
    throw new SyncError('overlap', `the backup folder ${folder} would lie inside the synced folder ${source}`, {
      path: folder,
      hint: 'Choose two folders of which neither lies in the other.',
    });
  return real;
}

async function realPathOf(fs: Fs, path: string): Promise<string> {
  try {
    return await fs.realPath(path);
  } catch (error) {
    if (!hasCode(error, 'not-found') || dirname(path) === path) throw error;
    return join(await realPathOf(fs, dirname(path)), basename(path));
  }
}
