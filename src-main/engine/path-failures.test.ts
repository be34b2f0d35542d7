import { expect, it } from 'vitest';
import { type ErrorCode, SyncError } from '../core/errors.ts';
import { relPath } from '../core/rel-path.ts';
import type { OutcomeEvent } from './cycle.ts';
import { PathFailures } from './path-failures.ts';

function failed(path: string, code: ErrorCode): OutcomeEvent {
  return { cycle: 'c', action: { kind: 'make-remote-folder', path: relPath(path), reason: 'new here' }, outcome: 'failed', error: new SyncError(code, 'no') };
}

it('a folder that failed is not told where the same keeps what lies in it, and is known of all the same', () => {
  const failures = new PathFailures({ now: () => 5 });
  for (const path of ['d', 'd/e', 'd/e/deep.txt']) failures.track(failed(path, 'name-too-long'));
  for (const [path, code] of [
    ['x', 'io'],
    ['x/y', 'no-permission'],
    ['xx', 'io'],
  ] as const)
    failures.track(failed(path, code));
  expect(failures.all.map(({ path }) => path)).toEqual(['d/e/deep.txt', 'x', 'x/y', 'xx']);
  expect(failures.at(relPath('d/e'))).toMatchObject({ code: 'name-too-long', attempts: 1, since: 5 });
});
