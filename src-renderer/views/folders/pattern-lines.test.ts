import { expect, it } from 'vitest';
import { patternLines } from './pattern-lines.ts';

it('takes patterns as typed, without blank lines', () => {
  expect(patternLines('*.iso\r\n\n  \nnode_modules/\n!keep.iso')).toEqual(['*.iso', 'node_modules/', '!keep.iso']);
  expect(patternLines('')).toEqual([]);
});
