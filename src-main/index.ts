import { resolve } from 'node:path';
import type { Backend } from './backends/backend.ts';
import type { LocalConfig } from './backends/catalog.ts';
import type { CredentialSource, S3Config } from './backends/s3/s3-config.ts';
import { FileCodec, type FileEncryptorOptions, type FileOptions } from './codec/file-encryptor.ts';
import { composePair, type Pair, type PairConfig } from './compose.ts';
import type { Choice, Conflict, ConflictPolicy } from './core/conflict.ts';
import { SyncError } from './core/errors.ts';
import type { CycleReport, PairStatus, SyncEvents } from './core/events.ts';
import { type RelPath, relPath } from './core/rel-path.ts';
import type { LogLevel } from './core/setting-limits.ts';
import { DEFAULT_PAIR_SETTINGS, type PairSettings } from './core/settings.ts';
import type { PairEngine, SyncOptions, VerifyOptions, WhyReport } from './engine/sync-manager.ts';
import type { VerifyReport } from './engine/verify-report.ts';
import { type BandwidthLimits, NO_LIMITS } from './platform/bandwidth.ts';
import { BandwidthLimiter as ClockedLimiter } from './platform/bandwidth-limiter.ts';
import { nodePlatform } from './platform/node-platform.ts';
import { checkedS3, type S3Options } from './settings/s3-options.ts';

export type * from './backends/backend.ts';
export { CONTRACT_CHECKS, type ContractResult, checkContract } from './backends/check-contract.ts';
export type { Action } from './core/action.ts';
export type { CorruptReason, ErrorCode } from './core/errors.ts';
export type { SyncEvents } from './core/events.ts';
export type { DamageKind, Finding, LeftoverKind, Severity } from './engine/verify-report.ts';
export { severityOf } from './engine/verify-report.ts';
export type {
  Backend,
  BandwidthLimits,
  Choice,
  Conflict,
  ConflictPolicy,
  CycleReport,
  FileEncryptorOptions,
  FileOptions,
  LogLevel,
  PairSettings,
  PairStatus,
  RelPath,
  S3Options,
  SyncOptions,
  VerifyOptions,
  VerifyReport,
  WhyReport,
};
export { SyncError };

/** A bucket of S3-compatible storage. The constructor throws a SyncError `config` when an option is malformed; nothing is sent yet. */
export class S3Backend implements S3Config {
  readonly kind = 's3';
  readonly bucket: string;
  readonly prefix: string;
  readonly endpoint: string | null;
  readonly region: string | null;
  readonly forcePathStyle: boolean | null;
  readonly credentials: CredentialSource;
  readonly proxy: string | null;
  readonly caFile: string | null;
  constructor(options: S3Options) {
    const config = checkedS3(options);
    this.bucket = config.bucket;
    this.prefix = config.prefix;
    this.endpoint = config.endpoint;
    this.region = config.region;
    this.forcePathStyle = config.forcePathStyle;
    this.credentials = config.credentials;
    this.proxy = config.proxy;
    this.caFile = config.caFile;
  }
}

/** A folder on another disk, a NAS or a USB drive. */
export class LocalBackend implements LocalConfig {
  readonly kind = 'local';
  readonly folder: string;
  constructor({ folder }: { readonly folder: string }) {
    this.folder = resolve(folder);
  }
}

/**
 * Encrypts single files under a key of 32 bytes, and reads them again: `new FileEncryptor({ key }).encryptFile('secret.txt')` writes `secret.txt.enc` beside it and gives its path. The original stays as it is; a result appears whole or not at
 * all and replaces nothing unless told to. The constructor throws a SyncError `usage` for a key of a wrong length; a wrong key or a changed file is `corrupt`, with its `reason`.
 */
export class FileEncryptor {
  readonly #codec: FileCodec;

  constructor(options: FileEncryptorOptions) {
    this.#codec = new FileCodec(nodePlatform(), options);
  }

  async encryptFile(path: string, options: FileOptions = {}): Promise<string> {
    return this.#codec.encryptFile(resolve(path), resolved(options));
  }

  /** The content of `<name>.enc` goes to `<name>`, with the time and permissions the original had. */
  async decryptFile(path: string, options: FileOptions = {}): Promise<string> {
    return this.#codec.decryptFile(resolve(path), resolved(options));
  }
}

/** How fast bytes may move, bytes a second each way, for everything that is given this one; `set` counts at once. */
export class BandwidthLimiter extends ClockedLimiter {
  constructor(limits: BandwidthLimits) {
    super(nodePlatform().clock, limits);
  }
}

export interface SyncManagerOptions extends Partial<Omit<PairSettings, 'conflictPolicy'>> {
  readonly sourceDir: string;
  /** A backend of ours, or one of your own that obeys the contract of the `Backend` port. */
  readonly backend: LocalBackend | S3Backend | Backend;
  /** Default `keep_both`. */
  readonly conflictResolution?: ConflictPolicy;
  /** Where the state and the log are kept; default: this user's usual place. */
  readonly stateDir?: string;
  readonly logLevel?: LogLevel;
  /** Bytes a second each way; null or left out: no limit. To share a limit among folders, or to change it while they sync, give them one {@link BandwidthLimiter}. */
  readonly bandwidth?: Partial<BandwidthLimits> | BandwidthLimiter;
}

