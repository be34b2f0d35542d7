import createMatcher, { type Ignore } from 'ignore';
import type { RelPath } from './rel-path.ts';

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

/** The rule that leaves a path out, as it was written, and where it stands: among the leftovers of editors and systems, in the settings, or in the file of a folder. */
export interface IgnoreRule {
  readonly pattern: string;
  readonly from: 'leftovers' | 'settings' | 'file';
  /** The file, relative to the synced folder; null unless it is one. */
  readonly file: string | null;
}

/** Which paths are out of scope. Immutable and plain data inside, so it can be sent to a worker as `sources`. */
export class IgnoreRules {
  /** Rules of a folder come after those of the folders above it. */
  readonly sources: readonly RuleSource[];
  readonly #matcher: Ignore;

  constructor(sources: readonly RuleSource[]) {
    this.sources = sources;
    // One list for all: a folder that a deeper rule takes back counts as not ignored for what lies in it, which separate matchers would not see.
    this.#matcher = createMatcher({ ignorecase: false }).add(
      sources.flatMap(({ folder, patterns }) => (folder === null ? patterns : patterns.flatMap((p) => fromRoot(p, folder)))),
    );
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

  /** Whether the path or any folder above it is ignored, as git decides it: the last rule that says something wins, deeper files after higher ones. */
  ignores(path: RelPath, isFolder: boolean): boolean {
    return this.#matcher.test(isFolder ? `${path}/` : path).ignored;
  }

  /** The same for a walk from the root that stops at the first ignored folder. */
  matches(path: RelPath, isFolder: boolean): boolean {
    return this.ignores(path, isFolder);
  }

  /** The rule that decided that the path, or a folder above it, is ignored; null where it is not. For a single answer to a person: it builds a list of its own. */
  ruleFor(path: RelPath, isFolder: boolean): IgnoreRule | null {
    const rules = this.sources.flatMap(({ folder, patterns }, at) => patterns.map((pattern, i) => ({ pattern, folder, from: this.#origin(at, i) })));
    const marked = rules.flatMap(({ pattern, folder }, i) => (folder === null ? [pattern] : fromRoot(pattern, folder)).map((each) => ({ pattern: each, mark: String(i) })));
    const { rule } = createMatcher({ ignorecase: false })
      .add(marked)
      .test(isFolder ? `${path}/` : path);
    const found = rules[Number(rule?.mark ?? -1)];
    if (found === undefined) return null;
    const { pattern, folder, from } = found;
    return { pattern, from, file: from === 'file' ? `${folder === null ? '' : `${folder}/`}${IGNORE_FILE}` : null };
  }

  #origin(source: number, pattern: number): IgnoreRule['from'] {
    if (source > 0) return 'file';
    const first = this.sources[0]?.patterns ?? [];
    return pattern < JUNK_PATTERNS.length && JUNK_PATTERNS.every((junk, i) => first[i] === junk) ? 'leftovers' : 'settings';
  }
}

/** Whether a line can match any path at all: not with a `[` that is never closed, nor with a `\\` at its end, nor with nothing but slashes. */
export function canMatch(pattern: string): boolean {
  const body = pattern.replace(/^!/, '').replaceAll(/\\./gs, '_').trimEnd();
  return !body.endsWith('\\') && !/^\/*$/.test(body) && !/\[(?!\]?[^\]]*\])/.test(body);
}

/** A pattern of a folder's own file as it would read at the root; none for comments and what matches nothing. */
function fromRoot(pattern: string, folder: RelPath): readonly string[] {
  if (pattern.startsWith('#')) return [];
  const negative = pattern.startsWith('!');
  const body = negative ? pattern.slice(1) : pattern;
  const core = body.replace(/^\/|\/$/g, '');
  if (core.trim() === '') return [];
  const isAnchored = body.slice(0, -1).includes('/');
  return [`${negative ? '!' : ''}/${folder.replace(/[\\*?[\]]/g, '\\$&')}/${isAnchored ? '' : '**/'}${body.replace(/^\//, '')}`];
}
