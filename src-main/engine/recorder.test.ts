import { expect, it } from 'vitest';
import type { Base, Version } from '../core/entry.ts';
import { relPath } from '../core/rel-path.ts';
import { memoryStateStore } from '../state/memory-store.ts';
import type { StateChange } from '../state/state-store.ts';
import { Recorder } from './recorder.ts';

it('S92 S93 what was seen and the intent it settles are written in one step, or a crash between them would lose both', async () => {
  const commits: StateChange[] = [];
  const state = memoryStateStore();
  const recorder = new Recorder({
    ...state,
    commit: (change) => {
      commits.push(change);
      return state.commit(change);
    },
  });
  const path = relPath('a');
  const base: Base = { entry: { kind: 'folder' }, stamp: null, version: 'v' as Version };
  await recorder.note({ put: [[path, base]], settled: ['op'] });
  await recorder.flush();
  expect(commits).toMatchObject([{ put: [[path, base]], settled: ['op'] }]);
});
