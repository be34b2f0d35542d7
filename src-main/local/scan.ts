import type { ProblemReason } from '../core/entry.ts';
import { hasCode, SyncError } from '../core/errors.ts';
import { IGNORE_FILE, IgnoreRules, type RuleSource } from '../core/ignore.ts';
import { type NameRules, nameRules } from '../core/name-rules.ts';
import { isControlName, isWithin, parentOf, parseRelPath, type RelPath } from '../core/rel-path.ts';
import type { Clock, NewHasher } from '../platform/clock.ts';
import type { DirName, FileStat, Fs } from '../platform/fs.ts';
import { isTempBeside } from './control-folder.ts';
import { HASH_BUFFER_BYTES, hashFile } from './hash-file.ts';
import { readIgnoreFile } from './ignore-file.ts';
import { isJunkName } from './junk.ts';
import type { Hashed, ScanJob, ScanSink, Seen, SeenFile } from './scan-job.ts';
import { isFreshMtime, isRacyMtime, Stamps } from './stamp.ts';

export interface ScanPorts {
  readonly fs: Fs;
  readonly clock: Pick<Clock, 'now'>;
  readonly newHasher: NewHasher;
}

/** Small enough to be taken in by a busy thread within a few ms, large enough that the hand-over costs little. */
const BATCH_ITEMS = 400;
const RESULTS_ITEMS = 100;
const PROGRESS_BYTES = 16 * 1024 * 1024;

/** Looks at the tree and reports everything once. What cannot be looked at is a problem, never absent (L8); only a root that is not there throws. */
export async function scan(job: ScanJob, ports: ScanPorts, sink: ScanSink): Promise<void> {
  await new Scan(job, ports, sink).run();
}

class Scan {
  readonly #job: ScanJob;
  readonly #ports: ScanPorts;
  readonly #sink: ScanSink;
  readonly #names: NameRules;
  readonly #stamps: Stamps;
  #buffer: Uint8Array | null = null;
  #batch: Seen[] = [];
  #rootDev = 0n;
  #bytesRead = 0;

  constructor(job: ScanJob, ports: ScanPorts, sink: ScanSink) {
    this.#job = job;
    this.#ports = ports;
    this.#sink = sink;
    this.#names = nameRules(job.platform);
    this.#stamps = new Stamps(job);
  }

