import type { SeededRandom } from '../random.ts';

/** What users do to their files. */
export const USER_ACTS = [
  'write',
  'overwrite',
  'remove',
  'rename',
  'mode',
  'touch',
  'edit-unseen',
  'make-folder',
  'rename-folder',
  'remove-folder',
  'respell',
  'file-to-folder',
  'folder-to-file',
  'symlink',
  'write-again',
  'swap',
] as const;
/** What becomes of devices and of the store. */
export const WORLD_ACTS = [
  'sync',
  'watch',
  'die',
  'power-cut',
  'weeks-pass',
  'ignore',
  'policy',
  'resolve',
  'save-state',
  'old-state',
  'clone',
  'unmount',
  'unplug',
  'foreign',
  'switch',
] as const;
export type UserAct = (typeof USER_ACTS)[number];
export type Act = UserAct | (typeof WORLD_ACTS)[number];

/** One thing that happens in a history. All of it is data, so that a failing history can be shrunk; `a` and `b` choose among what is there at that moment. */
export interface SimEvent {
  /** Steps of the devices since the event before. */
  readonly after: number;
  readonly who: number;
  readonly act: Act;
  readonly a: number;
  readonly b: number;
  /** Written by hand: the very path meant, and the very target of a rename or the other of a swap. */
  readonly path?: string;
  readonly to?: string;
}

/** How often each act comes up, against the others; one that is missing never does. */
export type Weights = Readonly<Partial<Record<Act, number>>>;

export const EDITS: Weights = {
  write: 30,
  overwrite: 16,
  remove: 9,
  rename: 12,
  mode: 3,
  touch: 2,
  'edit-unseen': 3,
  'make-folder': 2,
  'rename-folder': 5,
  'remove-folder': 3,
  'file-to-folder': 2,
  'folder-to-file': 1,
  symlink: 3,
  'write-again': 3,
  swap: 2,
};

const LONGEST_WAIT = 120;

export function randomEvents(random: SeededRandom, count: number, weights: Weights): SimEvent[] {
  const acts = Object.entries(weights) as [Act, number][];
  const total = acts.reduce((sum, [, weight]) => sum + weight, 0);
  const act = (): Act => {
    let roll = random.fraction() * total;
    for (const [name, weight] of acts) {
      roll -= weight;
      if (roll < 0) return name;
    }
    return 'write';
  };
  // Mostly soon after the last, now and then when everything has been done.
  const after = (): number => Math.floor(random.fraction() ** 2 * LONGEST_WAIT);
  return Array.from({ length: count }, () => ({ after: after(), who: random.below(64), act: act(), a: random.below(1024), b: random.below(1024) }));
}
