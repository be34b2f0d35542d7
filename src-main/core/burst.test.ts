import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sceneInput, type TreeText } from '../testing/tree-dsl.ts';
import type { HeldDeletions, Plan } from './action.ts';
import { filesHeld, isBurst, NO_BURSTS } from './burst.ts';
import { promisesContent, strangeEnd } from './name-promise.ts';
import { plan } from './plan.ts';
import type { PlanInput } from './plan-input.ts';
import { type RelPath, relPath } from './rel-path.ts';

/** So many files named by `name`, each with a content made of `content`; record form, since names hold dots. */
const files = (count: number, name: (n: number) => string, content: string): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [name(n), `${content} ${n}`]));
const doc = (n: number): string => `docs/letter ${n}.docx`;
const photo = (n: number): string => `photos/${n}.jpg`;

interface Case {
  readonly base: TreeText;
  readonly local?: TreeText;
  readonly remote?: TreeText;
  /** Local files that are noise. */
  readonly noise?: (path: RelPath) => boolean;
  readonly input?: Partial<PlanInput>;
}

function planOf({ base, local = base, remote = base, noise = () => false, input = {} }: Case): Plan {
  const made = sceneInput({ base, local, remote, input });
  const entries = new Map([...made.local.entries].map(([path, entry]) => [path, entry.entry.kind === 'file' && noise(path) ? { ...entry, noise: true } : entry]));
  return plan({ ...made, local: { ...made.local, entries } });
}
const heldOf = ({ held }: Plan): string[] => held.map((each) => `${each.side} ${each.why} ${filesHeld(each)}`);
const all = () => true;

describe('I8 a burst of rewrites', () => {
  const base = { ...files(60, doc, 'text'), 'notes.txt': 'notes', 'other.txt': 'other' };

  it('many files that became noise wait; the rest of the plan goes on', () => {
    const made = planOf({ base, local: { ...base, ...files(21, doc, 'scrambled'), 'notes.txt': 'edited', 'new.txt': 'new' }, noise: (path) => path.startsWith('docs/') });
    expect(heldOf(made)).toEqual(['remote scrambled 21']);
    expect(made.actions.map(({ action }) => `${action.kind} ${action.path}`).toSorted()).toEqual(['upload new.txt', 'upload notes.txt']);
    expect(made.passed).toEqual({ local: [], remote: [] });
  });

  it('a few go through, and are counted for the next plan', () => {
    const local = { ...base, ...files(20, doc, 'scrambled') };
    const made = planOf({ base, local, noise: all });
    expect([heldOf(made), made.passed.remote.length]).toEqual([[], 20]);
    const later = planOf({ base, local, noise: all, input: { bursts: { ...NO_BURSTS, remote: { recent: 1, open: false } } } });
    expect(heldOf(later)).toEqual(['remote scrambled 20']);
  });

  it('once a burst is held, even one more waits; the other side is not concerned', () => {
    const local = { ...base, ...files(1, doc, 'scrambled') };
    expect(heldOf(planOf({ base, local, noise: all, input: { bursts: { ...NO_BURSTS, remote: { recent: 0, open: true } } } }))).toEqual(['remote scrambled 1']);
    expect(heldOf(planOf({ base, local, noise: all, input: { bursts: { ...NO_BURSTS, local: { recent: 99, open: true } } } }))).toEqual([]);
  });

  it('the user’s word lets everything go', () => {
    const made = planOf({ base, local: { ...base, ...files(60, doc, 'scrambled') }, noise: all, input: { releaseHeld: true } });
    expect([heldOf(made), made.actions.length, made.passed.remote]).toEqual([[], 60, []]);
  });

  it('the limit is a setting', () => {
    const guard = { files: 50, fraction: 0.25, rewrites: 2 };
    expect(heldOf(planOf({ base, local: { ...base, ...files(3, doc, 'scrambled') }, noise: all, input: { guard } }))).toEqual(['remote scrambled 3']);
  });

  it('files that were scrambled under a new name, and vanished under the old, wait together with what they replace', () => {
    const local = { 'notes.txt': 'notes', 'other.txt': 'other', ...files(60, (n) => `${doc(n)}.locked`, 'scrambled') };
    const made = planOf({ base, local, noise: all });
    expect(heldOf(made)).toEqual(['remote scrambled 60']);
    expect(made.actions).toEqual([]);
    expect(made.held[0]?.actions.filter(({ kind }) => kind === 'remove-remote')).toHaveLength(60);
  });

  it('scrambled copies beside the files they are made of wait too: the originals are next', () => {
    expect(heldOf(planOf({ base, local: { ...base, ...files(30, (n) => `${doc(n)}.locked`, 'scrambled') }, noise: (path) => path.endsWith('.locked') }))).toEqual([
      'remote scrambled 30',
    ]);
  });

  it('one strange end for many files is enough, whatever their bytes look like: here and from elsewhere', () => {
    const changed = { 'notes.txt': 'notes', 'other.txt': 'other', ...files(60, (n) => `${doc(n)}.crypt0r`, 'half') };
    expect(heldOf(planOf({ base, local: changed }))).toEqual(['remote renamed-alike 60']);
    const theirs = planOf({ base, remote: changed });
    expect(heldOf(theirs)).toEqual(['local renamed-alike 60']);
    // What comes new is no harm.
    expect(theirs.actions.map(({ action }) => action.kind).every((kind) => kind === 'download')).toBe(true);
  });
  it('also where it takes the place of the old end', () => {
    const changed = { 'notes.txt': 'notes', 'other.txt': 'other', ...files(60, (n) => `docs/letter ${n}.zzz9`, 'half') };
    expect(heldOf(planOf({ base, local: changed }))).toEqual(['remote renamed-alike 60']);
  });

  it('mass deletions are counted apart', () => {
    const local = { ...files(30, doc, 'scrambled') };
    const made = planOf({ base: { ...base, ...files(200, photo, 'photo') }, local, noise: all });
    expect(heldOf(made)).toEqual(['remote scrambled 30', 'remote too-many 233']);
  });
});

