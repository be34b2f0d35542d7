import createMatcher, { type Ignore } from 'ignore';
import { isWithin, type RelPath } from './rel-path.ts';

/** Files that editors, desktops and downloads leave behind; on by default, every line can be taken back with `!pattern`. */
export const JUNK_PATTERNS: readonly string[] = [
  '.DS_Store',
  '._*',
  '.Spotlight-V100',
  '.Trashes',
  '.fseventsd',
  'Thumbs.db',
  'ehthumbs.db',
  'desktop.ini',
  '$RECYCLE.BIN/',
  '~$*',
  '.~lock.*#',
  '.#*',
  '*.swp',
  '*.swo',
  '*~',
  '*.tmp',
  '*.crdownload',
  '*.part',
  '.fuse_hidden*',
  '.nfs*',
  '.directory',
];

/** The name of a file with more rules, in gitignore syntax, for the folder it lies in and everything below. */
export const IGNORE_FILE = '.syncignore';

export interface RuleSource {
  /** The folder the patterns are relative to; null is the root. */
  readonly folder: RelPath | null;
  readonly patterns: readonly string[];
}

/** Which paths are out of scope. Immutable and plain data inside, so it can be sent to a worker as `sources`. */
export class IgnoreRules {
  readonly sources: readonly RuleSource[];
  readonly #matchers: readonly { readonly folder: RelPath | null; readonly matcher: Ignore }[];

  constructor(sources: readonly RuleSource[]) {
    this.sources = sources;
    this.#matchers = sources.map(({ folder, patterns }) => ({ folder, matcher: createMatcher({ ignorecase: false }).add([...patterns]) }));
  }

  static of(patterns: readonly string[], options: { readonly junk: boolean }): IgnoreRules {
    return new IgnoreRules([{ folder: null, patterns: options.junk ? [...JUNK_PATTERNS, ...patterns] : patterns }]);
  }

  /** Without what `.syncignore` files added. */
  configured(): IgnoreRules {
    return new IgnoreRules(this.sources.slice(0, 1));
  }

  with(source: RuleSource): IgnoreRules {
    return new IgnoreRules([...this.sources, source]);
  }

  /** Whether one path by itself is ignored, as git decides it: the last rule that says something wins, deeper files after higher ones. The caller walks down from the root and stops at the
   * first ignored folder; {@link ignores} does that for a lone path. */
  matches(path: RelPath, isFolder: boolean): boolean {
    let ignored = false;
    for (const { folder, matcher } of this.#matchers) {
      if (folder !== null && (path === folder || !isWithin(path, folder))) continue;
      const below = folder === null ? path : path.slice(folder.length + 1);
      const verdict = matcher.checkIgnore(isFolder ? `${below}/` : below);
      if (verdict.ignored) ignored = true;
      else if (verdict.unignored) ignored = false;
    }
    return ignored;
  }

  /** Whether the path or any folder above it is ignored. */
  ignores(path: RelPath, isFolder: boolean): boolean {
    for (let cut = path.indexOf('/'); cut >= 0; cut = path.indexOf('/', cut + 1)) {
      if (this.matches(path.slice(0, cut) as RelPath, true)) return true;
    }
    return this.matches(path, isFolder);
  }
}
