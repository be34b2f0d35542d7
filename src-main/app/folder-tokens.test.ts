import { expect, it } from 'vitest';
import { SeededRandom } from '../testing/random.ts';
import { FolderTokens } from './folder-tokens.ts';

it('gives folders out by token, and takes nothing else back', () => {
  const tokens = new FolderTokens(new SeededRandom(1), '/home/a');
  const chosen = tokens.give('/home/a/Documents');
  expect(chosen).toMatchObject({ path: '~/Documents', name: 'Documents' });
  expect(tokens.path(chosen.token)).toBe('/home/a/Documents');
  expect(tokens.give('/').name).toBe('/');
  expect(() => tokens.path('/home/a/Documents')).toThrow('choose the folder again');
  tokens.forgetAll();
  expect(() => tokens.path(chosen.token)).toThrow('choose the folder again');
});
