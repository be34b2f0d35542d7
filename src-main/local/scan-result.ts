import type { Hash, Local, PathProblem, Stamp } from '../core/entry.ts';
import { throwIfAborted } from '../core/errors.ts';
import { IgnoreRules, type RuleSource } from '../core/ignore.ts';
import { compareRelPaths, isWithin, type RelPath } from '../core/rel-path.ts';
import type { ScanRequest, ScanResult } from './local-tree.ts';
import type { Hashed, ScanSink, Seen, SeenFile } from './scan-job.ts';
import { isRacy, provesMtime } from './stamp.ts';

/** Puts a scan's reports together, and knows from base which files need no reading. */
export class ScanCollector implements ScanSink {
  readonly #request: ScanRequest;
  readonly #entries = new Map<RelPath, Local>();
  readonly #problems: PathProblem[] = [];
  readonly #found: RuleSource[] = [];
  #files = 0;
  #bytes = 0;
  /** What files held whose stamp proves nothing, by that stamp. */
  readonly racyHashes = new Map<Stamp, Hash>();
  /** Temporary files of ours that lie in the user's folders: absolute paths. */
  readonly temps: string[] = [];

  constructor(request: ScanRequest) {
    this.#request = request;
  }

  async seen(batch: readonly Seen[]): Promise<readonly number[]> {
    const wanted: number[] = [];
    for (const [index, item] of batch.entries()) {
      switch (item.kind) {
        case 'file': {
          this.#files++;
          if (!this.#addKnown(item)) wanted.push(index);
          break;
        }
        case 'symlink':
          this.#entries.set(item.path, { entry: { kind: 'symlink', target: item.target }, stamp: item.stamp, fileId: item.fileId });
          break;
        case 'folder':
          this.#entries.set(item.path, { entry: { kind: 'folder' }, stamp: item.stamp, fileId: item.fileId, ...(item.holdsIgnored ? { holdsIgnored: true } : {}) });
          break;
        case 'problem':
          this.#problems.push(item.problem);
          break;
        case 'rules':
          this.#found.push(item.source);
          break;
        case 'temp':
          this.temps.push(item.path);
      }
    }
    this.#report();
    return wanted;
  }

  async hashed(results: readonly Hashed[]): Promise<void> {
    for (const result of results) {
      if (result.kind === 'problem') this.#problems.push(result.problem);
      else this.#addFile(result.file, result.hash, result.noise);
    }
  }

  progress(bytes: number): void {
    this.#bytes += bytes;
    this.#report();
  }

  check(): void {
    throwIfAborted(this.#request.signal);
  }

  result(): ScanResult {
    return { entries: this.#entries, problems: this.#problems, ignore: this.#rules() };
  }

  /** A file whose stamp proves what it holds; the objects of base serve again, since a million entries weigh. */
  #addKnown(file: SeenFile): boolean {
    const { base, known, rehash } = this.#request;
    const { path, stamp, fileId } = file;
    if (rehash || isRacy(stamp)) return false;
    const before = base.get(path);
    // A base that has another size than the file is damaged and proves nothing.
    if (before?.stamp === stamp && before.entry.kind === 'file' && before.entry.size === file.size) {
      const { entry } = before;
      if (entry.mtimeNs === file.mtimeNs && entry.mode === file.mode) this.#entries.set(path, { entry, stamp: before.stamp, fileId });
      else this.#addFile(file, entry.hash);
      return true;
    }
    const hash = known?.get(stamp);
    if (hash !== undefined) this.#addFile(file, hash, this.#request.noise?.has(stamp));
    return hash !== undefined;
  }

  #addFile(file: SeenFile, hash: Hash, noise = false): void {
    const { path, stamp, fileId, size, mtimeNs, mode } = file;
    const emptied = this.#emptied(file);
    if (emptied === 'just now') {
      this.#problems.push({ path, side: 'local', reason: 'changing', subtree: false, detail: 'it was emptied a moment ago' });
      return;
    }
    this.#entries.set(path, {
      entry: { kind: 'file', size, hash, mtimeNs, mode },
      stamp,
      fileId,
      ...(noise ? { noise } : {}),
      ...(emptied === 'by a power cut' ? { lostBytes: true } : {}),
    });
    if (isRacy(stamp)) this.racyHashes.set(stamp, hash);
  }

  /** An empty file that held something when both sides last agreed: a save that truncates first (C5), or one whose bytes never reached the disk (scenario 95). */
  #emptied({ path, size, mtimeNs, fresh }: SeenFile): 'by a power cut' | 'just now' | null {
    const base = size === 0 ? this.#request.base.get(path) : undefined;
    if (base?.entry.kind !== 'file' || base.entry.size === 0) return null;
    if (base.stamp !== null && provesMtime(base.stamp, mtimeNs)) return 'by a power cut';
    return fresh ? 'just now' : null;
  }

  #report(): void {
    this.#request.onProgress?.({ files: this.#files, bytesHashed: this.#bytes });
  }

  /** The settings' rules come first; then those of `.syncignore` files, higher folders before deeper ones. A limited scan keeps the files it did not look at. */
  #rules(): IgnoreRules {
    const [settings, ...files] = this.#request.ignore.sources;
    const { paths } = this.#request;
    const kept = paths === undefined ? [] : files.filter(({ folder }) => folder === null || ![...paths].some((path) => isWithin(folder, path)));
    const all = [...kept, ...this.#found].sort((a, b) =>
      a.folder === null || b.folder === null ? Number(b.folder === null) - Number(a.folder === null) : compareRelPaths(a.folder, b.folder),
    );
    return new IgnoreRules(settings === undefined ? all : [settings, ...all]);
  }
}
