import type { Body } from '../backends/backend.ts';
import type { Entry, FileEntry, Hash, Stamp } from '../core/entry.ts';
import { SyncError } from '../core/errors.ts';
import type { IgnoreRules } from '../core/ignore.ts';
import { type NamePlatform, nameRules } from '../core/name-rules.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { Clock, NewHasher, Random } from '../platform/clock.ts';
import type { Fs } from '../platform/fs.ts';
import { writeFile, writeLink } from './atomic-write.ts';
import { controlPaths } from './control-folder.ts';
import { DiskPaths } from './disk-paths.ts';
import { probeFeatures } from './features.ts';
import { readIdentity, writeIdentity } from './identity.ts';
import { inThreadScanner } from './in-thread-scanner.ts';
import { makeFolderAt, moveTo, removeAt, removeFolderAt, setModeAt, settleRemovalAt } from './local-changes.ts';
import type { LocalContext } from './local-context.ts';
import type { LocalFeatures, LocalResult, LocalTree, RootIdentity, ScanRequest, ScanResult, Source, Unfinished } from './local-tree.ts';
import { PART_RULES, type PartRules, partId, partIdIn } from './part-file.ts';
import { bodyOf } from './read-body.ts';
import type { ScanJob, Scanner } from './scan-job.ts';
import { ScanCollector } from './scan-result.ts';
import { isRacy, racyRule, Stamps, sameMoment } from './stamp.ts';
import { readStateMark, writeStateMark } from './state-mark.ts';
import { isHeld, listOrNothing, removeTree, Trash } from './trash.ts';

export interface LocalTreeOptions {
  readonly fs: Fs;
  readonly clock: Clock;
  readonly random: Random;
  readonly newHasher: NewHasher;
  /** As the user gave it; it may be a symlink to the folder. */
  readonly root: string;
  readonly trashDays: number;
  /** Default: on the calling thread, which is for simulated file systems. The product gives a workerScanner. */
  readonly scanner?: Scanner;
  /** Names this synced folder on this device, as no other engine that may come to work on it has. */
  readonly client?: string;
  readonly parts?: PartRules;
  /** Whose names the disk can hold; default: this machine's. */
  readonly platform?: NamePlatform;
}

/** Opens the local side. Throws `root-missing` or `root-replaced` where there is no folder; what the file system can do is found out by trying. */
export async function openLocalTree(options: LocalTreeOptions): Promise<LocalTree> {
  const { fs, clock, random, newHasher } = options;
  const root = await canonicalRoot(fs, options.root);
  const stat = await fs.lstat(root);
  if (stat?.kind !== 'folder') throw new SyncError('root-replaced', `${options.root} is no folder`, { path: options.root });
  const control = controlPaths(root);
  const features = await probeFeatures(fs, clock, random, control);
  const platform = options.platform ?? (process.platform === 'win32' ? 'win32' : 'posix');
  const paths = new DiskPaths(root, stat, fs, nameRules(platform));
  const context: LocalContext = {
    fs,
    clock,
    random,
    newHasher,
    control,
    paths,
    features,
    stamps: new Stamps(features),
    racy: racyRule(features),
    trash: new Trash(fs, clock, random, paths, control),
    racyHashes: new Map<Stamp, Hash>(),
    parts: options.parts ?? PART_RULES,
    client: options.client ?? '',
    liveTemps: new Set<string>(),
  };
  return new DiskTree(options.root, context, platform, options.scanner ?? inThreadScanner({ fs, clock, newHasher }), options.trashDays);
}

async function canonicalRoot(fs: Fs, root: string): Promise<string> {
  try {
    return await fs.realPath(root);
  } catch (error) {
    if (!(error instanceof SyncError) || error.code !== 'not-found') throw error;
    throw new SyncError('root-missing', `the folder ${root} is not there`, {
      path: root,
      cause: error,
      hint: 'Reconnect the drive or put the folder back; nothing is deleted meanwhile.',
    });
  }
}

class DiskTree implements LocalTree {
  readonly root: string;
  readonly features: LocalFeatures;
  readonly #ctx: LocalContext;
  readonly #platform: NamePlatform;
  readonly #scanner: Scanner;
  readonly #trashDays: number;
  /** Of the last scan. */
  #rules: IgnoreRules | null = null;
  /** Temporary files that the last scans came across in the user's folders. */
  readonly #foundTemps = new Set<string>();

  constructor(root: string, ctx: LocalContext, platform: NamePlatform, scanner: Scanner, trashDays: number) {
    this.root = root;
    this.#ctx = ctx;
    this.features = ctx.features;
    this.#platform = platform;
    this.#scanner = scanner;
    this.#trashDays = trashDays;
  }

  async identity(): Promise<RootIdentity> {
    const { fs, control, paths } = this.#ctx;
    // A root given as a symlink may have been pointed elsewhere.
    if ((await fs.lstat(this.root)) !== null && (await fs.realPath(this.root).catch(missing)) !== paths.root) return { kind: 'missing' };
    const { identity, stat } = await readIdentity(fs, paths.root, control);
    if (identity.kind === 'marked' && stat !== null) paths.adoptRoot(stat);
    return identity;
  }
  async mark(pairId: string): Promise<void> {
    const { fs, random, control, paths } = this.#ctx;
    const stat = await fs.lstat(paths.root);
    await writeIdentity(fs, random, paths.root, control, pairId);
    if (stat !== null) paths.adoptRoot(stat);
  }

