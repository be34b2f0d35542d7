import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intentsOf } from '../engine/effects.ts';
import { contentKey, executionOrder, leavesOf, ModelDevice, ModelStore } from '../testing/model-world.ts';
import { agreedDevice, becomeLocal, becomeRemote, type Edit, edited, editsArb, isLeaf, isWhole, shuffler, type Tree, treeLines, treeOf } from '../testing/random-trees.ts';
import { planLines, sceneInput } from '../testing/tree-dsl.ts';
import { absorbIntents } from './absorb.ts';
import type { Plan } from './action.ts';
import { foldName } from './collisions.ts';
import { CONFLICT_POLICIES, type ConflictPolicy } from './conflict.ts';
import type { PathProblem } from './entry.ts';
import { IgnoreRules } from './ignore.ts';
import type { Intent } from './intent.ts';
import { plan } from './plan.ts';
import type { PlanInput } from './plan-input.ts';
import { isWithin, type RelPath, relPath } from './rel-path.ts';

const SEED = Number(process.env['FC_SEED'] ?? 20261123);
const RUNS = Number(process.env['FC_RUNS'] ?? 1000);
const check = (property: fc.IRawProperty<unknown>, runs = RUNS): void => {
  fc.assert(property as fc.IProperty<unknown>, { seed: SEED, numRuns: runs });
};

const nothing = IgnoreRules.of([], { junk: false });
const order = fc.nat(1_000_000);
const baseEdits = editsArb(14);
const someEdits = editsArb(6);
const policyArb = fc.constantFrom(...CONFLICT_POLICIES);

interface Options {
  readonly policy?: ConflictPolicy;
  readonly ignore?: IgnoreRules;
  readonly problems?: readonly PathProblem[];
  readonly input?: Partial<PlanInput>;
}

/** One device before a store, both changed since they agreed. */
function scene(base: readonly Edit[], here: readonly Edit[], there: readonly Edit[]): ModelDevice {
  const store = new ModelStore();
  const tree = edited(new Map(), base);
  becomeRemote(store, tree, null);
  const device = agreedDevice('laptop', store);
  becomeLocal(device, edited(tree, here));
  becomeRemote(store, edited(tree, there));
  return device;
}

function inputOf(device: ModelDevice, round: number, options: Options): PlanInput {
  return {
    ...sceneInput({ policy: options.policy ?? 'keep_both' }),
    releaseHeld: true,
    device: device.name,
    nowMs: Date.UTC(2026, 0, 1) + round * 1000,
    ignore: options.ignore ?? nothing,
    ...device.look(options.ignore ?? nothing, options.problems),
    ...options.input,
  };
}

/** Plans and does until a plan has nothing to do; returns the last one. */
function settle(device: ModelDevice, seed: number, options: Options = {}, rounds = 3): Plan {
  for (let round = 1; ; round++) {
    const made = plan(inputOf(device, round, options));
    expectNoPathTwice(made);
    if (made.actions.length === 0) return made;
    if (round > rounds) expect(planLines(made).plan, `still busy after ${rounds} rounds`).toEqual([]);
    device.apply(made, shuffler(seed + round));
    expect(isWhole(treeOf(device.tree)) && isWhole(treeOf(device.store.tree)), 'an entry without its folder').toBe(true);
  }
}

function expectNoPathTwice(made: Plan): void {
  const seen = new Set<string>();
  for (const { stage, action } of made.actions) {
    for (const path of 'to' in action ? [action.path, action.to] : [action.path]) {
      const key = `${stage} ${path}`;
      expect(seen.has(key), `twice in one stage: ${key}`).toBe(false);
      seen.add(key);
    }
  }
}

const contentsIn = (tree: Tree): Set<string> => new Set([...tree.values()].filter(isLeaf).map(contentKey));
const live = (device: ModelDevice): Set<string> => new Set([...contentsIn(treeOf(device.tree)), ...contentsIn(treeOf(device.store.tree))]);
const reachable = (...devices: readonly ModelDevice[]): Set<string> =>
  new Set(devices.flatMap((d) => [...live(d), ...d.trash.map(contentKey), ...d.store.versions.map(contentKey)]));

interface Before {
  readonly base: ReadonlyMap<RelPath, string>;
  readonly sides: readonly ReadonlyMap<RelPath, string>[];
}
const keysOf = (nodes: Parameters<typeof leavesOf>[0]): ReadonlyMap<RelPath, string> => new Map([...leavesOf(nodes)].map(([p, e]) => [p, contentKey(e)]));
const atFirst = (device: ModelDevice): Before => ({ base: keysOf(device.base), sides: [keysOf(device.tree), keysOf(device.store.tree)] });

