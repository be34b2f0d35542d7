import { describe, expect, it } from 'vitest';
import { settle } from '../testing/plan-table.ts';
import { actionLine, aside, type Scene, sceneInput } from '../testing/tree-dsl.ts';
import type { Entry, Stamp, Version } from './entry.ts';
import { plan } from './plan.ts';
import type { PlanInput } from './plan-input.ts';
import { relPath } from './rel-path.ts';

/** The scene with what lies at these paths put there anew on one side: under another stamp, or another version. */
function anew(scene: Scene, side: 'local' | 'remote', ...paths: readonly string[]): PlanInput {
  const input = sceneInput(scene);
  const [local, remote] = [new Map(input.local.entries), new Map(input.remote.entries)];
  for (const path of paths.map(relPath)) {
    const [here, there] = [local.get(path), remote.get(path)];
    if (side === 'local' && here !== undefined) local.set(path, { ...here, stamp: `anew ${here.stamp}` as Stamp });
    if (side === 'remote' && there !== undefined) remote.set(path, { ...there, version: `anew ${there.version}` as Version });
  }
  return { ...input, local: { ...input.local, entries: local }, remote: { ...input.remote, entries: remote } };
}

/** What is planned; carried out, it loses nothing and leaves nothing to do. */
function planned(input: PlanInput): readonly string[] {
  settle(input);
  return plan(input).actions.map(({ action, stage }) => actionLine(action, stage).replace(/ \(.*$/, ''));
}

describe('a file that took the place of its like (L1)', () => {
  const k = 'k=9';
  const both = `p=1 q=1 ${k}`;
  const keepsBoth = [`set-aside-local p -> ${aside('p')}`, 'download p'];

  it('S30 moved here, edited there: both are kept', () =>
    expect(planned(anew({ base: both, local: `p=1 ${k}`, remote: `p=2 q=1 ${k}` }, 'local', 'p'))).toEqual([...keepsBoth, 'remove-remote q']));
  it('S30 moved here, deleted there: it survives', () =>
    expect(planned(anew({ base: both, local: `p=1 ${k}`, remote: `q=1 ${k}` }, 'local', 'p'))).toEqual(['move-remote q -> p']));
  it('S30 moved there, edited here: both are kept', () =>
    expect(planned(anew({ base: both, local: `p=2 q=1 ${k}`, remote: `p=1 ${k}` }, 'remote', 'p'))).toEqual([keepsBoth[0], 'move-local q -> p']));
  it('S30 moved there, deleted here: it survives', () =>
    expect(planned(anew({ base: both, local: `q=1 ${k}`, remote: `p=1 ${k}` }, 'remote', 'p'))).toEqual(['move-local q -> p']));
  it('S30 opposite renames: the content is in sight', () => {
    const input = anew({ base: both, local: `q=1 ${k}`, remote: `p=1 ${k}` }, 'local', 'q');
    const { entries } = anew({ base: both, local: `q=1 ${k}`, remote: `p=1 ${k}` }, 'remote', 'p').remote;
    expect(planned({ ...input, remote: { ...input.remote, entries } })).toEqual(['download p', 'upload q']);
  });
  it('what came to another file in its old place counts as left', () =>
    expect(planned(anew({ base: both, local: `p=1 q=3 ${k}`, remote: `p=2 q=1 ${k}` }, 'local', 'p'))).toEqual([`set-aside-local p -> ${aside('p')}`, 'download p', 'upload q']));
  it('what was moved since its old place was looked at has left it', () => {
    const input = anew({ base: both, local: both, remote: `p=2 q=1 ${k}` }, 'local', 'p');
    const entries = new Map([...input.local.entries].map(([path, e]) => [path, { ...e, fileId: path === 'k' ? '9' : '5' }]));
    const lines = plan({ ...input, local: { ...input.local, entries } }).actions.map(({ action }) => `${action.kind} ${action.path}`);
    expect(lines).toEqual(['set-aside-local p', 'download p']);
  });
  it('links too', () => expect(planned(anew({ base: `p->a q->a ${k}`, local: `p->a ${k}`, remote: `p->b q->a ${k}` }, 'local', 'p'))).toEqual([...keepsBoth, 'remove-remote q']));
});

describe('a download that was cut short before it was recorded', () => {
  /** `p` as it came, of the time 5; `q`, that held the same, of the time 1, was deleted here, and `p` there. */
  function cutShort(localTime: bigint): PlanInput {
    const input = sceneInput({ base: 'p=1 q=1 k=9', local: 'p=1 k=9', remote: 'q=1 k=9' });
    const [p, q] = [relPath('p'), relPath('q')];
    const base = new Map(input.base);
    const local = new Map(input.local.entries);
    const [agreed, like, here] = [base.get(p), base.get(q), local.get(p)];
    if (agreed === undefined || like === undefined || here === undefined) throw new Error('no such path');
    const of = <T extends { readonly entry: Entry }>(what: T, mtimeNs: bigint): T => ({ ...what, entry: { ...what.entry, mtimeNs } });
    base.set(p, { ...of(agreed, 5n), stamp: null }).set(q, of(like, 1n));
    local.set(p, of(here, localTime));
    return { ...input, base, local: { ...input.local, entries: local } };
  }

  it('is no move, though its like is gone', () => expect(planned(cutShort(5n))).toEqual(['remove-local p', 'remove-remote q']));
  it('what has the time of its like took its place', () => expect(planned(cutShort(1n))).toEqual(['move-remote q -> p']));
});

describe('no such move', () => {
  it('the like is still there', () => expect(planned(anew({ base: 'p=1 q=1', local: 'p=1 q=1', remote: 'p=2 q=1' }, 'local', 'p'))).toEqual(['download p']));
  it('the like was deleted on the other side only', () =>
    expect(planned(anew({ base: 'p=1 q=1', local: 'p=1 q=1', remote: 'p=2' }, 'local', 'p'))).toEqual(['download p', 'remove-local q']));
  it('its like is gone, but this one was not put there anew', () =>
    expect(planned(sceneInput({ base: 'p=1 q=1', local: 'p=1', remote: 'p=2 q=1' }))).toEqual(['download p', 'remove-remote q']));
  it('what is empty', () =>
    expect(planned(anew({ base: { p: '', q: '', k: '9' }, local: { p: '', k: '9' }, remote: { p: '2', q: '', k: '9' } }, 'local', 'p'))).toEqual([
      'download p',
      'remove-remote q',
    ]));
  it('its like lies outside of what is looked at', () =>
    expect(plan(anew({ base: 'd/p=1 q=1', local: 'd/p=1', remote: 'd/p=2 q=1', input: { scope: relPath('d') } }, 'local', 'd/p')).actions.map(({ action }) => action.kind)).toEqual(
      ['download'],
    ));
  it('its like became ignored', () => expect(planned(anew({ base: 'p=1 q=1', local: 'p=1', remote: 'p=2 q=1', ignore: ['q'] }, 'local', 'p'))).toEqual(['forget q', 'download p']));
});