/** A conflict with a way to answer it. */
export interface OpenConflict extends Conflict {
  resolve(choice: Choice): Promise<void>;
}

export interface ManagerEvents extends Omit<SyncEvents, 'conflict'> {
  readonly conflict: (conflict: OpenConflict) => void;
}

/** One folder pair. It opens (and takes the folder) on first use and lets go at `stop`; every method rejects with a SyncError. */
export class SyncManager {
  readonly #config: PairConfig;
  readonly #bandwidth: BandwidthLimiter;
  readonly #attach: ((engine: PairEngine) => () => void)[] = [];
  readonly #detach = new Map<object, () => void>();
  #opening: Promise<Pair> | null = null;

  constructor({ sourceDir, backend, conflictResolution, stateDir, logLevel, bandwidth = {}, ...settings }: SyncManagerOptions) {
    this.#bandwidth = bandwidth instanceof BandwidthLimiter ? bandwidth : new BandwidthLimiter({ ...NO_LIMITS, ...bandwidth });
    this.#config = {
      source: resolve(sourceDir),
      backend,
      stateDir: stateDir === undefined ? null : resolve(stateDir),
      logLevel: logLevel ?? 'info',
      settings: { ...DEFAULT_PAIR_SETTINGS, deviceName: nodePlatform().home.hostname, ...settings, conflictPolicy: conflictResolution ?? DEFAULT_PAIR_SETTINGS.conflictPolicy },
    };
  }

  /** A first sync, then watches both sides until `stop`. */
  async start(): Promise<void> {
    await (await this.#open()).engine.start();
  }

  async syncAll(options?: Omit<SyncOptions, 'path'> & { readonly path?: string }): Promise<CycleReport> {
    const { path, ...rest } = options ?? {};
    return (await this.#open()).engine.syncAll({ ...rest, ...(path === undefined ? {} : { path: asPath(path) }) });
  }

  /** Finishes the step in flight and lets go of the folder. */
  async stop(): Promise<void> {
    const opening = this.#opening;
    this.#opening = null;
    this.#detach.clear();
    if (opening !== null) await (await opening).close();
  }

  async status(): Promise<PairStatus> {
    return (await this.#open()).engine.status();
  }

  async conflicts(): Promise<readonly OpenConflict[]> {
    const { engine } = await this.#open();
    return engine.conflicts().map((conflict) => answerable(conflict, engine));
  }

  async resolve(path: string, choice: Choice): Promise<void> {
    await (await this.#open()).engine.resolve(asPath(path), choice);
  }

  async why(path: string): Promise<WhyReport> {
    return (await this.#open()).engine.why(asPath(path));
  }

  /** Compares what is remembered with what both sides hold and, with `content`, reads every content again. Changes nothing on either side. */
  async verify(options: VerifyOptions = { content: true }): Promise<VerifyReport> {
    return (await this.#open()).verifier.verify(options);
  }

  async pause(until?: Date): Promise<void> {
    (await this.#open()).engine.pause(until?.getTime());
  }

  async resume(): Promise<void> {
    (await this.#open()).engine.resume();
  }

  /** Calls back until the function it returns is called; may be used before `start`. */
  on<E extends keyof ManagerEvents>(event: E, listener: ManagerEvents[E]): () => void {
    const attach = (engine: PairEngine): (() => void) =>
      event === 'conflict'
        ? engine.on('conflict', (conflict) => (listener as ManagerEvents['conflict'])(answerable(conflict, engine)))
        : engine.on(event as Exclude<E, 'conflict'>, listener as SyncEvents[Exclude<E, 'conflict'>]);
    this.#attach.push(attach);
    void this.#opening?.then(
      ({ engine }) => {
        if (this.#attach.includes(attach) && !this.#detach.has(attach)) this.#detach.set(attach, attach(engine));
      },
      () => undefined,
    );
    return () => {
      this.#attach.splice(this.#attach.indexOf(attach), 1);
      this.#detach.get(attach)?.();
      this.#detach.delete(attach);
    };
  }

  #open(): Promise<Pair> {
    this.#opening ??= (async () => {
      try {
        const pair = await composePair(this.#config, nodePlatform(), { kind: 'library', mode: 'own', bandwidth: this.#bandwidth });
        for (const attach of this.#attach) this.#detach.set(attach, attach(pair.engine));
        return pair;
      } catch (error) {
        this.#opening = null;
        throw error;
      }
    })();
    return this.#opening;
  }
}

function answerable(conflict: Conflict, engine: PairEngine): OpenConflict {
  return { ...conflict, resolve: (choice) => engine.resolve(conflict.path, choice) };
}

function resolved(options: FileOptions): FileOptions {
  return options.to === undefined ? options : { ...options, to: resolve(options.to) };
}

function asPath(path: string): RelPath {
  try {
    return relPath(path);
  } catch (cause) {
    throw new SyncError('usage', `${path} is no path inside the synced folder`, { cause, hint: 'Give it relative to the folder, with / between names.' });
  }
}
