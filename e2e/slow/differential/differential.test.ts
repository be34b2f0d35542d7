import { lstatSync, mkdirSync, rmdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { expectSameTree, isRoot, randomFrom, treeOf, World } from '../../cli/world.ts';
import { applyEdit, Editor, Model, type Node } from './edits.ts';
import { calmStep, conflictStep, type SidedEdit } from './scripts.ts';
import { INSTALL, missingPeers, ours, rcloneBisync, type Tool, unison } from './tools.ts';

const SEED = Number(process.env['SEED'] ?? 20261123);
const BATCHES = Number(process.env['BATCHES'] ?? 3);
const SCRIPTS = 16;
const CALM_STEPS = 4;

const missing = missingPeers.length > 0;
if (missing && isRoot && process.env['CI'] === 'true') throw new Error(`${missingPeers.join(' and ')} must be there in CI: ${INSTALL}`);
if (missing) console.info(`skipped: the comparison with Unison and rclone. Install them with: ${INSTALL}`);

/** What the peers did otherwise; said at the end, and no failure of ours. */
const notes: string[] = [];
afterAll(() => {
  if (!missing) console.info(`seeds ${SEED} to ${SEED + BATCHES - 1}, ${BATCHES * SCRIPTS} scripts\n${notes.join('\n') || 'the peers came to the same everywhere'}`);
});

/**
 * Each batch holds many scripts, each in a folder of its own in one synced tree. Steps without conflicts must leave the tree that the edits describe, with every tool; after conflicts both contents must be there.
 */
describe.skipIf(missing)(
  missing ? `the same edits by File Sync, Unison and rclone bisync (needs both: ${INSTALL})` : 'the same edits by File Sync, Unison and rclone bisync',
  () => {
    it.each(
      Array.from({ length: BATCHES }, (_, n) => SEED + n),
    )('I6 C31 C32 C33 C34 C35 C39 seed %i (SEED=, BATCHES=1 repeat it): equal without conflicts, both kept with them', async (seed) => {
      const world = new World();
      try {
        await batch(world, seed);
      } finally {
        await world.end();
      }
    });
  },
);

async function batch(world: World, seed: number): Promise<void> {
  const random = randomFrom(seed);
  const homes = Array.from({ length: SCRIPTS }, (_, n) => `script-${n}`);
  const scripts = homes.map((home) => new Editor(random, home));
  const model = new Model(
    new Map<string, Node>([['anchor', { kind: 'file', content: 'never touched', mode: 0o644 }], ...homes.map((home): [string, Node] => [home, { kind: 'folder' }])]),
  );
  const us = ours(world, 'ours');
  let tools: readonly Tool[] = [us, unison(world, 'unison'), rcloneBisync(world, 'rclone')];
  for (const { roots } of tools) for (const root of roots) start(root, homes);

  for (let step = 0; step <= CALM_STEPS; step++) {
    // The first sync only pairs what is equal.
    const folders = model.paths('folder');
    const edits = step === 0 ? [] : calmStep(model, scripts, random);
    tools = await carryOut(tools, us, { edits, folders, seed });
    for (const tool of tools) {
      const what = `seed ${seed}, step ${step}, ${tool.name}`;
      for (const root of tool.roots) expect(seenBy(tool, root), `${what}\n${told(edits)}`).toEqual(expected(tool, model));
      if (tool.store !== undefined) expectSameTree(tool.roots[0], tool.store);
      if (!tool.blindTo.folders) expectSameTree(...tool.roots);
      if (!tool.blindTo.folders) expectSameContents(us.roots[0], tool.roots[0], what);
    }
  }
  // rclone bisync gives up at the first file that is a folder on the other side; every other seed spares it that.
  const { edits, owed } = conflictStep(model, scripts, random, seed % 2 === 0);
  await carryOut(tools, us, { edits, folders: model.paths('folder'), seed });
  // What a peer that gave up left where it was counts as kept.
  for (const tool of tools) {
    await tool.settle?.();
    const there = new Set(tool.roots.flatMap((root) => [...treeOf(root).values()].map(String)));
    const lost = [...owed].filter((content) => !there.has(content)).map((content) => content.replace(/\.+$/, ''));
    if (tool === us) {
      expect(lost, `seed ${seed}: lost in conflicts\n${told(edits)}`).toEqual([]);
      expectSameTree(...us.roots);
    } else if (lost.length > 0) notes.push(`seed ${seed}: ${tool.name} has lost ${lost.length} of ${owed.size} contents in conflicts: ${lost.join(' ')}`);
  }
}

function start(root: string, homes: readonly string[]): void {
  for (const home of homes) mkdirSync(join(root, home));
  const anchor = join(root, 'anchor');
  writeFileSync(anchor, 'never touched');
  // One time everywhere: equal files are paired with the times they have.
  utimesSync(anchor, 1_700_000_000, 1_700_000_000);
}

interface Step {
  readonly edits: readonly SidedEdit[];
  /** Those there are before the edits. */
  readonly folders: readonly string[];
  readonly seed: number;
}

/** A tool that knows nothing of folders gets the same ones on both sides, so that the next edits find their places. */
function levelFolders(root: string, folders: readonly string[]): void {
  const wanted = new Set(folders);
  const there = [...treeOf(root)].flatMap(([path, content]) => (content === null ? [path] : [])).reverse();
  for (const path of there) if (!wanted.has(path)) rmdirSync(join(root, path));
  for (const path of [...folders].sort()) mkdirSync(join(root, path), { recursive: true });
}

/** The same edits in every tool's own pair of folders; a peer that gives up is told and left out from then on. */
async function carryOut(tools: readonly Tool[], us: Tool, { edits, folders, seed }: Step): Promise<readonly Tool[]> {
  const left: Tool[] = [];
  for (const tool of tools) {
    if (tool.blindTo.folders) for (const root of tool.roots) levelFolders(root, folders);
    for (const edit of edits) applyEdit(edit, tool.roots[edit.side]);
    const complaint = await tool.sync();
    if (complaint === null) left.push(tool);
    else if (tool === us) throw new Error(complaint);
    else notes.push(`seed ${seed}: ${tool.name} gave up: ${complaint}`);
  }
  return left;
}

type Seen = Readonly<Record<string, Omit<Node, 'mode'> | Node>>;

function seenBy(tool: Tool, root: string): Seen {
  const nodes = [...treeOf(root)].map(([path, content]): [string, Node] => {
    if (content === null) return [path, { kind: 'folder' }];
    return [path, { kind: 'file', content: String(content), mode: lstatSync(join(root, path)).mode & 0o777 }];
  });
  return asFarAs(tool, nodes);
}

function expected(tool: Tool, model: Model): Seen {
  return asFarAs(tool, [...model.nodes]);
}

function asFarAs({ blindTo }: Tool, nodes: readonly (readonly [string, Node])[]): Seen {
  const seen = nodes.filter(([, node]) => !(blindTo.folders && node.kind === 'folder'));
  return Object.fromEntries(seen.map(([path, node]) => [path, blindTo.modes && node.kind === 'file' ? { kind: 'file', content: node.content } : node]));
}

/** Times differ: each pair of folders was edited by itself. */
function expectSameContents(ours: string, theirs: string, what: string): void {
  const [a, b] = [treeOf(ours), treeOf(theirs)];
  expect([...b.keys()].sort(), what).toEqual([...a.keys()].sort());
  for (const [path, content] of a) expect(String(b.get(path)), `${what}: ${path}`).toBe(String(content));
}

function told(edits: readonly SidedEdit[]): string {
  return edits
    .map(({ side, ...edit }) => `side ${side}: ${JSON.stringify(edit, (key, value: unknown) => (key === 'content' ? String(value).replace(/\.+$/, '') : value))}`)
    .join('\n');
}
