import { expect, it } from 'vitest';
import type { LeafEntry } from '../core/entry.ts';
import { plan } from '../core/plan.ts';
import type { PlanInput } from '../core/plan-input.ts';
import { relPath } from '../core/rel-path.ts';
import { contentKey, leavesOf, ModelDevice, ModelStore } from './model-world.ts';
import { fileEntry, IGNORED_NAME, likeExpected, type PlanLines, planLines, type Scene, sceneInput } from './tree-dsl.ts';

/** A described case: what the trees and settings are, and exactly what must be planned. Lists left out must be empty. */
export interface PlanCase extends Scene, Partial<PlanLines> {
  readonly name: string;
  readonly plan: readonly string[];
}

/** Each case is checked line by line, then carried out in memory: the plan must be sound, lose nothing and leave nothing to do. */
export function tableOf(cases: readonly PlanCase[]): void {
  for (const c of cases) {
    it(c.name, () => {
      const input = sceneInput(c);
      const lines = planLines(plan(input));
      expect(likeExpected(lines.plan, c.plan)).toEqual(c.plan);
      for (const list of ['conflicts', 'problems', 'held', 'settled'] as const) expect(lines[list], list).toEqual(c[list] ?? []);
      settle(input);
    });
  }
}

/** A device and its store as the input shows them. */
export function worldOf(input: PlanInput): ModelDevice {
  const device = new ModelDevice(input.device, new ModelStore());
  for (const [path, base] of input.base) device.base.set(path, base);
  for (const [path, { entry, stamp, holdsIgnored }] of input.local.entries) {
    device.tree.set(path, { entry, stamp });
    if (holdsIgnored === true) device.write(relPath(`${path}/${IGNORED_NAME}`), fileEntry('ignored'));
  }
  for (const [path, { entry, version, op, device: author }] of input.remote.entries) device.store.tree.set(path, { entry, version, op, device: author });
  return device;
}

/** Carries out the plan and those after it until nothing is left to do; no content may get lost on the way. */
export function settle(input: PlanInput, rounds = 4): ModelDevice {
  const device = worldOf(input);
  const before = [...contents(leavesOf(device.tree).values()), ...contents(leavesOf(device.store.tree).values())];
  const problems = [...input.local.problems, ...input.remote.problems];
  let next: PlanInput = { ...input, ...device.look(input.ignore, problems) };
  for (let round = 1; ; round++) {
    const made = plan(next);
    if (made.actions.length === 0) break;
    if (round > rounds) expect(planLines(made).plan, 'still something to do').toEqual([]);
    device.apply(made);
    next = { ...input, force: false, resolutions: [], open: made.conflicts, nowMs: input.nowMs + round * 1000, ...device.look(input.ignore, problems) };
  }
  const after = new Set([
    ...contents(leavesOf(device.tree).values()),
    ...contents(leavesOf(device.store.tree).values()),
    ...contents(device.trash),
    ...contents(device.store.versions),
  ]);
  for (const content of before) expect(after.has(content), `lost ${content}`).toBe(true);
  return device;
}

function contents(leaves: Iterable<LeafEntry>): readonly string[] {
  return [...leaves].map(contentKey);
}