/** L1 and L2: everything stays reachable; what is in no tree any more was replaced or removed by a user who had it. */
function expectNoLoss({ base, sides }: Before, device: ModelDevice, policy: ConflictPolicy): void {
  const kept = reachable(device);
  const after = live(device);
  const [here, there] = sides;
  for (const side of sides) {
    for (const [path, content] of side) {
      expect(kept.has(content), `lost: ${content} of ${path}`).toBe(true);
      if (after.has(content) || policy === 'keep_local' || policy === 'keep_remote') continue;
      const other = side === here ? there : here;
      expect(base.get(path) === content && other?.get(path) !== content, `unjustified: ${content} of ${path} is in no tree`).toBe(true);
    }
  }
}

function expectEqualTrees(device: ModelDevice, made: Plan, options: Options = {}): void {
  const waiting = [...made.conflicts.map((c) => c.path), ...(options.problems ?? []).map((p) => p.path as RelPath)];
  const except = (path: RelPath): boolean => waiting.some((w) => isWithin(path, w)) || (options.ignore ?? nothing).ignores(path, false);
  expect(treeLines(treeOf(device.tree), except)).toEqual(treeLines(treeOf(device.store.tree), except));
}

describe(`planner properties (seed ${SEED})`, () => {
  it('L1 L2 L3 L5 both sides changed: nothing lost, equal in the end, then quiet', () => {
    check(
      fc.property(baseEdits, someEdits, someEdits, policyArb, order, (base, here, there, policy, seed) => {
        const device = scene(base, here, there);
        const was = atFirst(device);
        const last = settle(device, seed, { policy });
        expectNoLoss(was, device, policy);
        expectEqualTrees(device, last);
      }),
      RUNS * 2,
    );
  });

  it('I11 a first pairing removes and replaces nothing', () => {
    check(
      fc.property(baseEdits, someEdits, someEdits, order, (base, here, there, seed) => {
        const device = scene(base, here, there);
        device.base.clear();
        const was = live(device);
        const last = settle(device, seed);
        expect(device.trash).toEqual([]);
        expect(device.store.versions).toEqual([]);
        expect([...was].filter((c) => !live(device).has(c))).toEqual([]);
        expectEqualTrees(device, last);
      }),
    );
  });

  it('the order in which the trees were listed does not matter', () => {
    check(
      fc.property(baseEdits, someEdits, someEdits, policyArb, order, (base, here, there, policy, seed) => {
        const input = inputOf(scene(base, here, there), 1, { policy });
        const mix = shuffler(seed);
        const mixed = <K, V>(map: ReadonlyMap<K, V>): ReadonlyMap<K, V> => new Map(mix([...map]));
        const other: PlanInput = {
          ...input,
          base: mixed(input.base),
          local: { ...input.local, entries: mixed(input.local.entries) },
          remote: { ...input.remote, entries: mixed(input.remote.entries) },
        };
        expect(plan(other)).toEqual(plan(input));
      }),
    );
  });

  it('I8 the guard: never more than allowed is removed, and the rest is sound', () => {
    check(
      fc.property(baseEdits, editsArb(10), editsArb(10), fc.nat(4), fc.constantFrom(0, 0.25, 0.5), order, (base, here, there, files, fraction, seed) => {
        const device = scene(base, here, there);
        const was = atFirst(device);
        const input = { guard: { files, fraction, rewrites: 1_000 }, releaseHeld: false };
        const made = plan(inputOf(device, 1, { input }));
        for (const kind of ['remove-local', 'remove-remote'] as const) {
          const count = made.actions.filter((p) => p.action.kind === kind).length;
          expect(count <= files || count <= fraction * was.base.size).toBe(true);
          expect(count < 2 || count < was.base.size).toBe(true);
        }
        device.apply(made, shuffler(seed));
        expectNoLoss(was, device, 'keep_both');
      }),
    );
  });

  it('L8 what cannot be seen is not touched, on either side', () => {
    const problems = fc.array(fc.tuple(fc.constantFrom('local' as const, 'remote' as const), fc.nat(997)), { minLength: 1, maxLength: 3 });
    check(
      fc.property(baseEdits, someEdits, someEdits, problems, order, (base, here, there, hidden, seed) => {
        const device = scene(base, here, there);
        const was = atFirst(device);
        const found: PathProblem[] = hidden.flatMap(([side, at]) => {
          const nodes = side === 'local' ? device.tree : device.store.tree;
          const path = [...nodes.keys()].sort()[at % Math.max(nodes.size, 1)];
          return path === undefined ? [] : [{ path, side, reason: 'unreadable' as const, subtree: nodes.get(path)?.entry.kind === 'folder' }];
        });
        const isHidden = (path: RelPath): boolean => found.some((p) => isWithin(path, p.path as RelPath));
        const visible = (nodes: Parameters<typeof treeOf>[0]): readonly string[] => treeLines(treeOf(nodes), (path) => !isHidden(path));
        const sight = [visible(device.tree), visible(device.store.tree)];
        const last = settle(device, seed, { problems: found });
        expect([visible(device.tree), visible(device.store.tree)]).toEqual(sight);
        expectNoLoss(was, device, 'keep_both');
        expectEqualTrees(device, last, { problems: found });
      }),
    );
  });

  it('C67 what is ignored is left alone on both sides', () => {
    const ignore = IgnoreRules.of(['c'], { junk: false });
    check(
      fc.property(baseEdits, someEdits, someEdits, order, (base, here, there, seed) => {
        const device = scene(base, here, there);
        const ignored = (nodes: Parameters<typeof treeOf>[0]): readonly string[] => treeLines(treeOf(nodes), (path) => !ignore.ignores(path, false));
        const sight = [ignored(device.tree), ignored(device.store.tree)];
        const was = atFirst(device);
        settle(device, seed, { ignore });
        expect([ignored(device.tree), ignored(device.store.tree)]).toEqual(sight);
        expectNoLoss(was, device, 'keep_both');
      }),
    );
  });

  it('one way: the other side is never changed', () => {
    check(
      fc.property(
        baseEdits,
        someEdits,
        someEdits,
        fc.constantFrom('upload_only' as const, 'download_only' as const),
        fc.boolean(),
        order,
        (base, here, there, direction, force, seed) => {
          const device = scene(base, here, there);
          const was = atFirst(device);
          const readOnly = (): readonly string[] => treeLines(treeOf(direction === 'upload_only' ? device.tree : device.store.tree));
          const sight = readOnly();
          if (force) device.apply(plan(inputOf(device, 0, { input: { direction, force } })), shuffler(seed));
          settle(device, seed, { input: { direction } });
          expect(readOnly()).toEqual(sight);
          const kept = reachable(device);
          for (const side of was.sides) for (const content of side.values()) expect(kept.has(content)).toBe(true);
        },
      ),
    );
  });

  it('--path touches nothing else, and a full sync afterwards ends well', () => {
    check(
      fc.property(
        baseEdits,
        someEdits,
        someEdits,
        fc.constantFrom('a', 'b', 'a/b', 'b/c', 'a/b/c').map((p) => relPath(p)),
        order,
        (base, here, there, scope, seed) => {
          const device = scene(base, here, there);
          const was = atFirst(device);
          const outside = (nodes: Parameters<typeof treeOf>[0]): readonly string[] =>
            treeLines(treeOf(nodes), (path) => isWithin(path, scope) || isWithin(scope, path) || path.includes('.conflict-'));
          const sight = [outside(device.tree), outside(device.store.tree)];
          device.apply(plan(inputOf(device, 1, { input: { scope } })), shuffler(seed));
          expect([outside(device.tree), outside(device.store.tree)]).toEqual(sight);
          const last = settle(device, seed);
          expectNoLoss(was, device, 'keep_both');
          expectEqualTrees(device, last);
        },
      ),
    );
  });

  it('C19 on a disk that folds names no two files get the same place, and no content is lost', () => {
    const places = ['a', 'A', 'b', 'a/x', 'A/x', 'A/X', 'b/X', 'B/x'].map((p) => relPath(p));
    check(
      fc.property(editsArb(8), someEdits, order, (there, here, seed) => {
        const store = new ModelStore();
        const device = new ModelDevice('laptop', store);
        becomeRemote(store, edited(new Map(), there, places), null);
        settle(device, seed, { input: { localFoldsNames: true } });
        becomeRemote(store, edited(treeOf(store.tree), here, places), 'other');
        const was = atFirst(device);
        settle(device, seed, { input: { localFoldsNames: true } }, 4);
        expectNoLoss(was, device, 'keep_both');
        const names = [...device.tree.keys()].map(foldName);
        expect(new Set(names).size).toBe(names.length);
      }),
    );
  });

  it('L3 two devices in turns become equal without ping-pong', () => {
    check(
      fc.property(baseEdits, someEdits, someEdits, order, (base, first, second, seed) => {
        const store = new ModelStore();
        const tree = edited(new Map(), base);
        becomeRemote(store, tree, null);
        const [a, b] = [agreedDevice('alpha', store), agreedDevice('beta', store)];
        becomeLocal(a, edited(tree, first));
        becomeLocal(b, edited(tree, second));
        const was = [atFirst(a), atFirst(b)].flatMap((w) => w.sides.flatMap((s) => [...s.values()]));
        const changed = new Set([...first, ...second].map((_, i) => i)).size + tree.size;
        let idle = 0;
        for (let turn = 1; idle < 2; turn++) {
          expect(turn, 'devices keep changing each other').toBeLessThan(10);
          const device = turn % 2 === 1 ? a : b;
          const made = plan(inputOf(device, turn, {}));
          idle = made.actions.length === 0 ? idle + 1 : 0;
          device.apply(made, shuffler(seed + turn));
        }
        expect(treeLines(treeOf(a.tree))).toEqual(treeLines(treeOf(store.tree)));
        expect(treeLines(treeOf(b.tree))).toEqual(treeLines(treeOf(store.tree)));
        const kept = reachable(a, b);
        expect(was.filter((c) => !kept.has(c))).toEqual([]);
        const copies = [...store.tree.keys()].filter((p) => p.includes('.conflict-'));
        expect(copies.filter((p) => p.split('.conflict-').length > 2 && !p.includes('/'))).toEqual([]);
        expect(copies.length).toBeLessThanOrEqual(changed * 2);
      }),
      RUNS * 2,
    );
  });

  it('L4 C48 a crash anywhere, with any of the last records lost: one writer never sees a conflict, nothing is lost', () => {
    check(
      fc.property(baseEdits, someEdits, fc.boolean(), fc.nat(30), fc.nat(6), order, (base, edits, isHere, stop, unrecorded, seed) => {
        const device = isHere ? scene(base, edits, []) : scene(base, [], edits);
        const was = atFirst(device);
        const wanted = treeLines(treeOf(isHere ? device.tree : device.store.tree));
        crash(device, stop, unrecorded, seed);
        settle(device, seed);
        expect(treeLines(treeOf(device.tree))).toEqual(wanted);
        expect(treeLines(treeOf(device.store.tree))).toEqual(wanted);
        expectNoLoss(was, device, 'keep_both');
      }),
      RUNS * 2,
    );
  });

  it('L4 C48 C51 one writer that goes on working after a crash never sees a conflict', () => {
    check(
      fc.property(baseEdits, someEdits, someEdits, fc.nat(30), fc.nat(20), order, (base, edits, later, stop, unrecorded, seed) => {
        const device = scene(base, edits, []);
        crash(device, stop, unrecorded, seed, () => becomeLocal(device, edited(treeOf(device.tree), later)));
        const wanted = treeLines(treeOf(device.tree));
        settle(device, seed);
        expect(treeLines(treeOf(device.tree))).toEqual(wanted);
        expect(treeLines(treeOf(device.store.tree))).toEqual(wanted);
      }),
      RUNS * 2,
    );
  });

  it('C48 a crash anywhere with both sides changed, and further edits before the restart: nothing is lost', () => {
    check(
      fc.property(baseEdits, someEdits, someEdits, editsArb(3), fc.nat(30), fc.nat(6), order, (base, here, there, later, stop, unrecorded, seed) => {
        const device = scene(base, here, there);
        const was = atFirst(device).sides.flatMap((s) => [...s.values()]);
        crash(device, stop, unrecorded, seed, () => becomeLocal(device, edited(treeOf(device.tree), later)));
        const fresh = [...keysOf(device.tree)].filter(([path, content]) => keysOf(device.base).get(path) !== content).map(([, content]) => content);
        const last = settle(device, seed, {}, 4);
        const kept = reachable(device);
        // What the person edited away after the crash is theirs to lose; what they have now is not.
        expect((later.length === 0 ? was : fresh).filter((c) => !kept.has(c))).toEqual([]);
        expectEqualTrees(device, last);
      }),
    );
  });
});

/** Stops after `stop` deeds, of which the last `unrecorded` left only their intents; then looks again and takes its own deeds into account. */
function crash(device: ModelDevice, stop: number, unrecorded: number, seed: number, meanwhile: () => void = () => {}): void {
  const made = plan(inputOf(device, 1, {}));
  const steps = executionOrder(made.actions, shuffler(seed));
  const intents: Intent[] = [];
  const done = Math.min(stop, steps.length);
  steps.forEach((action, i) => {
    // Some that never began had their intent written already.
    if (i >= done + 3) return;
    const isRecorded = i < done - unrecorded;
    if (!isRecorded) intents.push(...intentsOf(action, `op${i}`));
    if (i < done) device.perform(action, `op${i}`, isRecorded);
  });
  meanwhile();
  const seen = device.look(nothing);
  const after = [...absorbIntents(device.base, intents, seen.local, seen.remote)];
  device.base.clear();
  for (const [path, base] of after) device.base.set(path, base);
}
