import { describe, expect, it } from 'vitest';
import { IgnoreRules } from '../../../src-main/core/ignore.ts';
import { relPath } from '../../../src-main/core/rel-path.ts';
import { keptWords, losesWords, newerLoses, patternFor } from './giving-way.ts';

const side = (device: string | null, size: number, modifiedAt: number | null) => ({ kind: 'file', size, modifiedAt, device }) as const;
const conflict = { local: side('laptop', 12_000, 2_000), remote: side('desktop', 900, 1_000) };

describe('C31 what a choice lets go of', () => {
  it('is named, with whose it is and where it stays', () => {
    expect(losesWords('local', conflict)).toMatch(/^Replaces the backup’s version \(desktop, 900\u00a0bytes, .*old version/);
    expect(losesWords('remote', conflict)).toMatch(/^Replaces this computer’s version \(12.0\u00a0KB, .*trash/);
    expect(losesWords('local', conflict, true)).toMatch(/^Replaces the backup’s version \(desktop, .*not kept/);
    expect(losesWords('remote', conflict, true)).toBe(losesWords('remote', conflict));
    expect(losesWords('both', conflict)).toMatch(/^Nothing is replaced/);
  });

  it('is named again once it is done, with where it is now', () => {
    expect(keptWords('local', conflict)).toMatch(/^Done\. The backup’s version \(desktop, 900\u00a0bytes, .*old version/);
    expect(keptWords('remote', conflict, true)).toMatch(/^Done\. This computer’s version \(12.0\u00a0KB, .*trash/);
    expect(keptWords('local', conflict, true)).toMatch(/was not kept/);
    expect(keptWords('both', conflict)).toMatch(/^Done\. Both are there/);
  });

  it('is minded where it is the newer one', () => {
    expect([newerLoses('remote', conflict), newerLoses('local', conflict), newerLoses('both', conflict)]).toEqual([true, false, false]);
    expect(newerLoses('remote', { ...conflict, remote: side(null, 1, null) })).toBe(false);
  });
});

describe('the pattern for files like one', () => {
  it.each([
    ['a/report.docx', '*.docx', 'other/b.docx'],
    ['a/Makefile', 'Makefile', 'deep/er/Makefile'],
    ['.bashrc', '.bashrc', '.bashrc'],
    ['a/x.[1]', '*.\\[1\\]', 'y.[1]'],
    ['#notes', '\\#notes', '#notes'],
    ['a.', 'a.', 'a.'],
  ])('%s is %s', (path, pattern, also) => {
    expect(patternFor(path)).toBe(pattern);
    const rules = IgnoreRules.of([pattern], { junk: false });
    expect([rules.ignores(relPath(path), false), rules.ignores(relPath(also), false), rules.ignores(relPath('quite/other'), false)]).toEqual([true, true, false]);
  });
});
