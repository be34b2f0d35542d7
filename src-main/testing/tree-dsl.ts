import { createHash } from 'node:crypto';
import type { Action, Plan } from '../core/action.ts';
import type { ConflictPolicy, Resolution } from '../core/conflict.ts';
import type { Base, Entry, FileEntry, Hash, Local, PathProblem, Remote, Stamp, Version } from '../core/entry.ts';
import { IgnoreRules } from '../core/ignore.ts';
import type { PlanInput } from '../core/plan-input.ts';
import { ancestorsOf, type RelPath, relPath } from '../core/rel-path.ts';
import { DEFAULT_PAIR_SETTINGS } from '../core/settings.ts';

/**
 * Trees in words. A text is a list of tokens: `a.txt=B1` a file with content B1, `a=B1@755` one with mode 755 (else 644), `d/` a folder, `d/!` a folder that also holds ignored things,
 * `l->x` a symlink to x. Folders above a path come by themselves. A record does the same for names with spaces or signs in them.
 */
export type TreeText = string | Readonly<Record<string, Node>>;
export type Node = string | { readonly entry: Entry; readonly holdsIgnored?: boolean };

/** What lies ignored in a folder written `d/!`. */
export const IGNORED_NAME = '~ignored~';
/** 2026-01-02 03:04:05 UTC: conflict names of test plans end in `20260102-030405`. */
export const TEST_NOW_MS = Date.UTC(2026, 0, 2, 3, 4, 5);
export const TEST_DEVICE = 'laptop';
/** The name `path` (stem, extension) takes when it steps aside in a test plan. */
export const aside = (stem: string, extension = '', device = TEST_DEVICE): string => `${stem}.conflict-${device}-20260102-030405${extension}`;

export const folder: Node = { entry: { kind: 'folder' } };
export const hollow: Node = { entry: { kind: 'folder' }, holdsIgnored: true };
export const link = (target: string): Node => ({ entry: { kind: 'symlink', target } });
export const file = (content: string, mode: number | null = 0o644): Node => ({ entry: fileEntry(content, mode) });

export function fileEntry(content: string, mode: number | null = 0o644): FileEntry {
  const hash = createHash('sha256').update(content).digest('hex') as Hash;
  return { kind: 'file', size: Buffer.byteLength(content), hash, mtimeNs: 0n, mode };
}

type Parsed = Map<RelPath, { readonly entry: Entry; readonly holdsIgnored?: boolean }>;

export function parseTree(text: TreeText): Parsed {
  const nodes = typeof text === 'string' ? text.split(/\s+/).filter(Boolean).map(token) : Object.entries(text).map(([name, node]) => [name, asNode(name, node)] as const);
  const result: Parsed = new Map();
  for (const [name, node] of nodes) {
    const path = relPath(name.replace(/\/$/, ''));
    for (const above of ancestorsOf(path)) if (!result.has(above)) result.set(above, { entry: { kind: 'folder' } });
    result.set(path, typeof node === 'string' ? { entry: fileEntry(node) } : node);
  }
  return result;
}

function asNode(name: string, node: Node): Node {
  return name.endsWith('/') && node === '' ? folder : node;
}

function token(text: string): readonly [string, Node] {
  const arrow = text.indexOf('->');
  if (arrow > 0) return [text.slice(0, arrow), link(text.slice(arrow + 2))];
  const equals = text.indexOf('=');
  if (equals < 0) {
    if (text.endsWith('/!')) return [text.slice(0, -1), hollow];
    if (text.endsWith('/')) return [text, folder];
    throw new RangeError(`not a tree token: ${text}`);
  }
  const [content = '', mode] = text.slice(equals + 1).split('@');
  return [text.slice(0, equals), file(content, mode === undefined ? 0o644 : mode === 'none' ? null : Number.parseInt(mode, 8))];
}

export interface Scene {
  readonly base?: TreeText;
  readonly local?: TreeText;
  readonly remote?: TreeText;
  readonly localProblems?: readonly PathProblem[];
  readonly remoteProblems?: readonly PathProblem[];
  readonly policy?: ConflictPolicy | PlanInput['policyFor'];
  readonly ignore?: readonly string[];
  /** `path:choice` answers to what the trees show. */
  readonly answers?: readonly Resolution[];
  readonly input?: Partial<PlanInput>;
  /** The device that wrote what is new on the remote side. */
  readonly remoteDevice?: string | null;
}

