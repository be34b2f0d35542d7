import { describe, expect, it } from 'vitest';
import type { PairState } from '../../src-preload/contract/model.ts';
import { overallState } from './overall.ts';

const ORDER: readonly PairState[] = ['error', 'attention', 'offline', 'paused', 'syncing', 'ok'];

describe('the state of all folders', () => {
  it.each(ORDER.flatMap((first, i) => ORDER.slice(i).map((second) => [first, second] as const)))('%s wins over %s', (first, second) => {
    expect(overallState([second, first, second], { kind: 'running' })).toBe(first);
  });

  it('is "not set up" without folders', () => {
    expect(overallState([], { kind: 'running' })).toBe('not-set-up');
  });

  it('is an error when the engine has stopped for good, whatever the last reports said', () => {
    expect(overallState(['ok'], { kind: 'stopped', message: '' })).toBe('error');
    expect(overallState(['ok'], { kind: 'restarting', message: '' })).toBe('ok');
  });
});
