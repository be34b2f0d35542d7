import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join as joinPath } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { shuffler } from '../testing/random-trees.ts';
import { canMatch, IgnoreRules, JUNK_PATTERNS } from './ignore.ts';
import { relPath } from './rel-path.ts';

const SEED = Number(process.env['FC_SEED'] ?? 20261123);
const rules = (...patterns: string[]): IgnoreRules => IgnoreRules.of(patterns, { junk: false });
const ignored = (r: IgnoreRules, path: string): boolean => r.ignores(relPath(path.replace(/\/$/, '')), path.endsWith('/'));

describe('ignore rules', () => {
  it.each([
    ['*.log', 'a.log', true],
    ['*.log', 'd/e/a.log', true],
    ['*.log', 'a.logs', false],
    ['/a', 'a', true],
    ['/a', 'd/a', false],
    ['build/', 'build/', true],
    ['build/', 'build', false],
    ['build/', 'd/build/x', true],
    ['d/a', 'd/a', true],
    ['d/a', 'e/d/a', false],
    ['**/a', 'x/y/a', true],
    ['d/**', 'd/', false],
    ['d/**', 'd/x/y', true],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/x/y/b', true],
    ['a?c', 'abc', true],
    ['a?c', 'a/c', false],
    ['[a-c].txt', 'b.txt', true],
    ['[!a-c].txt', 'b.txt', false],
    ['# comment', '# comment', false],
    ['\\#x', '#x', true],
    ['\\!x', '!x', true],
    ['', 'a', false],
    ['A', 'a', false],
    ['*', 'd/a', true],
  ])('%j on %s: %s', (pattern, path, expected) => expect(ignored(rules(pattern), path)).toBe(expected));

  it('the last rule that says something wins', () => {
    const r = rules('*.log', '!keep.log', 'd/keep.log');
    expect([ignored(r, 'a.log'), ignored(r, 'keep.log'), ignored(r, 'd/keep.log')]).toEqual([true, false, true]);
  });
  it('nothing below an ignored folder can be taken back', () => expect(ignored(rules('d/', '!d/a'), 'd/a')).toBe(true));
  it('rules of a deeper file come after those above and hold only there', () => {
    const r = rules('*.log').with({ folder: relPath('d'), patterns: ['!*.log', '/x'] });
    expect([ignored(r, 'a.log'), ignored(r, 'd/a.log'), ignored(r, 'd/x'), ignored(r, 'd/e/x'), ignored(r, 'x'), ignored(r, 'dd/x')]).toEqual([
      true,
      false,
      true,
      false,
      false,
      false,
    ]);
  });
  it('names the rule that leaves a path out as it was written, and where it stands', () => {
    const r = IgnoreRules.of(['*.png', 'build/', '!keep.png'], { junk: true }).with({ folder: relPath('d'), patterns: ['/x', '*.png'] });
    const rule = (path: string): unknown => r.ruleFor(relPath(path.replace(/\/$/, '')), path.endsWith('/'));
    expect(rule('a.png')).toEqual({ pattern: '*.png', from: 'settings', file: null });
    expect(rule('keep.png')).toBeNull();
    expect(rule('d/x')).toEqual({ pattern: '/x', from: 'file', file: 'd/.syncignore' });
    expect(rule('d/e/a.png')).toEqual({ pattern: '*.png', from: 'file', file: 'd/.syncignore' });
    expect(rule('e/build/deep/b.txt')).toEqual({ pattern: 'build/', from: 'settings', file: null });
    expect(rule('e/~$a.doc')).toEqual({ pattern: '~$*', from: 'leftovers', file: null });
    expect([rule('build'), rule('a.txt')]).toEqual([null, null]);
    expect(rules('.DS_Store').ruleFor(relPath('.DS_Store'), false)).toMatchObject({ from: 'settings' });
  });
  it.each([
    ['*.png', true],
    ['IMG_[0-9].jpg', true],
    ['[]a].txt', true],
    ['IMG_\\[', true],
    ['a b ', true],
    ['IMG_[', false],
    ['[a-', false],
    ['x\\', false],
    ['/', false],
    ['!', false],
  ])('%j can match something: %s', (pattern, can) => {
    expect(canMatch(pattern)).toBe(can);
    // Where the answer is no, nothing that looks like it is matched.
    if (!can) for (const path of ['IMG_', 'IMG_[', '[a-', 'a', 'x', 'x\\', '!']) expect(ignored(rules(pattern), path)).toBe(false);
  });
  it('a folder cannot ignore itself by its own file', () => expect(ignored(rules().with({ folder: relPath('d'), patterns: ['*'] }), 'd/')).toBe(false));
  it('a deeper file takes back a folder that a higher rule ignores, with what lies in it (found at random)', () => {
    const r = rules('d/x').with({ folder: relPath('d'), patterns: ['!x', '*.log'] });
    expect([ignored(r, 'd/x/'), ignored(r, 'd/x/a'), ignored(r, 'd/x/a.log')]).toEqual([false, false, true]);
  });
  it.each(['a[b]', 'a*', '!a', '#a', 'a\\b', ' a ', 'a?', '**'])('rules in a folder named %j hold there and only there', (name) => {
    const r = rules().with({ folder: relPath(name), patterns: ['x', '/y', 'p/q', '!x.keep', '# x', '', '/'] });
    expect(['x', 'd/x', 'y', 'd/y', 'p/q', 'd/p/q'].filter((p) => ignored(r, `${name}/${p}`))).toEqual(['x', 'd/x', 'y', 'p/q']);
    expect(['x', 'y', 'ab/x', 'az/x', 'b/x', 'a/x', `${name}/`].filter((p) => ignored(r, p))).toEqual([]);
  });
  it('S88 a name that needs patience matches fast', () => {
    const started = process.hrtime.bigint();
    expect(ignored(rules('*a*a*a*a*a*a*b', '**/*a/**/*a/**/c'), `${'a'.repeat(200)}/${'a/'.repeat(40)}d`)).toBe(false);
    expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(5000);
  });
  it('configured() forgets what files added', () => {
    const r = rules('a').with({ folder: null, patterns: ['b'] });
    expect([ignored(r.configured(), 'a'), ignored(r.configured(), 'b')]).toEqual([true, false]);
  });

  const junk = IgnoreRules.of([], { junk: true });
  it.each([
    '.DS_Store',
    'd/Thumbs.db',
    '~$report.docx',
    '.~lock.a.odt#',
    'a.swp',
    'a~',
    '.#a',
    'x.tmp',
    'd/$RECYCLE.BIN/',
    '._a',
    '.nfs0001',
    'a.crdownload',
  ])('S14 junk: %s', (path) => expect(ignored(junk, path)).toBe(true));
  it.each(['a', 'tmp', 'swp', 'report~1.docx', '#a#', '$a', 'Thumbs.db.txt', 'desktop.ini.bak', 'lock'])('S14 no junk: %s', (path) => expect(ignored(junk, path)).toBe(false));
  it('S14 every junk rule can be taken back', () => {
    for (const pattern of JUNK_PATTERNS) {
      const name = pattern.replace(/\*/g, 'x').replace(/\/$/, '');
      const taken = IgnoreRules.of([`!${pattern}`], { junk: true });
      expect([pattern, ignored(junk, `${name}/`), ignored(taken, `${name}/`)]).toEqual([pattern, true, false]);
    }
  });
});