describe('I8 what is no burst', () => {
  const base = { ...files(60, doc, 'text'), ...files(60, photo, 'photo'), 'a.txt': 'a' };
  it.each<readonly [string, Case]>([
    [
      'an archive is unpacked, whatever is in it',
      { base, local: { ...base, ...files(500, (n) => `unpacked/${n}.dat`, 'x'), ...files(500, (n) => `unpacked/${n}.txt`, 'y') }, noise: (path) => path.startsWith('unpacked/') },
    ],
    ['photos are imported', { base, local: { ...base, ...files(500, (n) => `import/IMG_${n}.jpg`, 'new') } }],
    [
      'another branch is checked out: texts change, come and go',
      { base, local: { ...files(40, doc, 'other branch'), ...files(60, photo, 'photo'), ...files(40, (n) => `docs/chapter ${n}.md`, 'new') } },
    ],
    ['photos are edited: other content that begins as theirs does', { base, local: { ...base, ...files(60, photo, 'edited') } }],
    [
      'a vault of another program is written to: names that promise nothing',
      { base: { ...base, ...files(60, (n) => `vault/${n}.c9r`, 'x') }, local: { ...base, ...files(60, (n) => `vault/${n}.c9r`, 'y') }, noise: (path) => path.startsWith('vault/') },
    ],
    ['names change in case', { base, local: { ...files(60, (n) => doc(n).toUpperCase(), 'text'), ...files(60, photo, 'photo'), 'a.txt': 'a' } }],
    ['many files get another end and keep their content', { base, local: { ...files(60, (n) => `${doc(n)}.q9`, 'text'), ...files(60, photo, 'photo'), 'a.txt': 'a' } }],
    ['a few files are encrypted by their owner', { base, local: { ...base, ...files(10, (n) => `${doc(n)}.gpg`, 'scrambled') }, noise: (path) => path.endsWith('.gpg') }],
    ['logs are compressed', { base: { ...base, ...files(40, (n) => `log/${n}.log`, 'x') }, local: { ...base, ...files(40, (n) => `log/${n}.log.gz`, 'y') } }],
    ['scripts are translated to another language', { base: { ...base, ...files(40, (n) => `src/${n}.js`, 'x') }, local: { ...base, ...files(40, (n) => `src/${n}.ts`, 'y') } }],
  ])('%s', (_what, scene) => {
    expect(planOf(scene).held.filter(isBurst)).toEqual([]);
  });
});

describe('what names promise', () => {
  it.each([
    ['a/report.docx', true],
    ['a/report.docx.locked', true],
    ['a/REPORT.PDF', true],
    ['a/vault.c9r', false],
    ['a.pdf/README', false],
    ['pdf', false],
    ['a.txt.1.2', false],
  ])('%s: %s', (path, promises) => {
    expect(promisesContent(relPath(path))).toBe(promises);
  });
  it.each([
    ['a.docx.Locked', 'locked'],
    ['a.docx', null],
    ['a.docx.bak', null],
    ['a.docx.gpg', null],
    ['README', null],
    ['a.', null],
  ])('the end of %s is strange: %s', (path, end) => {
    expect(strangeEnd(relPath(path))).toBe(end);
  });
});

describe('I8 for any change', () => {
  const name = fc
    .tuple(fc.constantFrom('a', 'b/c', 'b/d'), fc.nat(30), fc.constantFrom('.txt', '.jpg', '.docx', '', '.dat', '.txt.x9', '.docx.x9'))
    .map(([folder, n, end]) => `${folder}${n}${end}`);
  const tree = fc.dictionary(name, fc.constantFrom('1', '2', '3'), { maxKeys: 60 });

  it('nothing is lost between what goes on and what waits; no more than allowed goes on; the user’s word lets all of it go', () => {
    fc.assert(
      fc.property(tree, tree, tree, fc.nat(5), fc.nat(5), fc.boolean(), (base, local, remote, rewrites, recent, open) => {
        const scene: Case = { base, local, remote, noise: (path) => path.length % 2 === 0 };
        const loose = { files: 1_000, fraction: 1, rewrites: 1_000 };
        const free = planOf({ ...scene, input: { guard: loose } });
        const guarded = planOf({ ...scene, input: { guard: { ...loose, rewrites }, bursts: { local: { recent, open }, remote: { recent, open } } } });
        const lines = ({ actions, held }: Pick<Plan, 'actions' | 'held'>): string[] =>
          [...actions.map(({ action }) => action), ...held.flatMap((each: HeldDeletions) => each.actions)].map(({ kind, path }) => `${kind} ${path}`).toSorted();
        expect(lines(guarded)).toEqual(lines(free));
        for (const side of ['local', 'remote'] as const) expect(guarded.passed[side].length === 0 || (!open && guarded.passed[side].length + recent <= rewrites)).toBe(true);
        expect(planOf({ ...scene, input: { guard: { ...loose, rewrites }, releaseHeld: true, bursts: { local: { recent, open }, remote: { recent, open } } } }).held).toEqual([]);
      }),
    );
  });
});