  stateMark(): Promise<number> {
    return readStateMark(this.#ctx.fs, this.#ctx.control);
  }
  async setStateMark(mark: number): Promise<void> {
    await this.#ctx.paths.checkRoot();
    await writeStateMark(this.#ctx.fs, this.#ctx.control, mark);
  }

  async scan(request: ScanRequest): Promise<ScanResult> {
    const { paths, features, racy, racyHashes } = this.#ctx;
    const job: ScanJob = {
      root: paths.root,
      platform: this.#platform,
      sources: request.paths === undefined ? request.ignore.sources.slice(0, 1) : request.ignore.sources,
      paths: request.paths === undefined ? null : [...request.paths],
      foldsNames: features.caseInsensitive || features.normalises,
      stableIds: features.stableIds,
      modes: features.modes,
      racy,
    };
    const collector = new ScanCollector(request);
    await this.#scanner.scan(job, collector, request.signal);
    const result = collector.result();
    this.#rules = result.ignore;
    if (request.paths === undefined) racyHashes.clear();
    for (const [stamp, hash] of collector.racyHashes) racyHashes.set(stamp, hash);
    for (const temp of collector.temps) this.#foundTemps.add(temp);
    return result;
  }

  read(path: RelPath, stamp: Stamp, entry: Entry): Body {
    return bodyOf(this.#ctx, path, stamp, entry);
  }
  async write(path: RelPath, entry: FileEntry, source: Source, expect: Stamp | null, signal?: AbortSignal): Promise<LocalResult> {
    return this.#remember(await writeFile(this.#ctx, path, entry, source, expect, signal), entry.hash);
  }
  link(path: RelPath, target: string, expect: Stamp | null): Promise<LocalResult> {
    return writeLink(this.#ctx, path, target, expect);
  }
  makeFolder(path: RelPath): Promise<LocalResult> {
    return makeFolderAt(this.#ctx, path);
  }
  async setMode(path: RelPath, mode: number, expect: Stamp): Promise<LocalResult> {
    return this.#remember(await setModeAt(this.#ctx, path, mode, expect), this.#ctx.racyHashes.get(expect));
  }
  async move(from: RelPath, to: RelPath, expect: Stamp): Promise<LocalResult> {
    return this.#remember(await moveTo(this.#ctx, from, to, expect), this.#ctx.racyHashes.get(expect));
  }
  settleRemoval(path: RelPath, expect: Stamp): Promise<void> {
    return settleRemovalAt(this.#ctx, path, expect);
  }

  remove(path: RelPath, expect: Stamp): Promise<LocalResult> {
    return removeAt(this.#ctx, path, expect);
  }
  removeFolder(path: RelPath): Promise<LocalResult> {
    return removeFolderAt(this.#ctx, path, this.#rules);
  }

  proves(stamp: Stamp): boolean {
    return !isRacy(stamp);
  }

  sameMoment(a: Stamp, b: Stamp): boolean {
    return sameMoment(a, b);
  }

  async leftovers(): Promise<readonly string[]> {
    const { fs, control, paths } = this.#ctx;
    const found = [...(await listOrNothing(fs, control.tmp)).map(({ name }) => `${control.tmp}/${name}`), ...this.#foundTemps];
    const there: string[] = [];
    for (const temp of found) if (!this.#isLive(temp) && (await fs.lstat(temp)) !== null) there.push(temp.slice(paths.root.length + 1));
    return there;
  }

  async sweep(nowMs: number, unfinished: readonly Unfinished[] = []): Promise<void> {
    const { fs, control, trash } = this.#ctx;
    const wanted = new Set<string | null>(unfinished.map((file) => partId(this.#ctx, file)));
    for (const { name } of await listOrNothing(fs, control.tmp)) {
      if (isHeld(name)) await trash.recover(`${control.tmp}/${name}`);
      else if (!this.#isLive(name) && !wanted.has(partIdIn(name))) await removeTree(fs, `${control.tmp}/${name}`);
    }
    for (const temp of this.#foundTemps) if (!this.#isLive(temp) && (await fs.lstat(temp))?.kind === 'file') await removeTree(fs, temp);
    this.#foundTemps.clear();
    await trash.sweep(this.#trashDays, nowMs);
  }
  close(): Promise<void> {
    return this.#scanner.close();
  }

  #isLive(name: string): boolean {
    return [...this.#ctx.liveTemps].some((id) => name.includes(id));
  }

  /** So that the next change of this file can be checked although its stamp proves nothing. */
  #remember(result: LocalResult, hash: Hash | undefined): LocalResult {
    if (result.kind === 'done' && hash !== undefined && isRacy(result.stamp)) this.#ctx.racyHashes.set(result.stamp, hash);
    return result;
  }
}

function missing(error: unknown): null {
  if (error instanceof SyncError) return null;
  throw error;
}
