import { expect, it } from 'vitest';
import { sceneInput } from '../testing/tree-dsl.ts';
import { plan } from './plan.ts';

it('C64 while the store shows older versions, what is missing there is not deleted here without a word: it may have come later', () => {
  const scene = { base: 'a=1 b=2 c=3 d=4', local: 'a=1 b=2 c=3', remote: 'b=2 d=4' } as const;
  const old = { path: 'c', side: 'remote', reason: 'rolled-back', subtree: false } as const;
  const kinds = (input: ReturnType<typeof sceneInput>): readonly string[] => plan(input).actions.map(({ action }) => `${action.kind} ${action.path}`);
  const usual = sceneInput({ ...scene, remoteProblems: [{ ...old, reason: 'changing' }] });
  expect(kinds(usual)).toEqual(['remove-local a', 'remove-remote d']);
  const input = sceneInput({ ...scene, remoteProblems: [old] });
  expect(kinds(input)).toEqual(['remove-remote d']);
  expect(plan(input).held).toMatchObject([{ side: 'local', why: 'went-back', actions: [{ path: 'a' }] }]);
  expect(kinds({ ...input, releaseHeld: true })).toEqual(kinds(usual));
});
