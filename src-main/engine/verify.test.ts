import { describe, expect, it } from 'vitest';
import { absorbIntents } from '../core/absorb.ts';
import type { Plan } from '../core/action.ts';
import type { Base, BaseSnapshot, Entry, Local, PathProblem, Remote, Stamp, Version } from '../core/entry.ts';
import type { Intent } from '../core/intent.ts';
import { plan } from '../core/plan.ts';
import { type RelPath, relPath } from '../core/rel-path.ts';
import { fileEntry, parseTree, problem, sceneInput } from '../testing/tree-dsl.ts';
import { type Evidence, judge } from './verify.ts';
import { severityOf } from './verify-report.ts';

/** Each side as `tree` texts; a stamp or version is `<path>` unless the entry's path is named in `touched` (local) or `rewritten` (remote). */
interface Case {
  readonly base?: string;
  readonly local?: string;
  readonly remote?: string;
  /** The bytes, where they are read again; default: not read. */
  readonly localBytes?: string;
  readonly remoteBytes?: string;
  readonly touched?: readonly string[];
  readonly rewritten?: readonly string[];
  /** What was touched has a later time of change, too. */
  readonly later?: boolean;
  readonly racy?: boolean;
  readonly intents?: readonly Intent[];
  readonly problems?: readonly PathProblem[];
  readonly more?: Partial<Evidence>;
}

const stampAt = (path: string, touched: readonly string[] = []): Stamp => (touched.includes(path) ? `${path} touched` : path) as Stamp;
const versionAt = (path: string, rewritten: readonly string[] = []): Version => (rewritten.includes(path) ? `${path} rewritten` : path) as Version;

function mapTree<T>(text: string, make: (path: RelPath, entry: Entry) => T): Map<RelPath, T> {
  return new Map([...parseTree(text)].map(([path, { entry }]) => [path, make(path, entry)]));
}

function evidenceOf({
  base = '',
  local = '',
  remote = '',
  localBytes,
  remoteBytes,
  touched,
  rewritten,
  later = false,
  racy = false,
  intents = [],
  problems = [],
  more,
}: Case): Evidence {
  const agreed: BaseSnapshot = mapTree<Base>(base, (path, entry) => ({ entry, stamp: stampAt(path), version: versionAt(path) }));
  const here = (text: string): Evidence['local'] => ({
    entries: mapTree<Local>(text, (path, entry) => ({ entry, stamp: stampAt(path, touched), fileId: null })),
    problems: problems.filter((p) => p.side === 'local'),
  });
  const there = (text: string): Evidence['remote'] => ({
    entries: mapTree<Remote>(text, (path, entry) => ({ entry, version: versionAt(path, rewritten), op: null, device: null, storedAtMs: null })),
    problems: problems.filter((p) => p.side === 'remote'),
    besideFolders: new Map(),
  });
  const planned = (l: Evidence['local'], r: Evidence['remote']): Plan => plan({ ...sceneInput({}), base: absorbIntents(agreed, intents, l, r), local: l, remote: r });
  const trusted = (side: Evidence['remote']): Evidence['remote'] => ({
    ...side,
    entries: new Map([...side.entries].map(([path, r]) => [path, agreed.get(path)?.version === r.version ? { ...r, entry: agreed.get(path)?.entry ?? r.entry } : r])),
  });
  const content = localBytes === undefined ? null : { local: here(localBytes), remote: there(remoteBytes ?? remote) };
  return {
    base: agreed,
    held: agreed,
    intents,
    conflicts: [],
    resolutions: [],
    stateFaults: [],
    leftovers: [],
    local: here(local),
    remote: there(remote),
    content,
    plan: planned(here(local), trusted(there(remote))),
    fullPlan: content === null ? null : planned(content.local, content.remote),
    proves: () => !racy,
    sameMoment: (x, y) => !later && x.split(' ')[0] === y.split(' ')[0],
    ...more,
  };
}

const lines = (c: Case): readonly string[] => judge(evidenceOf(c)).findings.map((f) => `${severityOf(f)} ${f.kind} ${f.path}: ${f.next}`);
const unseen = (action: string): string => `nothing: it goes by recorded times and versions; sync --full: ${action}`;
const unread = 'nothing: it goes by recorded times and versions; verify without --state reads the contents';
const opIntent: Intent = { kind: 'remote-write', op: 'o', path: relPath('a'), entry: fileEntry('2') };

