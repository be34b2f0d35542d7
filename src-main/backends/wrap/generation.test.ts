import { expect, it } from 'vitest';
import { isOlder, nextGeneration } from './generation.ts';

const NOW = Date.UTC(2026, 10, 25);

it('a replacement counts on, whatever the time', () => {
  const first = nextGeneration(null, null, NOW);
  const second = nextGeneration(first, first, null);
  expect([second - first, isOlder(first, second), isOlder(second, first), isOlder(second, second)]).toEqual([1, true, false, false]);
});

it('two that replace the same are equal', () => {
  const first = nextGeneration(null, null, NOW);
  expect(nextGeneration(first, null, null)).toBe(nextGeneration(first, first, null));
});

it('what is made anew begins a later life, also for whoever never saw the first', () => {
  let first = nextGeneration(null, null, NOW);
  for (let n = 0; n < 100; n++) first = nextGeneration(first, null, null);
  expect(isOlder(nextGeneration(null, null, NOW + 1), first)).toBe(false);
  expect(isOlder(first, nextGeneration(null, null, NOW + 3_600_000))).toBe(true);
});

it('lives of the same minutes are not put in order', () => {
  expect(isOlder(nextGeneration(null, null, NOW), nextGeneration(null, null, NOW + 5_000))).toBe(false);
});

it('a life of very many replacements goes over into a new one', () => {
  let last = nextGeneration(null, null, NOW);
  const old = last;
  for (let n = 0; n < 5_000; n++) last = nextGeneration(last, null, NOW + n * 60_000);
  expect([isOlder(old, last), Number.isSafeInteger(last)]).toEqual([true, true]);
});

it('where the store tells no time it counts on from what is known', () => {
  expect([nextGeneration(null, null, null), nextGeneration(null, 7, null)]).toEqual([1, 8]);
});
