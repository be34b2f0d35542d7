import { describe, expect, it } from 'vitest';
import type { Action } from '../core/action.ts';
import { emit } from '../core/emit.ts';
import type { FileEntry, Hash, Stamp, Version } from '../core/entry.ts';
import type { PlanInput } from '../core/plan-input.ts';
import { relPath } from '../core/rel-path.ts';
import { settledByRule, settledIn } from './settled.ts';

const path = relPath('Letters/letter 4.txt');
const file = (hash: string): FileEntry => ({ kind: 'file', size: 1, hash: hash as Hash, mtimeNs: 0n, mode: null });
const local = { entry: file('a'), stamp: 's' as Stamp };
const remote = { entry: file('b'), version: 'v' as Version, device: 'Laptop', storedAtMs: 0 };
const copy = relPath('Letters/letter 4.conflict-vm-20261126-113610.txt');

/** What the planner makes of a conflict. */
function actions(verdict: 'keep_both' | 'keep_local' | 'keep_remote'): readonly Action[] {
  const clash = { kind: 'clash', path, local, remote, reason: 'edited on both sides' } as unknown as Parameters<typeof emit>[0];
  return emit(clash, verdict, { device: 'vm' } as PlanInput, () => copy).map(({ action }) => action);
}
const never = (): boolean => false;

describe('what a rule settled', () => {
  it.each([
    ['keep_both', 'both', copy],
    ['keep_local', 'local', null],
    ['keep_remote', 'remote', null],
  ] as const)('%s is told once', (verdict, kept, name) => {
    const told = actions(verdict).flatMap((action) => settledByRule('p', 5, action, never) ?? []);
    expect(told).toEqual([{ pair: 'p', at: 5, path, kept, copy: name }]);
  });

  it('is not what waited for the user', () => {
    expect(actions('keep_both').flatMap((action) => settledByRule('p', 5, action, (open) => open === path) ?? [])).toEqual([]);
  });

  it('is no longer one side once the other came back beside it, and the next conflict of the file is another', () => {
    const record = (what: string, at: number, where: string, reason: string) => ({ at, cycle: 'c', path: where, what, outcome: 'done', reason, bytes: 1, to: null }) as const;
    const down = actions('keep_remote').find(({ kind }) => kind === 'download')?.reason ?? '';
    const aside = actions('keep_both')[0]?.reason ?? '';
    const later = 'Letters/letter 4.conflict-vm-20261127-113610.txt';
    const records = [record('upload', 4, later, 'new here'), record('set-aside-local', 3, path, aside), record('upload', 2, copy, 'new here'), record('download', 1, path, down)];
    expect(settledIn('p', records)).toEqual([
      { pair: 'p', at: 3, path, kept: 'both', copy: later },
      { pair: 'p', at: 1, path, kept: 'both', copy },
    ]);
    expect(settledIn('p', records.slice(3))).toEqual([{ pair: 'p', at: 1, path, kept: 'remote', copy: null }]);
  });

  it('is found in the activity, with the name of the second version', () => {
    const record = (what: string, at: number, where: string, reason: string) =>
      ({ at, cycle: 'c', path: where, to: null as string | null, what, outcome: 'done', reason, bytes: 1 }) as const;
    const [aside, down] = actions('keep_both');
    const [up] = actions('keep_local');
    const records = [
      record('upload', 9, 'Letters/letter 4.conflict-vm-20271126-113610.txt', 'new here'),
      record('upload', 4, copy, 'new here'),
      record('upload', 4, 'Letters/Old/letter 4.conflict-vm-20261126-113610.txt', 'new here'),
      record('download', 3, path, down?.reason ?? ''),
      record('set-aside-local', 2, path, aside?.reason ?? ''),
      record('upload', 1, 'b.txt', up?.reason ?? ''),
      record('upload', 1, 'c.txt', 'edited here'),
    ];
    expect(settledIn('p', [{ ...record('set-aside-local', 10, path, ''), to: 'there.txt' }, ...records])).toEqual([
      { pair: 'p', at: 10, path, kept: 'both', copy: 'there.txt' },
      { pair: 'p', at: 2, path, kept: 'both', copy },
      { pair: 'p', at: 1, path: 'b.txt', kept: 'local', copy: null },
    ]);
  });
});