describe('what is found', () => {
  const cases: readonly (Case & { readonly name: string; readonly found: readonly string[] })[] = [
    { name: 'nothing on a pair in sync', base: 'd/ d/a=1 l->x', local: 'd/ d/a=1 l->x', remote: 'd/ d/a=1 l->x', localBytes: 'd/ d/a=1 l->x', found: [] },
    { name: 'nothing before the first sync', local: 'a=1 b=2', remote: 'a=1', found: [] },
    { name: 'an edit, a new and a deleted file are pending, no findings', base: 'a=1 b=2', local: 'a=9 c=3', remote: 'a=1 b=2', touched: ['a'], later: true, found: [] },
    {
      name: 'S108 C2 other bytes here under the recorded stamp',
      base: 'a=1',
      local: 'a=1',
      remote: 'a=1',
      localBytes: 'a=9',
      found: [`damage local-damaged a: ${unseen('upload: edited here')}`],
    },
    { name: 'C3 not under a stamp that proves nothing: that is an edit', base: 'a=1', local: 'a=9', remote: 'a=1', racy: true, found: [] },
    {
      name: 'S95 other bytes here under the recorded time of change',
      base: 'a=1',
      local: 'a=9',
      remote: 'a=1',
      touched: ['a'],
      found: ['damage local-changed-unseen a: upload: edited here'],
    },
    {
      name: 'C48 not where a deed of ours was interrupted',
      base: 'a=1',
      local: 'a=9',
      remote: 'a=1',
      touched: ['a'],
      intents: [opIntent],
      found: ['leftover stale-intent a: looks whether the remote-write that was begun here was done'],
    },
    {
      name: 'S108 an object whose bytes are not those it describes',
      base: 'a=1',
      local: 'a=1',
      remote: 'a=1',
      localBytes: 'a=1',
      remoteBytes: 'a=9',
      found: [`damage remote-damaged a: ${unseen('upload: edited here')}`],
    },
    {
      name: 'such an object that nobody knows yet',
      base: 'b=1',
      local: 'b=1',
      remote: 'b=1 a=1',
      localBytes: 'b=1',
      remoteBytes: 'b=1 a=9',
      found: ['damage remote-damaged a: download: new on the other side'],
    },
    { name: 'S108 another content under the recorded version', base: 'a=1', local: 'a=1', remote: 'a=9', found: [`damage remote-differs a: ${unread}`] },
    { name: 'another link text under the recorded version', base: 'l->x', local: 'l->x', remote: 'l->y', found: [`damage remote-differs l: ${unread}`] },
    {
      name: 'C50 a state that says something else than both sides',
      base: 'a=9',
      local: 'a=9',
      remote: 'a=1',
      localBytes: 'a=1',
      found: [`damage base-damaged a: ${unseen('adopt: same content on both sides')}`],
    },
    { name: 'both sides read anew while they changed: nothing is concluded', base: 'a=1', local: 'a=1', remote: 'a=1', localBytes: 'a=1', remoteBytes: '', found: [] },
    { name: 'a row for what exists nowhere', base: 'a=1 b=1', local: 'b=1', remote: 'b=1', found: ['leftover base-orphan a: forget: gone on both sides'] },
    { name: 'no row for what both have', base: 'b=1', local: 'a=1 b=1', remote: 'a=1 b=1', found: ['leftover base-missing a: adopt: both sides have it already'] },
    {
      name: 'a row of an older content of both',
      base: 'a=1',
      local: 'a=9',
      remote: 'a=9',
      touched: ['a'],
      rewritten: ['a'],
      later: true,
      found: ['leftover base-outdated a: adopt: same content on both sides'],
    },
    { name: 'C48 an intent of a run that died', base: '', intents: [opIntent], found: ['leftover stale-intent a: looks whether the remote-write that was begun here was done'] },
    {
      name: 'C13 what cannot be read',
      base: 'a=1',
      remote: 'a=1',
      problems: [problem('local', 'a')],
      found: ['unsyncable unsyncable a: left alone: unreadable on the local side'],
    },
    {
      name: 'what was fetched of a file',
      more: { leftovers: ['.file-sync/tmp/x.part'] },
      found: ['leftover leftover-file .file-sync/tmp/x.part: goes on with it, or removes it'],
    },
    { name: 'a file of ours that was left', more: { leftovers: ['.file-sync/tmp/x'] }, found: ['leftover leftover-file .file-sync/tmp/x: removes it'] },
    {
      name: 'C50 a damaged state store',
      more: { stateFaults: ['page 3 is malformed'] },
      found: ['damage state-damaged the state store: sets it aside and builds it anew by comparing both sides'],
    },
    {
      name: 'what the engine holds and has not stored',
      base: 'a=1',
      local: 'a=1',
      remote: 'a=1',
      more: { held: new Map() },
      found: ['leftover base-unsaved a: nothing: the running engine goes by nothing'],
    },
    {
      name: 'an answer without a question',
      more: { resolutions: [{ path: relPath('a'), choice: 'both', local: fileEntry('1'), remoteVersion: 'v' as Version }] },
      found: ['leftover stale-answer a: nothing: the answer is to a conflict that is none any more'],
    },
  ];
  it.each(cases)('$name', ({ name: _, found, ...c }) => expect(lines(c)).toEqual(found));
});

it('says what each side holds, and what was only taken from the record', () => {
  const [finding] = judge(evidenceOf({ base: 'a=1', local: 'a=1', remote: 'a=99' })).findings;
  expect(finding?.base).toMatch(/^file, 1 bytes, sha256 6b86b273ff34,/);
  expect(finding?.local).toMatch(/^file, 1 bytes.*\(by its recorded size and times, not read again\)$/);
  expect(finding?.remote).toMatch(/^file, 2 bytes, sha256 8c1f1046219d,/);
  const [damaged] = judge(evidenceOf({ base: 'a=1', local: 'a=1', remote: 'a=1', localBytes: 'a=1', remoteBytes: 'a=99' })).findings;
  expect(damaged?.local).not.toContain('not read again');
  expect(damaged?.remote).toMatch(/^file, 2 bytes, .*; it says of itself: file, 1 bytes/);
});

it('counts what is not synced yet apart, without what would only be written down', () => {
  const report = judge(evidenceOf({ base: 'b=1', local: 'a=1 b=1 c=1', remote: 'a=1 b=1', touched: ['b'] }));
  expect(report.pending.map(({ kind, path }) => `${kind} ${path}`)).toEqual(['upload c']);
  expect(report.checked).toEqual({ base: 1, local: 3, remote: 2 });
});
