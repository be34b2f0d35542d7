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

it.each([
  [{ kind: 'nowhere', alike: [] }, 'It is on neither side, and no earlier version of it is known. Check the name.'],
  [{ kind: 'nowhere', alike: ['Work/Plan.txt', 'Old/plan.txt'] }, 'It is on neither side, and no earlier version of it is known. Did you mean Work/Plan.txt, Old/plan.txt?'],
  [{ kind: 'elsewhere', folder: 'Pictures' }, 'It lies in Pictures, another of your synced folders: ask there.'],
  [{ kind: 'held', why: 'too-many' }, 'Its deletion waits for your word: it is one of unusually many at once. The overview asks about them.'],
  [
    { kind: 'ignored', isThere: false, rule: { pattern: '*.log', from: 'settings', file: null } },
    'No such file is on this computer. One of that name would be left out by the rule *.log: it is in the settings for every folder.',
  ],
  [
    { kind: 'ignored', isThere: true, rule: { pattern: '*.log', from: 'settings', file: null } },
    'The rule *.log leaves it out: it is in the settings for every folder. The file stays where it is.',
  ],
] as const)('why %j', (answer, words) => {
  expect(answerWords(answer, pairView(), 0)).toBe(words);
});
