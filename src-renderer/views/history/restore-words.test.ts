import { afterEach, describe, expect, it } from 'vitest';
import type { ChangeView } from '../../../src-preload/contract/history.ts';
import { formatInstant } from '../../strings/format.ts';
import { setLanguage } from '../../strings/say.ts';
import { amountWords, countWords, doneWords, safeWords, stageOf } from './restore-words.ts';

const counts = (some: Partial<Record<ChangeView['kind'], number>>) => ({
  write: 0,
  replace: 0,
  send: 0,
  remove: 0,
  move: 0,
  'make-folder': 0,
  'remove-folder': 0,
  'set-mode': 0,
  ...some,
});
const run = { what: { kind: 'run', id: 'r' } } as const;
const conflict = { what: { kind: 'conflict', path: 'a.txt' } } as const;
const held = { what: { kind: 'held' } } as const;
const elsewhere = { what: { kind: 'version', path: 'a.txt', id: 'v' }, to: { token: 't', path: '~/Copies', name: 'Copies' } } as const;

describe('what was brought back', () => {
  afterEach(() => setLanguage('en'));

  it.each([
    ['one file', run, { write: 1 }, 'notes/note50.txt', 'note50.txt is back in Work.'],
    ['one that has its earlier content again', run, { replace: 1 }, 'letter 2.txt', 'letter 2.txt has its earlier content again.'],
    ['one that has its earlier name again', run, { move: 1 }, 'a.txt', 'a.txt is back in Work.'],
    ['several that were there', run, { replace: 28 }, null, '28 files in Work have their earlier content again.'],
    ['several', run, { write: 2, replace: 9, move: 1, 'make-folder': 1 }, null, '12 files are back in Work.'],
    ['one, and others went', run, { replace: 1, remove: 1_200 }, 'a.txt', 'a.txt has its earlier content again. 1,200 files went to the trash.'],
    ['files and their folders that went', run, { remove: 3, 'remove-folder': 1 }, null, '3 files went to the trash. 1 folder is removed.'],
    ['a second version', conflict, { write: 1 }, 'a.conflict-pc-20261126-160000.txt', 'The other version is back, as a.conflict-pc-20261126-160000.txt.'],
    ['a copy', elsewhere, { write: 1 }, 'a.txt', 'a.txt is saved in ~/Copies.'],
    ['copies', elsewhere, { write: 3 }, null, '3 files are saved in ~/Copies.'],
    ['what is still here', held, { send: 80 }, null, '80 items are copied to the backup again.'],
    ['an empty folder', run, { 'make-folder': 1 }, null, '1 folder is back.'],
    ['nothing', run, {}, null, 'Nothing was to do.'],
  ] as const)('is named: %s', (_, task, some, file, words) => {
    expect(doneWords(task, 'Work', { counts: counts(some), file, cut: null })).toBe(words);
  });

  it.each([
    ['some of it, on the user’s word', held, { write: 43, 'make-folder': 2 }, 63, null, 'Stopped: 43 of 63 files are back in Work.'],
    ['one of several', run, { replace: 1 }, 3, null, 'Stopped: 1 of 3 files are back in Work.'],
    ['copies', elsewhere, { write: 2 }, 3, null, 'Stopped: 2 of 3 files are saved in ~/Copies.'],
    ['nothing', run, {}, 3, null, 'Stopped. Nothing was changed.'],
    ['all of it, and the sync after it failed', run, { write: 3 }, 3, { code: 'unreachable', message: 'x', hint: null, path: null }, '3 files are back in Work.'],
  ] as const)('what was cut short is told as far as it came: %s', (_, task, some, files, error, words) => {
    expect(doneWords(task, 'Work', { counts: counts(some), file: null, cut: { files, error } })).toBe(words);
  });

  it('is, of an older version, told by its time', () => {
    const at = new Date(2026, 4, 3, 10, 4).getTime();
    const task = { what: { kind: 'version', path: 'd/letter 2.txt', id: 'v' }, at } as const;
    const said = () => doneWords(task, 'Work', { counts: counts({ replace: 1 }), file: 'd/letter 2.txt', cut: null });
    expect(said()).toBe(`letter 2.txt is again as it was on ${formatInstant(at)}.`);
    setLanguage('de');
    expect(said()).toBe(`letter 2.txt ist wieder so, wie sie am ${formatInstant(at)} war.`);
  });

  it('is named in German', () => {
    setLanguage('de');
    expect(doneWords(run, 'Work', { counts: counts({ write: 1 }), file: 'a.txt', cut: null })).toBe('a.txt ist wieder in Work.');
  });
});

it('what an undo takes away is what the run added', () => {
  expect([countWords(run, 'remove', 1), countWords(run, 'remove', 3)]).toEqual([
    '1 file that was new in it goes to the trash, here and in the backup',
    '3 files that were new in it go to the trash, here and in the backup',
  ]);
  expect(countWords({ what: { kind: 'moment', at: 1, folder: null } }, 'remove', 1)).toBe('1 file that came later goes to the trash');
});

describe('how far it is', () => {
  const moving = (direction: 'up' | 'down') => ({ inFlight: [{ path: 'a', direction, bytes: 1, totalBytes: 2 }] });

  it('is told in files, and with the folders among them', () => {
    expect(amountWords({ done: 12, total: 300, bytes: 0, totalBytes: 0 }, false)).toBe('12 of 300 files');
    expect(amountWords({ done: 12, total: 1_310, bytes: 5_000, totalBytes: 20_000 }, true)).toBe('12 of 1,310 files and folders · 5.0\u00a0KB of 20.0\u00a0KB');
  });

  it('is told of the side where something moves, and of the last one in between', () => {
    expect(stageOf(moving('down'), 'backup')).toBe('here');
    expect(stageOf(moving('up'), 'here')).toBe('backup');
    for (const stage of ['here', 'backup'] as const) for (const none of [null, { inFlight: [] }]) expect(stageOf(none, stage)).toBe(stage);
  });
});

describe('that nothing is lost', () => {
  it('is said where something gives way, and only there', () => {
    for (const some of [{ write: 3 }, { move: 1 }, { send: 2 }, { 'make-folder': 1 }]) expect(safeWords(run, { counts: counts(some) })).toBeNull();
    for (const some of [{ replace: 1 }, { remove: 1 }]) {
      expect(safeWords(run, { counts: counts(some) })).toMatch(/undone again/);
      expect(safeWords(held, { counts: counts(some) })).toMatch(/trash on this computer/);
    }
    expect(safeWords(conflict, { counts: counts({ write: 1 }) })).toMatch(/name of its own/);
    expect(safeWords(elsewhere, { counts: counts({ write: 1 }) })).toMatch(/~\/Copies/);
  });
});