function hasGit(): boolean {
  try {
    execFileSync('git', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe.runIf(hasGit())(`as git decides it (seed ${SEED})`, () => {
  const root = mkdtempSync(joinPath(tmpdir(), 'ignore-'));
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', GIT_DIR: undefined, GIT_WORK_TREE: undefined };
  execFileSync('git', ['init', '-q', root], { env });
  execFileSync('git', ['-C', root, 'config', 'core.ignorecase', 'false'], { env });
  execFileSync('git', ['-C', root, 'config', 'core.excludesFile', '/dev/null'], { env });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const names = ['a', 'b', 'ab', 'a.log', 'b.txt', '.a'];
  const mix = shuffler(SEED);
  // A tree with files and folders, the same for every set of rules.
  const files = mix(names.flatMap((x) => [`${x}f`, ...names.flatMap((y) => [`${x}/${y}f`, ...names.map((z) => `${x}/${y}/${z}`)])])).slice(0, 60);
  for (const file of files) {
    mkdirSync(joinPath(root, dirname(file)), { recursive: true });
    writeFileSync(joinPath(root, file), '');
  }
  const folders = [...new Set(files.flatMap((f) => f.split('/').map((_, i, parts) => parts.slice(0, i).join('/'))).filter((f) => f !== ''))];

  const part = fc.constantFrom('a', 'b', 'ab', 'af', '*.log', 'a*', '*b', '?', '*', '**', '[ab]', '[!a]*', 'b.txt', '.a', '.*', 'a.log', '\\a', 'ab?');
  const pattern = fc
    .tuple(fc.constantFrom('', '', '', '!'), fc.constantFrom('', '', '/'), fc.array(part, { minLength: 1, maxLength: 3 }), fc.constantFrom('', '', '', '/'))
    .map(([not, lead, parts, tail]) => `${not}${lead}${parts.join('/')}${tail}`);

  const gitIgnores = (): ReadonlySet<string> => {
    // Tracked or not does not matter in an empty repository; every untracked path that is ignored, or lies in an ignored folder, comes back.
    const paths = [...files, ...folders];
    try {
      const out = execFileSync('git', ['-C', root, 'check-ignore', '--no-index', '-z', '--stdin'], { env, input: paths.join('\0'), encoding: 'utf8' });
      return new Set(out.split('\0').filter(Boolean));
    } catch (error) {
      if ((error as { status?: number }).status === 1) return new Set();
      throw error;
    }
  };
  const differences = (r: IgnoreRules): readonly string[] => {
    const theirs = gitIgnores();
    return [...files, ...folders.map((f) => `${f}/`)]
      .filter((p) => ignored(r, p) !== theirs.has(p.replace(/\/$/, '')))
      .map((p) => `${p}: git ${!ignored(r, p) ? 'ignores' : 'keeps'} it`);
  };

  it('rules at the root', () => {
    fc.assert(
      fc.property(fc.array(pattern, { minLength: 1, maxLength: 4 }), (patterns) => {
        writeFileSync(joinPath(root, '.gitignore'), `${patterns.join('\n')}\n`);
        expect(differences(rules(...patterns))).toEqual([]);
      }),
      { seed: SEED, numRuns: Number(process.env['FC_RUNS'] ?? 120) },
    );
  });

  it('rules in a folder on top', () => {
    fc.assert(
      fc.property(fc.array(pattern, { minLength: 1, maxLength: 3 }), fc.array(pattern, { minLength: 1, maxLength: 3 }), (top, deeper) => {
        writeFileSync(joinPath(root, '.gitignore'), `${top.join('\n')}\n`);
        writeFileSync(joinPath(root, 'a', '.gitignore'), `${deeper.join('\n')}\n`);
        expect(differences(rules(...top).with({ folder: relPath('a'), patterns: deeper }))).toEqual([]);
      }),
      { seed: SEED, numRuns: Number(process.env['FC_RUNS'] ?? 120) },
    );
  });
});