  async run(): Promise<void> {
    const root = await this.#root();
    this.#rootDev = root.dev;
    if (this.#job.paths === null) await this.#folder(null, this.#job.root, new IgnoreRules(this.#job.sources));
    else for (const path of topmost(this.#job.paths)) await this.#single(path, rulesAbove(path, this.#job.sources));
    await this.#flush();
    const after = await this.#root();
    // Unmounted or swapped in mid-scan: what was "gone" then says nothing (C26, C28).
    if (after.dev !== root.dev || after.ino !== root.ino)
      throw new SyncError('root-replaced', `the folder ${this.#job.root} was replaced while it was scanned`, { path: this.#job.root });
  }

  async #root(): Promise<FileStat> {
    const { root } = this.#job;
    const stat = await this.#ports.fs.lstat(root);
    if (stat === null) throw new SyncError('root-missing', `the folder ${root} is not there`, { path: root });
    if (stat.kind !== 'folder') throw new SyncError('root-replaced', `${root} is no folder`, { path: root });
    return stat;
  }

  /** One wanted path, with the folders above it checked as a walk from the root would have. */
  async #single(path: RelPath, rules: IgnoreRules): Promise<void> {
    let disk = this.#job.root;
    const parts = path.split('/');
    for (const [index, part] of parts.entries()) {
      const above = index === 0 ? null : (parts.slice(0, index).join('/') as RelPath);
      if (above !== null && !(await this.#mayEnter(above, disk, rules))) return;
      const names = await this.#spellings(part, disk, above);
      if (names === null) return;
      const last = index === parts.length - 1;
      if (last) {
        for (const name of names) await this.#entry(above, disk, { name, valid: true }, rules);
        return;
      }
      // Above the wanted path only one spelling can lead on.
      const name = names.find((candidate) => candidate === this.#names.toDisk(part)) ?? names[0];
      if (name === undefined) return;
      disk = `${disk}/${name}`;
    }
  }

  /** Whether a walk would have gone into a folder above a wanted path; says why not. */
  async #mayEnter(folder: RelPath, disk: string, rules: IgnoreRules): Promise<boolean> {
    const { fs } = this.#ports;
    try {
      const stat = await fs.lstat(disk);
      if (stat?.kind !== 'folder' || rules.ignores(folder, true)) return false;
      if (stat.dev !== this.#rootDev) return this.#refuse(folder, 'other-file-system', true);
      if ((await fs.lstat(`${disk}/.file-sync/identity.json`)) !== null) return this.#refuse(folder, 'nested-pair', true);
      return true;
    } catch (error) {
      return this.#unreadable(folder, error, true);
    }
  }

  /** The names on disk that a component may stand for: its own, or on a file system that folds names every one it is folded with. Null where the folder cannot be listed. */
  async #spellings(part: string, folder: string, above: RelPath | null): Promise<readonly string[] | null> {
    const own = this.#names.toDisk(part);
    if (!this.#job.foldsNames) return [own];
    const listed = await this.#list(above, folder);
    if (listed === null) return null;
    return listed.filter(({ name, valid }) => valid && fold(this.#names.fromDisk(name)) === fold(part)).map(({ name }) => name);
  }

  /** Everything in a folder; whether it holds ignored things, or null where it could not be listed. */
  async #folder(folder: RelPath | null, disk: string, above: IgnoreRules): Promise<boolean | null> {
    const names = await this.#list(folder, disk);
    if (names === null) return null;
    if (folder !== null && names.some(({ name }) => isControlName(name)) && (await this.#isOtherRoot(disk))) {
      this.#refuse(folder, 'nested-pair', true);
      return null;
    }
    const rules = names.some(({ name }) => name === IGNORE_FILE) ? await this.#withRulesOf(folder, disk, above) : above;
    if (rules === null) return null;
    let holdsIgnored = false;
    for (const name of names) {
      if ((await this.#entry(folder, disk, name, rules)) === 'ignored') holdsIgnored = true;
      if (this.#batch.length >= BATCH_ITEMS) await this.#flush();
    }
    return holdsIgnored;
  }

  async #list(folder: RelPath | null, disk: string): Promise<readonly DirName[] | null> {
    this.#sink.check();
    try {
      return await this.#ports.fs.readDir(disk);
    } catch (error) {
      if (folder === null) throw hasCode(error, 'not-found') ? new SyncError('root-missing', `the folder ${disk} is not there`, { path: disk, cause: error }) : error;
      if (!hasCode(error, 'not-found')) this.#unreadable(folder, error, true);
      return null;
    }
  }

  async #isOtherRoot(disk: string): Promise<boolean> {
    try {
      return (await this.#ports.fs.lstat(`${disk}/.file-sync/identity.json`)) !== null;
    } catch (error) {
      if (error instanceof SyncError) return true;
      throw error;
    }
  }

  async #withRulesOf(folder: RelPath | null, disk: string, above: IgnoreRules): Promise<IgnoreRules | null> {
    const read = await readIgnoreFile(this.#ports.fs, `${disk}/${IGNORE_FILE}`);
    if (read === null) return above;
    if ('fault' in read) {
      if (folder === null) throw new SyncError('config', read.fault, { path: `${disk}/${IGNORE_FILE}`, hint: 'Make the file readable and shorter, or remove it.' });
      this.#refuse(folder, 'unreadable', true, read.fault);
      return null;
    }
    const source = { folder, patterns: read.patterns };
    this.#batch.push({ kind: 'rules', source });
    return above.with(source);
  }

  async #entry(folder: RelPath | null, disk: string, { name, valid }: DirName, rules: IgnoreRules): Promise<'ignored' | 'done'> {
    const shown = folder === null ? name : `${folder}/${name}`;
    if (!valid) return this.#note(shown, 'invalid-utf8-name', true);
    if (folder === null && isControlName(name)) return 'done';
    const at = `${disk}/${name}`;
    if (isTempBeside(name)) {
      this.#batch.push({ kind: 'temp', path: at });
      return 'done';
    }
    const decoded = this.#names.fromDisk(name);
    const parsed = parseRelPath(folder === null ? decoded : `${folder}/${decoded}`);
    if ('fault' in parsed) return this.#note(shown, 'unsafe-name', true, parsed.fault);
    const { path } = parsed;
    try {
      const before = this.#ports.clock.now();
      const stat = await this.#ports.fs.lstat(at);
      if (stat === null) return 'done';
      if (rules.matches(path, stat.kind === 'folder')) return isJunkName(path, stat.kind === 'folder') ? 'done' : 'ignored';
      await this.#known(path, at, stat, before, rules);
    } catch (error) {
      this.#unreadable(path, error, true);
    }
    return 'done';
  }

  async #known(path: RelPath, at: string, stat: FileStat, before: number, rules: IgnoreRules): Promise<void> {
    if (stat.kind === 'other') return void this.#note(path, 'special-file', false);
    if (stat.dev !== this.#rootDev) return void this.#note(path, 'other-file-system', stat.kind === 'folder');
    if (stat.kind === 'file') return void this.#batch.push(this.#file(path, stat, before, this.#ports.clock.now()));
    const common = { path, stamp: this.#stamps.of(stat, false), fileId: this.#fileId(stat) };
    if (stat.kind === 'symlink') {
      const target = await this.#ports.fs.readLink(at);
      // A text that is not UTF-8 cannot be stored as it stands.
      if (target.includes('\uFFFD')) return void this.#note(path, 'invalid-utf8-name', false, 'the text of the link is not UTF-8');
      return void this.#batch.push({ kind: 'symlink', ...common, target });
    }
    const holdsIgnored = await this.#folder(path, at, rules);
    if (holdsIgnored !== null) this.#batch.push({ kind: 'folder', ...common, holdsIgnored });
  }

  #file(path: RelPath, stat: FileStat, before: number, after: number): SeenFile {
    const racy = isRacyMtime(stat.mtimeNs, before, after, this.#job.racy);
    const mode = this.#job.modes ? stat.mode : null;
    return {
      kind: 'file',
      path,
      stamp: this.#stamps.of(stat, racy),
      fileId: this.#fileId(stat),
      size: stat.size,
      mtimeNs: stat.mtimeNs,
      mode,
      fresh: isFreshMtime(stat.mtimeNs, before, after, this.#job.racy),
    };
  }
  /** A file of several names has no identity of its own: a new name for it is no rename. */
  #fileId(stat: FileStat): string | null {
    return this.#job.stableIds && (stat.nlink === 1 || stat.kind === 'folder') ? `${stat.dev.toString(36)}:${stat.ino.toString(36)}` : null;
  }

  // --- reporting -------------------------------------------------------------------------------------------------------

  async #flush(): Promise<void> {
    const batch = this.#batch;
    if (batch.length === 0) return;
    this.#batch = [];
    this.#sink.check();
    let results: Hashed[] = [];
    for (const index of await this.#sink.seen(batch)) {
      const file = batch[index];
      const result = file?.kind === 'file' ? await this.#hash(file) : null;
      if (result !== null) results.push(result);
      if (results.length < RESULTS_ITEMS) continue;
      await this.#sink.hashed(results);
      results = [];
    }
    if (results.length > 0) await this.#sink.hashed(results);
    this.#tellProgress();
  }

  #read(count: number): void {
    this.#sink.check();
    this.#bytesRead += count;
    if (this.#bytesRead >= PROGRESS_BYTES) this.#tellProgress();
  }
  #tellProgress(): void {
    if (this.#bytesRead > 0) this.#sink.progress(this.#bytesRead);
    this.#bytesRead = 0;
  }

  async #hash(seen: SeenFile): Promise<Hashed | null> {
    const { path } = seen;
    const at = `${this.#job.root}/${path.split('/').map(this.#names.toDisk).join('/')}`;
    const failed = (reason: ProblemReason, detail?: string): Hashed => ({ kind: 'problem', problem: problem(path, reason, false, detail) });
    try {
      this.#buffer ??= new Uint8Array(HASH_BUFFER_BYTES);
      const outcome = await hashFile(at, { ...this.#ports, buffer: this.#buffer }, (count) => this.#read(count));
      if (outcome.kind === 'gone') return null;
      if (outcome.kind === 'changing') return failed('changing', 'it is being written');
      return { kind: 'file', file: this.#file(path, outcome.stat, outcome.before, outcome.after), hash: outcome.hash, noise: outcome.noise };
    } catch (error) {
      if (!(error instanceof SyncError) || error.code === 'aborted') throw error;
      return failed('unreadable', error.message);
    }
  }

  #note(path: string, reason: ProblemReason, subtree: boolean, detail?: string): 'done' {
    this.#batch.push({ kind: 'problem', problem: problem(path, reason, subtree, detail) });
    return 'done';
  }
  #refuse(path: string, reason: ProblemReason, subtree: boolean, detail?: string): false {
    this.#note(path, reason, subtree, detail);
    return false;
  }
  /** A failure of one path is a problem there; an abort, or what is no failure of the file system, ends the scan. */
  #unreadable(path: string, error: unknown, subtree: boolean): false {
    if (!(error instanceof SyncError) || ['aborted', 'config', 'root-missing', 'root-replaced'].includes(error.code)) throw error;
    return this.#refuse(path, 'unreadable', subtree, error.message);
  }
}

function problem(path: string, reason: ProblemReason, subtree: boolean, detail: string | undefined): Extract<Seen, { kind: 'problem' }>['problem'] {
  return { path, side: 'local', reason, subtree, ...(detail === undefined ? {} : { detail }) };
}

/** The rules that hold at a path but for those its own folder brings, which the scan reads anew. */
function rulesAbove(path: RelPath, sources: readonly RuleSource[]): IgnoreRules {
  return new IgnoreRules(sources.filter(({ folder }) => folder === null || (folder !== path && isWithin(path, folder))));
}

/** Without the paths that lie in another one of them. */
function topmost(paths: readonly RelPath[]): readonly RelPath[] {
  const all = new Set(paths);
  return [...all].filter((path) => {
    for (let above = parentOf(path); above !== null; above = parentOf(above)) if (all.has(above)) return false;
    return true;
  });
}

function fold(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