/** A stamp or version of a path: the base's own while the entry is the base's, else made of what is there. */
export const stampOf = (path: string, entry: Entry): Stamp => `s:${path}:${inShort(entry)}` as Stamp;
export const versionOf = (path: string, entry: Entry): Version => `v:${path}:${inShort(entry)}` as Version;

function inShort(entry: Entry): string {
  if (entry.kind === 'file') return `${entry.hash.slice(0, 16)}@${entry.mode?.toString(8) ?? 'none'}`;
  return entry.kind === 'symlink' ? `->${entry.target}` : 'folder';
}

/** The planner's input for three trees and some settings; everything else as a new pair has it. */
export function sceneInput(scene: Scene): PlanInput {
  const base = new Map<RelPath, Base>();
  for (const [path, { entry }] of parseTree(scene.base ?? '')) base.set(path, { entry, stamp: stampOf(path, entry), version: versionOf(path, entry) });
  const local = new Map<RelPath, Local>();
  for (const [path, { entry, holdsIgnored }] of parseTree(scene.local ?? '')) {
    local.set(path, { entry, stamp: stampOf(path, entry), fileId: null, ...(holdsIgnored === true ? { holdsIgnored } : {}) });
  }
  const remote = new Map<RelPath, Remote>();
  const device = scene.remoteDevice === undefined ? 'desktop' : scene.remoteDevice;
  for (const [path, { entry }] of parseTree(scene.remote ?? '')) remote.set(path, { entry, version: versionOf(path, entry), op: null, device, storedAtMs: 1000 });
  const policy = scene.policy ?? 'keep_both';
  return {
    base,
    local: { entries: local, problems: scene.localProblems ?? [] },
    remote: { entries: remote, problems: scene.remoteProblems ?? [], besideFolders: new Map() },
    ignore: IgnoreRules.of([...(scene.ignore ?? []), IGNORED_NAME], { junk: false }),
    direction: 'two_way',
    policyFor: typeof policy === 'string' ? () => policy : policy,
    resolutions: scene.answers ?? [],
    open: [],
    guard: DEFAULT_PAIR_SETTINGS.guard,
    releaseHeld: false,
    holdsLinks: { local: true, remote: true },
    scope: null,
    force: false,
    localFoldsNames: false,
    device: TEST_DEVICE,
    nowMs: TEST_NOW_MS,
    ...scene.input,
  };
}

/** One planned step as a line: `upload a.txt (new here)`; what makes room for another kind starts with `clear`. */
export function actionLine(action: Action, stage?: string): string {
  const to = 'to' in action ? ` -> ${action.to}` : '';
  return `${stage === 'clear' ? 'clear ' : ''}${action.kind} ${action.path}${to} (${action.reason})`;
}

export interface PlanLines {
  readonly plan: readonly string[];
  readonly conflicts: readonly string[];
  readonly settled: readonly string[];
  readonly problems: readonly string[];
  readonly held: readonly string[];
}

export function planLines(plan: Plan): PlanLines {
  return {
    plan: plan.actions.map(({ action, stage }) => actionLine(action, stage)),
    conflicts: plan.conflicts.map((c) => c.path),
    settled: [...plan.settledConflicts],
    problems: plan.problems.map((p) => `${p.side} ${p.path}${p.subtree ? '/**' : ''}: ${p.reason}`),
    held: plan.held.flatMap((h) => h.actions.map((action) => `${h.side} ${h.why}: ${action.kind} ${action.path}`)),
  };
}

/** Lines to compare with `expected`: where that gives no reason in brackets, none is compared. */
export function likeExpected(lines: readonly string[], expected: readonly string[]): readonly string[] {
  return lines.map((line, i) => (expected[i]?.includes(' (') ? line : line.replace(/ \(.*$/, '')));
}

export const problem = (side: 'local' | 'remote', path: string, reason: PathProblem['reason'] = 'unreadable', subtree = false): PathProblem => ({ path, side, reason, subtree });
