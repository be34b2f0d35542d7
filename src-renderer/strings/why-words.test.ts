import { expect, it } from 'vitest';
import { pairView } from '../../src-main/testing/app-state.ts';
import { answerWords } from './why-words.ts';

it.each([
  [{ kind: 'unasked' }, 'It was changed on both sides. When syncing goes on you will be asked which version to keep.'],
  [{ kind: 'settles', kept: 'both' }, 'It was changed on both sides. When syncing goes on both versions are kept, the second one under another name.'],
  [{ kind: 'pending' }, 'It waits until syncing goes on.'],
  [{ kind: 'failed', code: 'io', message: 'no answer' }, 'It was tried, and that failed: No answer. It is tried again when syncing goes on.'],
] as const)('in a pause, why %j', (answer, words) => {
  expect(answerWords(answer, pairView({ state: 'paused' }), 0)).toBe(words);
});

it('what both sides changed and no sync has seen yet, in a folder that goes on', () => {
  expect(answerWords({ kind: 'unasked' }, pairView(), 0)).toBe('It was changed on both sides. With the next sync you will be asked which version to keep.');
});
