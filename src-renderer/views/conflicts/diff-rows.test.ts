import { describe, expect, it } from 'vitest';
import { diffRows } from './diff-rows.ts';

const show = (remote: string, local: string): readonly string[] =>
  (diffRows(remote, local) ?? []).map((row) => (row.kind === 'skip' ? `(${row.lines})` : `${{ same: ' ', local: '+', remote: '-' }[row.kind]}${row.text}`));
const numbers = (from: number, to: number): string => Array.from({ length: to - from + 1 }, (_, i) => `${from + i}\n`).join('');

describe('the differences of two texts', () => {
  it('show what each side has, with a little around it', () => {
    expect(show(`${numbers(1, 20)}old\n${numbers(30, 50)}`, `${numbers(1, 20)}new\n${numbers(30, 50)}`)).toEqual([
      '(17)',
      ' 18',
      ' 19',
      ' 20',
      '-old',
      '+new',
      ' 30',
      ' 31',
      ' 32',
      '(18)',
    ]);
  });

  it('leave out no single line', () => {
    expect(show('a\nb\nc\nd\nold', 'a\nb\nc\nd\nnew')).toEqual([' a', ' b', ' c', ' d', '-old', '+new']);
  });

  it('are none for equal texts', () => {
    expect(show('a\nb\n', 'a\nb\n').every((row) => !/^[+-]/.test(row))).toBe(true);
    expect(diffRows('', '')).toEqual([]);
  });

  it('show an empty side', () => {
    expect(show('', 'a\n')).toEqual(['+a']);
  });
});
