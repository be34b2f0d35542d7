import { describe, expect, it } from 'vitest';
import { settle } from '../testing/plan-table.ts';
import { aside, likeExpected, planLines, sceneInput } from '../testing/tree-dsl.ts';
import { plan } from './plan.ts';

/** What one path can hold: nothing, a file with content 1-3, a link with text 1-2, a folder. */
const TREES: Readonly<Record<string, string>> = { '-': '', F1: 'p=1', F2: 'p=2', F3: 'p=3', L1: 'p->1', L2: 'p->2', D: 'p/' };

const MEANING: Readonly<Record<string, readonly string[]>> = {
  '.': [],
  up: ['upload p'],
  dn: ['download p'],
  mkr: ['make-remote-folder p'],
  mkl: ['make-local-folder p'],
  rmr: ['remove-remote p'],
  rml: ['remove-local p'],
  rmdr: ['remove-remote-folder p'],
  rmdl: ['remove-local-folder p'],
  ad: ['adopt p'],
  fg: ['forget p'],
  // Over another kind: room is made first.
  'up!': ['clear remove-remote-folder p', 'upload p'],
  'dn!': ['clear remove-local-folder p', 'download p'],
  'mkr!': ['clear remove-remote p', 'make-remote-folder p'],
  'mkl!': ['clear remove-local p', 'make-local-folder p'],
  // Conflicts under keep_both: two leaves; local leaf against remote folder; local folder against remote leaf.
  cb: [`set-aside-local p -> ${aside('p')}`, 'download p'],
  cl: [`set-aside-local p -> ${aside('p')}`, 'make-local-folder p'],
  cr: [`set-aside-remote p -> ${aside('p', '', 'desktop')}`, 'make-remote-folder p'],
};

/** One grid for each base; a row is what is here, a column what is on the other side. */
const GRIDS: Readonly<Record<string, string>> = {
  '-': `
          -    F1   F2   F3   L1   L2   D
    -     .    dn   dn   dn   dn   dn   mkl
    F1    up   ad   cb   cb   cb   cb   cl
    F2    up   cb   ad   cb   cb   cb   cl
    L1    up   cb   cb   cb   ad   cb   cl
    L2    up   cb   cb   cb   cb   ad   cl
    D     mkr  cr   cr   cr   cr   cr   ad`,
  F1: `
          -    F1   F2   F3   L1   L2   D
    -     fg   rmr  dn   dn   dn   dn   mkl
    F1    rml  .    dn   dn   dn   dn   mkl!
    F2    up   up   ad   cb   cb   cb   cl
    L1    up   up   cb   cb   ad   cb   cl
    L2    up   up   cb   cb   cb   ad   cl
    D     mkr  mkr! cr   cr   cr   cr   ad`,
  L1: `
          -    F1   F2   F3   L1   L2   D
    -     fg   dn   dn   dn   rmr  dn   mkl
    F1    up   ad   cb   cb   up   cb   cl
    F2    up   cb   ad   cb   up   cb   cl
    L1    rml  dn   dn   dn   .    dn   mkl!
    L2    up   cb   cb   cb   up   ad   cl
    D     mkr  cr   cr   cr   mkr! cr   ad`,
  D: `
          -    F1   F2   F3   L1   L2   D
    -     fg   dn   dn   dn   dn   dn   rmdr
    F1    up   ad   cb   cb   cb   cb   up!
    F2    up   cb   ad   cb   cb   cb   up!
    L1    up   cb   cb   cb   ad   cb   up!
    L2    up   cb   cb   cb   cb   ad   up!
    D     rmdl dn!  dn!  dn!  dn!  dn!  .`,
};

for (const [base, grid] of Object.entries(GRIDS)) {
  describe(`one path, base ${base} (C31-C34, C7, C14, C16)`, () => {
    const [columns = [], ...rows] = grid
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => line.trim().split(/\s+/));
    for (const [local = '', ...cells] of rows) {
      cells.forEach((cell, i) => {
        const remote = columns[i] ?? '';
        it(`here ${local}, there ${remote}: ${(MEANING[cell] ?? []).join(', ') || 'nothing'}`, () => {
          const expected = MEANING[cell];
          if (expected === undefined) throw new Error(`unknown cell ${cell}`);
          const input = sceneInput({ base: TREES[base] ?? '', local: TREES[local] ?? '', remote: TREES[remote] ?? '' });
          expect(likeExpected(planLines(plan(input)).plan, expected)).toEqual(expected);
          settle(input);
        });
      });
    }
  });
}
