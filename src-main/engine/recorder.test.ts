import { expect, it } from 'vitest';
import type { Base, Version } from '../core/entry.ts';
import { relPath } from '../core/rel-path.ts';
import { memoryStateStore } from '../state/memory-store.ts';
import type { StateChange } from '../state/state-store.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { Recorder } from './recorder.ts';

function start() {
  const commits: StateChange[] = [];
  const state = memoryStateStore();
  const clock = new ManualClock();
  const recorder = new Recorder(
    {
      ...state,
      commit: (change) => {
        commits.push(change);
        return state.commit(change);
      },
    },
    clock,
  );
  return { recorder, commits, clock };
}

it('S92 S93 what was seen and the intent it settles are written in one step, or a crash between them would lose both', async () => {
  const { recorder, commits } = start();
  const path = relPath('a');
  const base: Base = { entry: { kind: 'folder' }, stamp: null, version: 'v' as Version };
  await recorder.note({ put: [[path, base]], settled: ['op'] });
  await recorder.flush();
  expect(commits).toMatchObject([{ put: [[path, base]], settled: ['op'] }]);
});

it('what was done is on record within two seconds, not only when there is much of it', async () => {
  const { recorder, commits, clock } = start();
  await recorder.note({ values: { a: '1' } });
  await clock.advance(1_999);
  await recorder.note({ values: { b: '1' } });
  expect(commits).toEqual([]);
  await clock.advance(1);
  await recorder.note({ values: { c: '1' } });
  expect(commits).toMatchObject([{ values: { a: '1', b: '1', c: '1' } }]);
  await recorder.note({ values: { d: '1' } });
  expect(commits.length).toBe(1);
});
