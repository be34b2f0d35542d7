import { expect, it } from 'vitest';
import { nextPart } from './next-part.ts';

it('a list is shown to its end, first what is known and then what is fetched', () => {
  expect(nextPart(5, 100, 260)).toEqual({ until: 100, from: null });
  expect(nextPart(100, 100, 260)).toEqual({ until: 200, from: 100 });
  expect(nextPart(200, 200, 260)).toEqual({ until: 260, from: 200 });
  expect(nextPart(5, 7, 7)).toEqual({ until: 7, from: null });
});
