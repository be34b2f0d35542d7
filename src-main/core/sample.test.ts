import { expect, it } from 'vitest';
import { parseSample, sampleSize } from './sample.ts';

it.each([
  ['25', { kind: 'count', files: 25 }],
  [' 2% ', { kind: 'part', percent: 2 }],
  ['0.5%', { kind: 'part', percent: 0.5 }],
  ['100%', { kind: 'part', percent: 100 }],
  ['0', null],
  ['0%', null],
  ['101%', null],
  ['1.5', null],
  ['-1', null],
  ['some', null],
])('a sample is a number of files or a part of them: %s', (text, expected) => {
  expect(parseSample(text)).toEqual(expected);
});

it('is never larger than all there is, and never nothing of something', () => {
  expect([
    sampleSize({ kind: 'count', files: 25 }, 3),
    sampleSize({ kind: 'part', percent: 1 }, 3),
    sampleSize({ kind: 'part', percent: 1 }, 1_000),
    sampleSize({ kind: 'part', percent: 1 }, 0),
  ]).toEqual([3, 1, 10, 0]);
});
